"""Whether a TLSA record (RFC 6698) matches a certificate."""

from __future__ import annotations

import hashlib
from base64 import b64decode

from seppcheck.model.certificates import public_key_of
from seppcheck.model.smtp import Certificate

_HASHES = {"1": hashlib.sha256, "2": hashlib.sha512}
_CHAIN_USAGES = ("0", "2")


def matches_tlsa(record: str, chain: tuple[Certificate, ...]) -> bool:
    """Tell whether a TLSA record matches a chain; what cannot be read matches nothing (RFC 7672 section 2.1).

    Args:
        record: its RDATA, such as `3 1 1 <hex>`.
        chain: as it was sent, the server's own certificate first.
    """
    usage, selector, matching, *data = record.split()
    wanted = "".join(data).lower()
    candidates = chain if usage in _CHAIN_USAGES else chain[:1]
    return any(_association(each, selector, matching) == wanted for each in candidates)


def _association(certificate: Certificate, selector: str, matching: str) -> str:
    whole = b64decode(certificate.der)
    selected = {"0": whole, "1": public_key_of(whole)}.get(selector)
    if selected is None:
        return ""
    if matching == "0":
        return selected.hex()
    return _HASHES[matching](selected).hexdigest() if matching in _HASHES else ""

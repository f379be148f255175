"""DKIM keys in DNS as evidence."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from seppcheck.model.dns import DnsAnswer
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Domain

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*([^;]*)\s*(?:;|$)")
_ARMOUR = re.compile(r"-----[A-Z ]+-----")


@evidence("dkim-record", target=Domain)
@dataclass(frozen=True, slots=True)
class DkimRecord(Evidence):
    """The TXT record at `<selector>._domainkey.<domain>` as the resolvers see it (RFC 6376 section 3.6.2)."""

    domain: str
    selector: str
    answer: DnsAnswer
    resolvers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name that was looked up."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(self.resolvers)

    @property
    def keys(self) -> tuple[str, ...]:
        """The public keys (`p=`) of the key records there; "" is a revoked key."""
        tags = [dict(_TAG.findall(value)) for value in self.answer.values]
        return tuple(each["p"] for each in tags if "p" in each and each.get("v", "DKIM1").strip() == "DKIM1")


def key_bytes(public_key: str) -> bytes | None:
    """Return the bytes of a public key given in base64, with or without PEM armour and line breaks.

    None when it is no base64.
    """
    plain = "".join(_ARMOUR.sub("", public_key).split())
    try:
        return base64.b64decode(plain, validate=True) or None
    except (binascii.Error, ValueError):
        return None

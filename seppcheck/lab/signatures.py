"""Signed messages (TSIG, RFC 8945): whether a request's signature holds, and what is answered where it does not."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any

import dns.message
import dns.name
import dns.rcode
import dns.rrset
import dns.tsig

KEY_NAME = "seppcheck-lab."
ALGORITHM = "hmac-sha256"
_OCTETS = 32
"""As many as the hash has (RFC 2104 section 3)."""
_CLOCK_OCTETS = 6
_FAULTS = {
    dns.message.UnknownTSIGKey: dns.rcode.BADKEY,
    dns.tsig.BadKey: dns.rcode.BADKEY,
    dns.tsig.BadAlgorithm: dns.rcode.BADKEY,
    dns.tsig.BadSignature: dns.rcode.BADSIG,
    dns.tsig.BadTime: dns.rcode.BADTIME,
}


def invented_key() -> dns.tsig.Key:
    """Make a key that nobody else has."""
    return dns.tsig.Key(KEY_NAME, secrets.token_bytes(_OCTETS), ALGORITHM)


def secret_text(key: dns.tsig.Key) -> str:
    """Return a key's secret in base64, as BIND's tools and seppcheck.toml take it."""
    return base64.b64encode(key.secret).decode("ascii")


def read(wire: bytes, key: dns.tsig.Key | None) -> tuple[dns.message.Message, dns.rcode.Rcode | None]:
    """Parse a request; when it is signed, and not as `key` signs, say which error RFC 8945 section 5.2 has for it.

    The signature's time is held against this machine's clock, by which clients go, whatever year the lab is in.

    Raises:
        DNSException, ValueError: for what is no message.
    """
    try:
        return dns.message.from_wire(wire, keyring={key.name: key} if key else {}), None
    except tuple(_FAULTS) as error:
        return dns.message.from_wire(wire, keyring=False), _FAULTS[type(error)]


def refusal(query: dns.message.Message, fault: dns.rcode.Rcode, key: dns.tsig.Key | None) -> dns.message.Message:
    """Answer a request whose signature does not hold.

    Of such answers BADTIME alone is signed, with the client's time, and with the server's as other data
    (RFC 8945 sections 5.2.3 and 5.3.2).
    """
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.NOTAUTH)
    given: Any = query.tsig[0] if query.tsig else None
    clock = int(time.time()).to_bytes(_CLOCK_OCTETS) if fault == dns.rcode.BADTIME else b""
    signature = given.replace(mac=b"", error=fault, other=clock)
    if clock and key:
        unsigned = response.to_wire()
        signature, _ = dns.tsig.sign(unsigned, key, signature, given.time_signed, given.mac)  # type: ignore[no-untyped-call] # dnspython says no types there
    response.tsig = dns.rrset.from_rdata(query.keyname or dns.name.root, 0, signature)
    return response

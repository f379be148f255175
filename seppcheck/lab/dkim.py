"""DKIM keys of managed domains: private on the gateway, public in DNS."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SELECTOR = "seppmail"
_STRING = 250


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair: the private key as PEM, the public one as base64 of its DER form (RFC 6376 section 3.6.1)."""

    private_pem: str
    public_base64: str

    @property
    def txt(self) -> str:
        """The key record's TXT RDATA, in strings of fewer than 255 bytes (RFC 6376 section 3.6.2.2)."""
        record = f"v=DKIM1; k=rsa; p={self.public_base64}"
        return " ".join(f'"{record[at : at + _STRING]}"' for at in range(0, len(record), _STRING))


@cache
def key(domain: str) -> Key:
    """Make the key of a domain, once a process: RSA keys take long."""
    del domain  # it is what the cache goes by
    made = rsa.generate_private_key(65537, 2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Key(private.decode("ascii"), base64.b64encode(public).decode("ascii"))

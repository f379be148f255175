"""The lab's certification authority: a root, an intermediate, and what the gateway presents."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from seppcheck.scenarios.shape import Presented

_AUTHORITY_DAYS = 3650


@dataclass(frozen=True, slots=True)
class _Issuer:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Authority:
    """A root and an intermediate, valid around `now`. Keys live in memory and end with the lab."""

    def __init__(self, now: datetime) -> None:
        """Make the keys and the certificates; takes milliseconds."""
        self._now = now
        self._root = self._authority("seppcheck lab root", None)
        self._intermediate = self._authority("seppcheck lab intermediate", self._root)

    @property
    def root_pem(self) -> str:
        """The root's certificate, for `[gateway] extra_roots`."""
        return _pem(self._root.certificate)

    def context(self, presented: Presented) -> ssl.SSLContext:
        """Return a server's TLS context that presents a new certificate of this authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = self._leaf(presented, key)
        chain = _pem(leaf) + (_pem(self._intermediate.certificate) if presented.with_intermediate else "")
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode("ascii")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # `ssl` takes chains from files alone: one that is gone again after this line.
        with tempfile.TemporaryDirectory(prefix="seppcheck-lab-") as folder:
            file = Path(folder) / "gateway.pem"
            file.touch(mode=0o600)
            file.write_text(secret + chain, encoding="ascii")
            context.load_cert_chain(file)
        return context

    def certificate(self, presented: Presented) -> str:
        """Return a new certificate, PEM; its key is forgotten, for nobody will ask the lab to use it."""
        return _pem(self._leaf(presented, ec.generate_private_key(ec.SECP256R1())))

    def _authority(self, name: str, issuer: _Issuer | None) -> _Issuer:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            self._builder(subject, key, issuer, -_AUTHORITY_DAYS, _AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(authority=True), critical=True)
        )
        return _Issuer(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)

    def _leaf(self, presented: Presented, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
        issuer = self._intermediate
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, presented.names[0])])
        names = x509.SubjectAlternativeName(
            [
                *(x509.DNSName(name) for name in presented.names),
                *(x509.IPAddress(ipaddress.ip_address(address)) for address in presented.addresses),
            ]
        )
        builder = (
            self._builder(subject, key, issuer, presented.since_days, presented.until_days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(names, critical=False)
        )
        return builder.sign(issuer.key, hashes.SHA256())

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, issuer: _Issuer | None, since: int, until: int
    ) -> x509.CertificateBuilder:
        signer = issuer.key if issuer else key
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now + timedelta(days=since))
            .not_valid_after(self._now + timedelta(days=until))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

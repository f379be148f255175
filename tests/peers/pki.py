"""Certificates for tests: authorities, intermediates and servers, with every fault one may ask for."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


def new_key(kind: str = "ec") -> Any:
    """Make a private key: `ec`, `ed25519`, `rsa-2048`, `rsa-1024`."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa-")))


@dataclass(frozen=True)
class Credential:
    """A certificate, its key, and the certificates that are sent after it."""

    certificate: x509.Certificate
    key: Any
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> tuple[bytes, ...]:
        """The chain as sent, in DER."""
        return tuple(c.public_bytes(Encoding.DER) for c in (self.certificate, *self.chain))

    @property
    def pem(self) -> bytes:
        """The key and the chain as sent, in one PEM file."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return bytes(key + b"".join(c.public_bytes(Encoding.PEM) for c in (self.certificate, *self.chain)))

    def sending(self, *chain: x509.Certificate) -> Credential:
        """Return the same with other certificates sent after it."""
        return Credential(self.certificate, self.key, chain)

    def context(self, folder: Path) -> ssl.SSLContext:
        """Return a TLS server's context that shows it; its PEM file goes into `folder`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.write(folder / "server.pem"))
        return context

    def write(self, path: Path) -> Path:
        """Write the PEM file, readable by its owner alone."""
        path.write_bytes(self.pem)
        path.chmod(0o600)
        return path


@dataclass(frozen=True)
class Authority:
    """A CA, root or intermediate. `path` is what its servers send: intermediates, not the root."""

    certificate: x509.Certificate
    key: Any
    path: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        """Its certificate in PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    def intermediate(self, name: str = "Test Intermediate", **how: Any) -> Authority:
        """Make a CA below this one."""
        key = how.pop("key", None) or new_key()
        certificate = make(name, key, self, ca=True, **how)
        return Authority(certificate, key, (certificate, *self.path))

    def issue(self, *names: str, **how: Any) -> Credential:
        """Make a server's certificate with these DNS names; see `make` for what can be wrong with it."""
        key = new_key(how.pop("kind", "ec"))
        common = how.pop("common_name", names[0] if names else "server")
        return Credential(make(common, key, self, names=names, **how), key, self.path)


def root(name: str = "Test Root", **how: Any) -> Authority:
    """Make a root."""
    key = new_key(how.pop("kind", "ec"))
    return Authority(make(name, key, None, ca=True, **how), key)


def self_signed(*names: str, **how: Any) -> Credential:
    """Make a certificate that its own key signed."""
    key = new_key(how.pop("kind", "ec"))
    return Credential(make(how.pop("common_name", names[0]), key, None, names=names, **how), key)


def make(  # noqa: PLR0913 - one argument a fault that a certificate can have
    common_name: str,
    key: Any,
    issuer: Authority | None,
    *,
    names: Sequence[str] = (),
    san: bool = True,
    ca: bool = False,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    usage: Sequence[x509.ObjectIdentifier] | None = (ExtendedKeyUsageOID.SERVER_AUTH,),
    extensions: Sequence[x509.ExtensionType] = (),
) -> x509.Certificate:
    """Make a certificate; `san=False` leaves the subject alternative name out, `usage=None` the EKU."""
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before or now - DAY)
        .not_valid_after(not_after or now + 90 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names and san:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    if usage and not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    signer = issuer.key if issuer else key
    pure = isinstance(signer, ed25519.Ed25519PrivateKey)
    return builder.sign(signer, None if pure else hashes.SHA256())


@dataclass(frozen=True)
class Pki:
    """A root and an intermediate to issue from, made once for all tests."""

    root: Authority = field(default_factory=root)
    intermediate: Authority = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "intermediate", self.root.intermediate())

    def issue(self, *names: str, **how: Any) -> Credential:
        """Make a right certificate: below the intermediate, which is sent along."""
        return self.intermediate.issue(*names, **how)

"""Certificates (X.509), decoded: what OpenSSL and the files of others hold, as facts."""

from __future__ import annotations

import base64
import hashlib
import warnings

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from seppcheck.model.smtp import Certificate

_FITS = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


class UndecodableError(ValueError):
    """A certificate that cannot be read; the message says why."""


def decode(der: bytes) -> Certificate:
    """Read a certificate. Its names are untrusted text and may hold anything.

    Raises:
        UndecodableError: when it cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities that others' certificates have, and that decide nothing
            return _decode(x509.load_der_x509_certificate(der), der)
    except (ValueError, OverflowError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.InvalidVersion) as error:
        raise UndecodableError(str(error)) from error


def _decode(certificate: x509.Certificate, der: bytes) -> Certificate:
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    names = _san(certificate)
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        common_names=tuple(_text(attribute.value) for attribute in common),
        dns_names=names or (),
        has_san=names is not None,
        issuer=certificate.issuer.rfc4514_string(),
        serial=f"{certificate.serial_number:X}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        sha256=hashlib.sha256(der).hexdigest(),
        server_auth=_for_servers(certificate),
        der=base64.b64encode(der).decode("ascii"),
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("ascii", "backslashreplace")


def _san(certificate: x509.Certificate) -> tuple[str, ...] | None:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    return tuple(name.lower() for name in names.get_values_for_type(x509.DNSName))


def _for_servers(certificate: x509.Certificate) -> bool:
    """Tell whether it may stand for a server: no extended key usage allows all (RFC 5280, 4.2.1.12)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return bool(_FITS.intersection(usage))

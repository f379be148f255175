"""The kinds of values that seppcheck.toml holds, each with what makes it valid.

What is in the file system is looked at only where the folder of the file is known, which is while the file is
read: settings out of a bundle may name files of another machine.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from seppcheck import names, secrets
from seppcheck.errors import InvalidValueError
from seppcheck.model.text import Message, text

_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SELECTOR = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_LARGEST_PEM = 4_000_000
_SHORTEST_DER = 128
_SEQUENCE = 0x30
_HIGHEST_PORT = 65_535


def folder_of(info: ValidationInfo) -> Path | None:
    """Return the folder of the file that is being read, if one is."""
    folder = (info.context or {}).get("folder")
    return folder if isinstance(folder, Path) else None


def https_url(value: str) -> str:
    """Accept an https:// URL without user name, query or fragment; the message never repeats a password."""
    parts = _https(value)
    if parts.query or parts.fragment:
        raise InvalidValueError(text("this URL must end after its path (no ? and no #)"))
    return value.rstrip("/")


def webhook_url(value: str) -> str:
    """Accept an https:// URL without user name or fragment; the query of some holds their signature."""
    if _https(value).fragment:
        raise InvalidValueError(text("this URL must not carry a # and what follows it"))
    return value


def _https(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise InvalidValueError(text("this is not a URL; write https://HOST[:PORT][/PATH]")) from None
    if parts.scheme == "http":
        raise InvalidValueError(text("http:// is refused: secrets would travel in the clear; write https://"))
    if parts.scheme != "https" or not parts.hostname or re.search(r"\s", value) or port == 0:
        raise InvalidValueError(text("this is not a URL; write https://HOST[:PORT][/PATH]"))
    if "@" in parts.netloc:
        raise InvalidValueError(text("a URL must not carry a user name or password"))
    return parts


def _fingerprint(value: str) -> str:
    if not _FINGERPRINT.fullmatch(value.lower()):
        raise InvalidValueError(text("a fingerprint is sha256: and 64 hexadecimal digits, of the DER certificate"))
    return value.lower()


def _tenant(value: str) -> str:
    return value.lower() if _GUID.fullmatch(value.lower()) else names.a_label(value)


def _server(value: str) -> str:
    """Accept an address or a host name."""
    try:
        return names.ip_address(value)
    except InvalidValueError:
        return names.a_label(value)


def _selector(value: str) -> str:
    lowered = value.lower().removesuffix(".")
    if lowered and not _SELECTOR.fullmatch(lowered):
        raise InvalidValueError(text("{selector} is not a DKIM selector", selector=value))
    return lowered


def _receiver(value: str) -> str:
    """Refuse patterns that would believe every host of the world."""
    pattern = names.name_glob(value)
    last = pattern.rpartition(".")[2]
    if not last or re.search(r"[*?\[\]\s]", last) or "@" in pattern:
        raise InvalidValueError(text("{pattern} is not a pattern for host names such as *.example.org", pattern=value))
    return pattern


def _day(value: Any, info: ValidationInfo) -> Any:
    """Refuse a time of day; in a bundle, which is JSON, a date is text."""
    if isinstance(value, datetime):
        raise InvalidValueError(text("expected a date alone, such as 2026-12-31, without a time of day"))
    if info.mode == "json" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InvalidValueError(text("expected a date such as 2026-12-31")) from None
    return value


def _listed(value: Any) -> Any:
    """Read one name as a list of one."""
    return [value] if isinstance(value, str) else value


def _secret_file(value: str, info: ValidationInfo) -> str:
    if not value.startswith("file:"):
        raise InvalidValueError(text("the certificate and its key must not stand here; write file:PATH"))
    return _secret(value, info)


def _secret(value: str, info: ValidationInfo) -> str:
    known, folder = secrets.reference(value), folder_of(info)
    path = secrets.file_of(known, folder) if folder else None
    if path is not None:
        _expect_file(path)
    return known


def _record(value: str, info: ValidationInfo) -> str:
    folder = folder_of(info)
    if folder and not (info.context or {}).get("record_to_come"):
        _expect_file(folder / value)
    return value


def _folder(value: str, info: ValidationInfo) -> str:
    folder = folder_of(info)
    if folder and not (folder / value).is_dir():
        raise InvalidValueError(text("there is no folder {path}", path=folder / value))
    return value


def _expect_file(path: Path) -> None:
    _attempt(path, lambda: None if path.is_file() else text("there is no file {path}", path=path))


def _certificates(value: str, info: ValidationInfo) -> str:
    folder = folder_of(info)
    if folder:
        path = folder / value
        _expect_file(path)
        _attempt(path, lambda: _pem_problem(path))
    return value


def _attempt(path: Path, look: Callable[[], Message | None]) -> None:
    """Look at a file, and refuse it for what is wrong with it, or where it cannot be looked at."""
    try:
        problem = look()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        problem = text("{path} cannot be read: {problem}", path=path, problem=reason)
    if problem:
        raise InvalidValueError(problem)


def _pem_problem(path: Path) -> Message | None:
    """Look for a certificate in PEM form (RFC 7468) whose content is DER; its source reads it in full."""
    with path.open("rb") as file:
        content = file.read(_LARGEST_PEM)
    if any(_is_der(block) for block in _PEM.findall(content)):
        return None
    return text("{path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", path=path)


def _is_der(block: bytes) -> bool:
    """Tell whether base64 text holds one DER sequence in its definite, long form (X.690 section 8.1.3.5)."""
    try:
        der = binascii.a2b_base64(b"".join(block.split()), strict_mode=True)
    except binascii.Error:
        return False
    if len(der) < _SHORTEST_DER or der[0] != _SEQUENCE:
        return False
    octets = der[1] & 0x7F
    return len(der) == 2 + octets + int.from_bytes(der[2 : 2 + octets], "big")


Words = Annotated[str, Field(min_length=1)]
"""Text that must say something."""
HostName = Annotated[str, AfterValidator(names.a_label), Field(json_schema_extra={"format": "idn-hostname"})]
HostNameOrNone = Annotated[str, AfterValidator(lambda name: name and names.a_label(name))]
DomainName = Annotated[str, AfterValidator(names.a_label), Field(json_schema_extra={"format": "idn-hostname"})]
Address = Annotated[str, AfterValidator(names.ip_address)]
Server = Annotated[str, AfterValidator(_server)]
Port = Annotated[int, Field(ge=1, le=_HIGHEST_PORT)]
HttpsUrl = Annotated[str, AfterValidator(https_url), Field(json_schema_extra={"pattern": "^https://"})]
SecretReference = Annotated[str, AfterValidator(_secret), Field(json_schema_extra={"pattern": "^(env|file):."})]
CertificateReference = Annotated[str, AfterValidator(_secret_file), Field(json_schema_extra={"pattern": "^file:."})]
Fingerprint = Annotated[
    str,
    AfterValidator(_fingerprint),
    Field(json_schema_extra={"pattern": "^[sS][hH][aA]256:[0-9a-fA-F]{64}$"}),
]
TenantName = Annotated[str, AfterValidator(_tenant)]
Selector = Annotated[str, AfterValidator(_selector)]
NameGlob = Annotated[str, AfterValidator(names.name_glob), Field(min_length=1)]
ReceiverGlob = Annotated[str, AfterValidator(_receiver)]
RecordFile = Annotated[Words, AfterValidator(_record)]
ExistingFolder = Annotated[Words, AfterValidator(_folder)]
CertificateFile = Annotated[Words, AfterValidator(_certificates)]
Day = Annotated[date, BeforeValidator(_day)]
OneOrMore = Annotated[
    tuple[Words, ...],
    Field(strict=False),
    BeforeValidator(_listed, json_schema_input_type=str | tuple[Words, ...]),
]
"""A name or a list of names."""

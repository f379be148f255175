"""Files that the record names: the text of the custom command, and public certificates."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from pathlib import Path

from seppcheck.clients.certificates import UndecodableError, decode
from seppcheck.errors import InvalidValueError
from seppcheck.model.smtp import Certificate
from seppcheck.model.text import text

_LARGEST = 1_000_000
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def command_text(path: Path) -> str:
    """Return the text of a file: UTF-16 where its byte order mark says so, else UTF-8.

    A mark of UTF-8 stays in the text: the check tells where it stands.

    Raises:
        InvalidValueError: naming the file and what is wrong with it.
    """
    content = _content(path)
    encoding = _ENCODINGS.get(content[:2], "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidValueError(
            text(
                "{path} is not {encoding} text (byte {position}); save it as UTF-8",
                path=path,
                encoding=encoding.upper(),
                position=error.start,
            )
        ) from None


def public_certificate(path: Path) -> Certificate:
    """Return the first certificate of a file in PEM or DER form.

    Raises:
        InvalidValueError: naming the file and what is wrong with it.
    """
    content = _content(path)
    armoured = _PEM.search(content)
    try:
        return decode(base64.b64decode(armoured[1]) if armoured else content)
    except (UndecodableError, binascii.Error):
        raise InvalidValueError(
            text(
                "{path} holds no certificate that can be read; export the managed domain's certificate anew, in PEM "
                "form and without its private key",
                path=path,
            )
        ) from None


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InvalidValueError(text("there is no file {path}", path=path))
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        if isinstance(error, InvalidValueError):
            raise
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise InvalidValueError(text("{path} cannot be read: {problem}", path=path, problem=reason)) from error
    if len(content) > _LARGEST:
        raise InvalidValueError(text("{path} is larger than {limit} bytes", path=path, limit=_LARGEST))
    return content

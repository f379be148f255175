"""Key paths of the record as text, and keys of the other kind: those that must never be written down."""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from contextlib import suppress

from seppcheck import names
from seppcheck.errors import InvalidValueError
from seppcheck.model.text import text
from seppcheck.toml_files.faults import show_key

_PRIVATE = re.compile(r"PRIVATE\s+KEY", re.IGNORECASE)
_START = 16
"""Characters of base64 that show what kind of key it is."""
_SEQUENCE = 0x30
_LONG = 0x80
"""Marks a length of more than one octet (X.690 section 8.1.3.5)."""
_VERSION = (b"\x02\x01\x00", b"\x02\x01\x01")
"""INTEGER 0 or 1: what a private key begins with (RFC 8017 A.1.2, RFC 5958), and a public one never does."""


def dotted(path: tuple[str, ...]) -> str:
    """Return a path as TOML writes it: `domains."example.org".smarthost`."""
    return show_key(path)


def parsed(path: str) -> tuple[str, ...] | None:
    """Read a path as TOML writes it; None when it is none."""
    try:
        node: object = tomllib.loads(f"{path} = 0")
    except (ValueError, RecursionError):
        return None
    keys: list[str] = []
    while isinstance(node, dict):
        if len(node) != 1:
            return None
        ((key, node),) = node.items()
        keys.append(key)
    return tuple(keys) if node == 0 and "\n" not in path else None


def canonical(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with the domain's name in the form that names are compared in."""
    if len(path) > 1 and path[0] == "domains":
        with suppress(InvalidValueError):
            return (path[0], names.a_label(path[1]), *path[2:])
    return path


def refuse_private_key(value: str) -> str:
    """Accept a public key.

    Raises:
        InvalidValueError: for a private one; the message does not repeat it.
    """
    if is_private_key(value):
        raise InvalidValueError(
            text("this is a private key, which must not stand here: remove it, and write the public key")
        )
    return value


def is_private_key(value: str) -> bool:
    """Tell whether a text holds a private key, with or without PEM armour, whole or cut off."""
    if _PRIVATE.search(value):
        return True
    try:
        der = base64.b64decode("".join(value.split())[:_START])
    except (binascii.Error, ValueError):
        return False
    if len(der) < _START // 4 * 3 or der[0] != _SEQUENCE:
        return False
    header = 2 if der[1] < _LONG else 2 + (der[1] & ~_LONG)
    return der[header : header + 3] in _VERSION

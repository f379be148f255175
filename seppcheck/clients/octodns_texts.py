r"""TXT values between octoDNS' way of writing them and octets.

octoDNS writes `;` as `\;` and knows no string boundaries. Of quotes, backslashes and what is not printable each
provider has a notion of its own: PowerDNS' keeps the escapes of master files, others have the bare characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)
_EVERYWHERE_ALIKE = re.compile(rb"[ !#-\[\]-~]*")
_SPECIAL = re.compile(rb"[^ !#-:<-\[\]-~]")


class NotWritableError(ValueError):
    """A value that no one can say how the provider would have to be told."""


def octets_of(written: str) -> bytes:
    """Return the octets of a value as octoDNS writes it; a bare quote counts as itself."""
    return _ESCAPE.sub(_unescaped, written.encode("utf-8", "surrogateescape"))


def _unescaped(found: re.Match[bytes]) -> bytes:
    escaped = found[1]
    return bytes((int(escaped) & 0xFF,)) if escaped.isdigit() and len(escaped) > 1 else escaped


def written(values: Sequence[bytes], known: Iterable[str], *, master_file: bool) -> list[str]:
    """Return values as the provider has to be told them.

    Args:
        values: the octets of each.
        known: how the provider itself writes what is there now; that is taken as it is.
        master_file: whether it keeps the escapes of master files.

    Raises:
        NotWritableError: naming a value that is new and has characters which providers write differently.
    """
    by_octets = {octets_of(value): value for value in known}
    return [by_octets.get(value) or _written(value, master_file=master_file) for value in values]


def _written(value: bytes, *, master_file: bool) -> str:
    if not master_file and not _EVERYWHERE_ALIKE.fullmatch(value):
        raise NotWritableError(value.decode("ascii", "backslashreplace"))
    return _SPECIAL.sub(_escaped, value).decode("ascii")


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"\\" + found[0] if found[0] in b'"\\;' else b"\\%03d" % ord(found[0])

"""Files of an export as PowerShell writes them: either Unicode encoding, one object or many, or none."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, text

_LIMIT = 128 * 1024 * 1024
_ENCODINGS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CUT = re.compile(r"@\{.*\}|System\.(Object|String)\[\]|System\.Collections\..+|(Microsoft|System)\.\S+\[\]", re.DOTALL)
"""What ConvertTo-Json writes in the place of what lies deeper than -Depth."""
_ENUMS = frozenset(
    {
        *("ConnectorType", "ConnectorSource", "TlsSettings", "MtaStsMode", "SmtpDaneMode"),
        *("State", "Mode", "RuleErrorAction", "SenderAddressLocation", "FromScope", "SentToScope", "SetAuditSeverity"),
        *("DomainType", "Status", "DirectoryBasedEdgeBlockMode"),
    }
)
_LISTS = frozenset(
    {
        *("SenderDomains", "SenderIPAddresses", "EFSkipIPs", "EFUsers", "SmartHosts", "RecipientDomains"),
        *("SenderDomainIs", "ExceptIfSenderDomainIs", "RecipientDomainIs", "Conditions", "Exceptions", "Actions"),
        *("IPAllowList", "IPBlockList"),
    }
)
"""Lists whose members hold no space: text with one is a list that was cut to text."""


class DamagedError(Exception):
    """A file is not what it should be. `detail` names it, what is wrong, and what makes it right."""

    def __init__(self, path: Path, problem: str | Message, reason: Reason = Reason.MALFORMED) -> None:
        self.reason = reason
        self.detail = text(
            "{path}: {problem}; make the export again with the script that `seppcheck explain exchange-export` prints",
            path=path,
            problem=problem,
        )
        super().__init__(str(self.detail))


def read_objects(path: Path) -> tuple[Mapping[str, Any], ...] | None:
    """Return the objects of one file, as they stand there; None for a file that says nothing at all.

    Raises:
        DamagedError: when it cannot be read as what it should be.
    """
    document = read_document(path)
    if document is _NOTHING:
        return None
    objects = tuple(_unwrapped(path, document))
    for position, found in enumerate(objects, start=1):
        _refuse_damage(path, position, found)
    return objects


_NOTHING = object()


def read_document(path: Path) -> Any:
    """Return what a JSON file of PowerShell's says.

    Raises:
        DamagedError: when it cannot be read, is in another encoding, or is no sound JSON.
    """
    written = _decoded(path)
    if not written.strip():
        return _NOTHING
    try:
        return json.loads(written, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        problem = text("it is no JSON, line {line}: {problem}", line=error.lineno, problem=error.msg)
        raise DamagedError(path, problem) from None
    except (ValueError, RecursionError) as error:
        raise DamagedError(path, text("it is no sound JSON: {problem}", problem=error)) from None


def _decoded(path: Path) -> str:
    try:
        with path.open("rb") as file:
            octets = file.read(_LIMIT + 1)
    except OSError as error:
        problem = text("it cannot be read: {problem}", problem=error.strerror or type(error).__name__)
        raise DamagedError(path, problem) from None
    if len(octets) > _LIMIT:
        raise DamagedError(path, text("it is larger than {limit} bytes", limit=_LIMIT))
    mark, encoding = next((known for known in _ENCODINGS if octets.startswith(known[0])), (b"", "utf-8"))
    try:
        written = octets[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        written = "\0"
    if "\0" in written:
        problem = text(
            "it is neither UTF-8 nor UTF-16 with a byte order mark (`Set-Content -Encoding utf8` writes UTF-8)"
        )
        raise DamagedError(path, problem)
    return written


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return table


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _unwrapped(path: Path, document: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list, of `{"value": ...}`, or the one that stands alone; nulls are nothing."""
    if isinstance(document, Mapping) and isinstance(document.get("value"), list):
        document = document["value"]
    for found in document if isinstance(document, list) else [document]:
        if isinstance(found, Mapping):
            yield found
        elif found is not None:
            raise DamagedError(path, "it holds no list of objects")


def _refuse_damage(path: Path, position: int, found: Mapping[str, Any]) -> None:
    name = found.get("Name") or found.get("Identity") or found.get("DomainName") or position
    for key, value in found.items():
        if key in _ENUMS and _is_number(value):
            sentence = "{key} of {name} is the number {value} where Exchange has a word (-EnumsAsStrings keeps it)"
            raise DamagedError(path, text(sentence, key=key, name=name, value=value))
        if _is_cut(key, value):
            sentence = "{key} of {name} was cut off (ConvertTo-Json needs -Depth 10)"
            raise DamagedError(path, text(sentence, key=key, name=name), Reason.INCOMPLETE)


def _is_number(value: object) -> bool:
    return type(value) in (int, float) or (isinstance(value, str) and value.strip().lstrip("-").isdecimal())


def _is_cut(key: str, value: object) -> bool:
    if isinstance(value, str):
        return bool(_CUT.fullmatch(value)) or (key in _LISTS and " " in value.strip())
    members: Iterable[object] = value if isinstance(value, Sequence) else ()
    return any(isinstance(member, str) and _CUT.fullmatch(member) for member in members)

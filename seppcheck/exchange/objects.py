"""Objects of Exchange in one form, whether REST, Windows PowerShell 5.1 or PowerShell 7 wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from seppcheck.model.exchange import ExchangeObject

_REMOTING = frozenset({"PSComputerName", "RunspaceId", "PSShowComputerName"})
"""What PowerShell adds to objects that came from afar."""
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")
_MICROSOFT = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
"""Milliseconds since 1970 in UTC, as Windows PowerShell 5.1 writes times; an offset is only for show."""
_VERSION = ("Major", "Minor", "Build", "Revision")
_FLAGS = {"True": True, "False": False}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN = object()


def normalised(found: Mapping[str, object]) -> ExchangeObject:
    """Return one object without sidecar keys, with times in UTC, booleans as booleans, versions as text.

    What has no form here (a nested object) is left out: absent means unknown.
    """
    properties = {
        name: value
        for name, given in found.items()
        if "@" not in name and name not in _REMOTING and (value := _value(given)) is not _UNKNOWN
    }
    return ExchangeObject(properties)


def merged(answers: Iterable[Iterable[ExchangeObject]]) -> tuple[ExchangeObject, ...]:
    """Return the objects of several answers, each once: the same Guid is the same object."""
    seen: dict[object, ExchangeObject] = {}
    for answer in answers:
        for position, found in enumerate(answer):
            seen.setdefault(found.guid or (found.name.lower(), position), found)
    return tuple(seen.values())


def in_order(objects: Iterable[ExchangeObject]) -> tuple[ExchangeObject, ...]:
    """Return rules in the order in which Exchange runs them; those without a Priority come last."""

    def place(rule: ExchangeObject) -> tuple[bool, int]:
        priority = rule.number("Priority")
        return priority is None, priority or 0

    return tuple(sorted(objects, key=place))


def _value(given: object) -> object:
    if isinstance(given, str):
        return _FLAGS[given] if given in _FLAGS else _time(given)
    if isinstance(given, Mapping):
        return _table(given)
    if isinstance(given, list):
        return [_member(item) for item in given if item is not None]
    return given


def _member(item: object) -> str:
    value = _value(item)
    return "" if value is _UNKNOWN else str(value)


def _table(given: Mapping[str, object]) -> object:
    """Read what PowerShell wraps: a version, a list with its count, a time with its words."""
    if all(isinstance(given.get(part), int) for part in _VERSION):
        return ".".join(str(given[part]) for part in _VERSION)
    if isinstance(given.get("value"), (list, str)) and given.keys() <= {"value", "Count", "DisplayHint", "DateTime"}:
        return _value(given["value"])
    return _UNKNOWN


def _time(given: str) -> str:
    if found := _MICROSOFT.fullmatch(given):
        try:
            return _stamp(_EPOCH + timedelta(milliseconds=int(found[1])))
        except OverflowError:
            return given
    if not _ISO.fullmatch(given):
        return given
    try:
        moment = datetime.fromisoformat(re.sub(r"\.\d+", "", given))
    except ValueError:
        return given
    return _stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))  # LastValidationTimestamp has no zone


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

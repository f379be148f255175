"""Judging single properties of Exchange's objects: a property that is absent is unknown, never right."""

from __future__ import annotations

from collections.abc import Sequence

from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.outcomes import Reason
from seppcheck.model.results import Failed, Finding, Inconclusive, Passed


def judge_property(entry: ExchangeObject, name: str, wanted: object, requirement: str | None = None) -> Finding:
    """Compare one property with the one value that is right.

    Args:
        entry: the object; its name becomes the finding's subject.
        name: Exchange's name of the property.
        wanted: a boolean, text (compared without case), or `()` for empty.
        requirement: the guide's number.
    """
    if not entry.knows(name):
        return unknown_property(entry, name, requirement)
    found: object = entry.items(name) if wanted == () else entry.properties.get(name)
    if _equal(found, wanted):
        return Passed(
            "{object}: {property} is {value}",
            object=entry.name,
            property=name,
            value=_shown(wanted),
            requirement=requirement,
            subject=entry.name,
        )
    return Failed(
        "{object}: {property} is {found}, not {wanted}",
        object=entry.name,
        property=name,
        found=_shown(found),
        wanted=_shown(wanted),
        requirement=requirement,
        subject=entry.name,
        expected=_shown(wanted),
        observed=_shown(found),
    )


def unknown_property(entry: ExchangeObject, name: str, requirement: str | None = None) -> Finding:
    """Return that a property was not read at all."""
    return Inconclusive(
        "{object}: {property} is not in what was read from Exchange, so it is unknown; export it anew",
        object=entry.name,
        property=name,
        requirement=requirement,
        subject=entry.name,
        reason=Reason.INCOMPLETE,
    )


def _equal(found: object, wanted: object) -> bool:
    if isinstance(wanted, str):
        return found is not None and str(found).casefold() == wanted.casefold()
    return found == wanted


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "empty"
    return "null" if value is None else str(value)

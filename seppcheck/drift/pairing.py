"""Which object of now is which of the baseline: the same Guid, else the same name."""

from __future__ import annotations

from collections.abc import Mapping

from seppcheck.drift.projection import IDENTITY, Properties

Pair = tuple[str | None, str | None]
"""The name of an object then and now; None where there was, or is, none."""


def pairs_of(then: Mapping[str, Properties], now: Mapping[str, Properties]) -> list[Pair]:
    """Return every object once, those of the baseline first.

    Args:
        then: the baseline's objects by name.
        now: the present ones; names are compared without case.
    """
    by_identity = {properties[IDENTITY]: name for name, properties in now.items() if IDENTITY in properties}
    found: dict[str, str] = {}
    for name, properties in then.items():
        if (same := by_identity.get(properties.get(IDENTITY))) is not None:
            found[name] = same
    taken = set(found.values())
    by_name = {name.casefold(): name for name in now if name not in taken}
    for name in then:
        if name not in found and (same := by_name.pop(name.casefold(), None)) is not None:
            found[name] = same
    taken = set(found.values())
    return [*((name, found.get(name)) for name in then), *((None, name) for name in now if name not in taken)]

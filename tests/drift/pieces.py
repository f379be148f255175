"""Pieces of evidence as a baseline keeps them, made up for comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from seppcheck.drift.baseline import Baseline, Piece
from seppcheck.drift.comparison import Comparison, Seen, compare
from seppcheck.drift.projection import Alike, Projected, Projector, Unseen, same
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Tenant
from seppcheck.model.text import text

KIND = "thing"
KEY = (KIND, "tenant.test")
ACCEPTED = datetime(2026, 11, 24, 8, tzinfo=UTC)
Objects = Mapping[str, Mapping[str, Any]]


@evidence(KIND, target=Tenant)
@dataclass(frozen=True, slots=True)
class Thing(Evidence):
    """What nobody has to make: it is there by its projection alone."""


def baseline(pieces: Mapping[tuple[str, str], Piece], left_out: tuple[str, ...] | None = None) -> Baseline:
    """Return a baseline that holds these pieces."""
    return Baseline(
        path=Path("seppcheck-baseline.json"),
        accepted_at=ACCEPTED,
        version="1",
        gateway="gw.test",
        tenant="tenant.test",
        domains=("kunde.test",),
        partial=False,
        checks={},
        requirements={},
        pieces=pieces,
        left_out={} if left_out is None else {KIND: left_out},
        past={},
    )


def compared(
    then: Objects | Piece,
    now: Objects | Projected,
    *,
    alike: Alike = same,
    left_out: tuple[frozenset[str], frozenset[str]] | None = None,
) -> Comparison:
    """Compare one piece; `left_out` makes it a kind that keeps only what is set: then and now."""
    projector = Projector(Thing, text("thing {object}"), lambda _, __: Projected({}), alike, left_out and left_out[1])
    piece = then if isinstance(then, Piece) else Piece(then)
    seen = Seen(Tenant("tenant.test"), projector, now if isinstance(now, Projected) else Projected(now))
    held = baseline({KEY: piece}, tuple(left_out[0]) if left_out else None)
    return compare(held, {KEY: seen})


def told(found: Comparison) -> list[tuple[str, str, str | None]]:
    """Return object, what became of it, and the property, of every entry."""
    return [(entry.object, entry.change.value, entry.property) for entry in found.entries]


NAMES = st.text("abcxyz", min_size=1, max_size=3)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=4), st.lists(st.text("abc", max_size=2), max_size=4)
)
OBJECTS = st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), min_size=1, max_size=4)
__all__ = ["ACCEPTED", "KEY", "KIND", "NAMES", "OBJECTS", "VALUES", "Unseen", "baseline", "compared", "told"]

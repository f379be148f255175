"""Which evidence some checks and remediations lead to: what they ask for, and what its sources ask for in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seppcheck.engine.gather import pieces
from seppcheck.engine.plan import Need
from seppcheck.model.evidence import Evidence
from seppcheck.model.sources import Source
from seppcheck.model.targets import Site, Target

Piece = tuple[str, Target]
"""A kind of evidence, and what it is about."""


def reach(needs: Iterable[Need], sources: Mapping[type[Evidence], Source], site: Site) -> frozenset[Piece]:
    """Return every piece of evidence that gathering for these needs would bring in; nothing is asked."""
    found: set[Piece] = set()
    waiting = [piece for need in needs for wanted in need.wanted for piece in pieces(wanted, need.target, site)]
    while waiting:
        kind, target = waiting.pop()
        if (kind.kind, target) in found:
            continue
        found.add((kind.kind, target))
        if (source := sources.get(kind)) is not None:
            waiting.extend((each, target) for each in source.provides)
            waiting.extend(piece for wanted in source.wanted for piece in pieces(wanted, target, site))
    return frozenset(found)

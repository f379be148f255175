"""Evidence of kinds that nobody here knows, as plugins bring them: their fields, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from math import isfinite
from typing import Any

from seppcheck.clock import stamp
from seppcheck.drift.projection import Projected, Projector, Unseen, View, same
from seppcheck.model.evidence import Evidence, Unavailable
from seppcheck.model.text import Message, text

_VOLATILE = frozenset({"voice", "against", "at", "asked", "origin", "resolvers", "file"})
"""Fields that say where evidence came from, by the names that our own kinds use."""
_PLAIN = (bool, int, float, str, type(None))


def projector_of(kind: type[Evidence]) -> Projector:
    """Return how a kind is projected that has no projector of its own: one object, named for its target."""
    return Projector(kind, text("{kind} of {target}", kind=kind.kind), _fields, same)


def _fields(found: Evidence, view: View) -> Projected:
    name = view.target.name
    if not is_dataclass(found):
        return Projected({name: {}})
    given = {f.name: getattr(found, f.name) for f in fields(found) if f.name not in _VOLATILE | set(found.volatile)}
    missing = {n: v for n, v in given.items() if isinstance(v, Unavailable)}
    return Projected(
        {name: {n: _plain(v) for n, v in given.items() if n not in missing}},
        tuple(Unseen(name, n, v.reason, v.detail) for n, v in missing.items()),
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    found: Any = value if isinstance(value, _PLAIN) else str(value)
    if isinstance(value, Enum):
        found = _plain(value.value)
    elif isinstance(value, float) and not isfinite(value):
        found = str(value)
    elif isinstance(value, datetime):
        found = stamp(value)
    elif isinstance(value, Mapping):
        found = {str(key): _plain(item) for key, item in value.items()}
    elif isinstance(value, (set, frozenset)):
        found = sorted(map(str, value))
    elif isinstance(value, (list, tuple)):
        found = [_plain(item) for item in value]
    elif is_dataclass(value) and not isinstance(value, (type, Message)):
        found = {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in _VOLATILE}
    return found

"""Evidence of kinds that nobody here knows, as plugins bring them: their fields, one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from math import isfinite
from typing import Any

from seppcheck.clock import stamp
from seppcheck.drift.projection import Projected, Projector, Unseen, View, same
from seppcheck.model.evidence import Evidence, Unavailable
from seppcheck.model.facts import Fact
from seppcheck.model.text import Message, text

_OF_FACTS = frozenset({"voice", "against"})
"""The fields of `Fact` that say who said it, and what was said otherwise."""
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
"""What Python says of an object that has no text of its own: other at every run."""
_PLAIN = (bool, int, float, str, type(None))


def projector_of(kind: type[Evidence]) -> Projector:
    """Return how a kind is projected that has no projector of its own: one object, named for its target."""
    return Projector(kind, text("{kind} of {target}", kind=kind.kind), _fields, same)


def _fields(found: Evidence, view: View) -> Projected:
    name = view.target.name
    if not is_dataclass(found):
        return Projected({name: {}})
    given = _kept(found)
    missing = {n: v for n, v in given.items() if isinstance(v, Unavailable)}
    return Projected(
        {name: {n: _plain(v) for n, v in given.items() if n not in missing}},
        tuple(Unseen(name, n, v.reason, v.detail) for n, v in missing.items()),
    )


def _kept(found: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that tell its state; it may name others in `volatile`."""
    out = set(getattr(found, "volatile", ())) | (_OF_FACTS if isinstance(found, Fact) else frozenset())
    return {f.name: getattr(found, f.name) for f in fields(found) if f.name not in out}


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    found: Any = value if isinstance(value, _PLAIN) else _ADDRESS.sub("", str(value))
    if isinstance(value, Enum):
        found = _plain(value.value)
    elif isinstance(value, float) and not isfinite(value):
        found = str(value)
    elif isinstance(value, datetime):
        found = stamp(value)
    elif isinstance(value, Mapping):
        found = {str(key): _plain(item) for key, item in value.items()}
    elif isinstance(value, (set, frozenset)):
        found = sorted((_plain(item) for item in value), key=repr)
    elif isinstance(value, (list, tuple)):
        found = [_plain(item) for item in value]
    elif is_dataclass(value) and not isinstance(value, (type, Message)):
        found = {name: _plain(item) for name, item in _kept(value).items()}
    return found

"""What differs between now and the accepted baseline, by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from seppcheck.model.targets import Target
from seppcheck.model.text import Message

RESERVED = "baseline"
"""The id of the result that tells what of a baseline could not be looked at. No check may have it."""


class DriftChange(StrEnum):
    """What became of an object."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DriftEntry:
    """One difference.

    `kind` is the evidence's kind, `object` the name that people know the object by, `property` what of it differs
    (None = the object as a whole). `before` and `after` are values as JSON knows them; None = there was, or is, none.
    """

    kind: str
    target: Target
    object: str
    change: DriftChange
    property: str | None
    before: Any
    after: Any
    summary: Message

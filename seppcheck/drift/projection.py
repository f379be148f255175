"""What a baseline keeps of a piece of evidence: objects by the names that people know, property by property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from seppcheck.model.evidence import Evidence, Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.targets import Site, Target
from seppcheck.model.text import Message, Text, as_message

Properties = Mapping[str, Any]
"""Values as JSON knows them. A key that is absent was not looked at; null is "not set"."""

IDENTITY = "Guid"
"""The property by which an object is known although its name changed. It is never compared."""


@dataclass(frozen=True, slots=True)
class View:
    """From where evidence is looked at: whose it is, and when (UTC)."""

    site: Site
    target: Target
    now: datetime


@dataclass(frozen=True, slots=True)
class Unseen:
    """What could not be looked at: an object, or the property `name` of it."""

    object: str
    name: str | None
    reason: Reason
    detail: Text

    @property
    def why(self) -> Unavailable:
        """The same, as evidence that could not be had."""
        return Unavailable(self.reason, as_message(self.detail) or Message(""))


@dataclass(frozen=True, slots=True)
class Projected:
    """One piece of evidence by meaning.

    `order` are the objects' names in their order, where it counts. `remarks` say of a property, by object and name,
    what is wrong with it, better than its value does; they are not kept.
    """

    objects: Mapping[str, Properties]
    unseen: tuple[Unseen, ...] = ()
    order: tuple[str, ...] = ()
    remarks: Mapping[tuple[str, str], Text] = field(default_factory=dict)


Project = Callable[[Any, View], Projected]
Alike = Callable[[str, Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Projector:
    """How one kind of evidence is projected and compared.

    `noun` names an object of it, with the fields `object` and `target`. Most kinds keep every property that they look
    at, null ones too, so a property that a baseline lacks was not looked at then. Where only what is set is kept,
    `left_out` are the properties that are not looked at.
    """

    evidence: type[Evidence]
    noun: Message
    project: Project
    alike: Alike
    left_out: frozenset[str] | None = None
    absent: Reason = Reason.NOT_COLLECTED
    """Why a property is not there that was looked at before."""

    def named(self, name: str, target: Target) -> Message:
        """Return what people call an object."""
        return Message(self.noun.template, (*self.noun.parameters, ("object", name), ("target", target.name)))


def same(name: str, before: Any, after: Any) -> bool:
    """Tell whether two values mean the same: lists have no order, and `true` is not 1."""
    del name
    return bool(_comparable(before) == _comparable(after))


def _comparable(value: Any) -> Any:
    match value:
        case bool():
            return "bool", value
        case list() | tuple():
            return "list", tuple(sorted({repr(_comparable(item)) for item in value}))
        case Mapping():
            return "table", tuple(sorted((str(key), repr(_comparable(item))) for key, item in value.items()))
        case _:
            return value


def listed(values: Iterable[str]) -> list[str]:
    """Return names in the form that is kept: each once, sorted."""
    return sorted(set(values))

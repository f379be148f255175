"""Evidence: frozen records of one kind about one target, with where they came from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Generic, TypeVar

from seppcheck.model.outcomes import Assurance, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.targets import Target
from seppcheck.model.text import Message


class Evidence:
    """Base of every kind of evidence. Subclasses are frozen dataclasses marked with `@evidence`."""

    __slots__ = ()
    kind: ClassVar[str] = ""
    target_type: ClassVar[type[Target]]
    volatile: ClassVar[Collection[str]] = ()
    """Fields in which two observations of the same state may differ: `seppcheck drift` does not compare them."""

    @property
    def asked(self) -> str:
        """Whom the source asked, for people: addresses, a file, a host. Shown as "from"."""
        return ""

    @property
    def seen_at(self) -> datetime | None:
        """When it was observed, if that was not just now (an export, a mail, a written record)."""
        return None

    @property
    def assurance(self) -> Assurance | None:
        """Whether it was observed or attested, where that differs from what its source is."""
        return None

    @property
    def max_age(self) -> Mapping[Phase, timedelta]:
        """How old it may be in each phase, counted from `seen_at`; older is `expired`. Unnamed phases: any age."""
        return {}

    @property
    def contradiction(self) -> Message | None:
        """What else was said of the same fact; the framework adds it as a warned finding."""
        return None


E = TypeVar("E", bound=type[Evidence])


def evidence(kind: str, *, target: type[Target]) -> Callable[[E], E]:
    """Mark a frozen dataclass as a kind of evidence about one type of target.

    Args:
        kind: its name in bundles and reports, such as `reverse-dns`; unique.
        target: `Gateway`, `Domain` or `Tenant`.
    """

    def mark(cls: E) -> E:
        cls.kind = kind
        cls.target_type = target
        return cls

    return mark


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Evidence that could not be had: a reason from the closed list, and a sentence."""

    reason: Reason
    detail: Message
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which source brought it, when (UTC), asked of whom, and whether a program saw it."""

    source: str
    collected_at: datetime
    asked: str = ""
    assurance: Assurance = Assurance.OBSERVED


@dataclass(frozen=True, slots=True)
class Record:
    """One piece of gathered evidence, or why it is missing."""

    kind: str
    target: Target
    provenance: Provenance
    content: Evidence | Unavailable


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of judgement (UTC); a check that compares dates asks for it by this type."""

    at: datetime


E_co = TypeVar("E_co", bound=Evidence, covariant=True)


@dataclass(frozen=True, slots=True)
class Each(Generic[E_co]):
    """One kind of evidence about every target of its type: a check asks for `Each[MxRecords]`.

    What is missing stands there as `Unavailable`; the check decides what that means.
    """

    items: tuple[tuple[Target, E_co | Unavailable], ...]

    @property
    def present(self) -> tuple[tuple[Target, E_co], ...]:
        """The evidence that is there, with its target."""
        return tuple((target, item) for target, item in self.items if not isinstance(item, Unavailable))

    @property
    def missing(self) -> tuple[tuple[Target, Unavailable], ...]:
        """What is missing, with its target and why."""
        return tuple((target, item) for target, item in self.items if isinstance(item, Unavailable))

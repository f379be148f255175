"""Evidence: frozen records of one kind about one target, with where they came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from seppcheck.model.outcomes import Assurance, Reason
from seppcheck.model.targets import Target
from seppcheck.model.text import Message


class Evidence:
    """Base of every kind of evidence. Subclasses are frozen dataclasses marked with `@evidence`."""

    __slots__ = ()
    kind: ClassVar[str] = ""
    target_type: ClassVar[type[Target]]

    @property
    def asked(self) -> str:
        """Whom the source asked, for people: addresses, a file, a host. Shown as "from"."""
        return ""

    @property
    def seen_at(self) -> datetime | None:
        """When it was observed, if that was not just now (an export, a mail, a written record)."""
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

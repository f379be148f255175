"""The vendor's guide as data: its numbers in their order, with titles, chapters and phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seppcheck.model.phases import Phase
from seppcheck.model.text import Message

_ORDER = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Number:
    """One requirement of the guide: due from one phase to another, both included."""

    id: str
    title: Message
    due: Phase
    until: Phase
    parts: tuple[str, ...] = ()
    """The checks that see a part of it each, where one alone does not answer it."""
    first: bool = False
    """Whether its check is told before all others, for nothing is more severe."""
    step: Message | None = None
    """What the guide says here; its fields are the reader's names: gateway, domains, customers and so on."""
    menu: Message | None = None
    """Where it stands on the gateway, in the words of its menus."""
    departure: Message | None = None
    """Where seppcheck does something else than the guide, and why."""
    rests_on: tuple[str, ...] = ()
    """Numbers without which it proves nothing."""

    def when(self, phase: Phase) -> Literal["early", "due", "past"]:
        """Tell whether it is too early for it in a phase, it is due, or its time is past."""
        if _ORDER.index(phase) < _ORDER.index(self.due):
            return "early"
        return "past" if _ORDER.index(phase) > _ORDER.index(self.until) else "due"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its title in English, the guide's own heading, and its numbers in order."""

    id: str
    title: Message
    original: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole guide."""

    chapters: tuple[Chapter, ...]

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number, in the guide's order."""
        return tuple(number for chapter in self.chapters for number in chapter.numbers)

    def position(self, requirements: Sequence[str]) -> int:
        """Return where the first of some numbers stands; advice, without a number, comes last."""
        if any(number.first for number in self.numbers if number.id in requirements):
            return -1
        ids = [number.id for number in self.numbers]
        return min((ids.index(number) for number in requirements if number in ids), default=len(ids))

    def chapter_of(self, number: str) -> Chapter | None:
        """Return the chapter that a number stands in."""
        return next((c for c in self.chapters for n in c.numbers if n.id == number), None)

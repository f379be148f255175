"""A watched night: the states that followed each other, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import EvidenceNote
from seppcheck.model.run import Run
from seppcheck.model.targets import Target
from seppcheck.model.text import Message, text

_LATE = timedelta(minutes=1)
"""How much older than its rhythm something may be before it is called old."""


class StateKind(StrEnum):
    """What may be done at this moment."""

    GO = "go"
    DONE = "done"
    PROVISIONAL = "provisional"
    """Everything is in order, but a rule was changed so lately that Exchange may not act on it yet."""
    WAIT = "wait"
    """Everything is in order so far, and there is nothing to do but to wait, or to go on with the plan."""
    NO_GO = "no-go"
    CANNOT_TELL = "cannot-tell"

    @property
    def is_green(self) -> bool:
        """Whether it says that something may be done now."""
        return self in (StateKind.GO, StateKind.DONE)


@dataclass(frozen=True, slots=True)
class State:
    """Go or no go, and why."""

    kind: StateKind
    sentence: Message


class Pace(StrEnum):
    """What goes by one rhythm, quickest first."""

    MX = "mx"
    DNS = "dns"
    SMTP = "smtp"
    REST = "rest"
    OTHER = "other"
    MAIL = "mail"
    POLICIES = "policies"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Sight:
    """When one kind of source was last asked and will be again (UTC), and how often; `missed` where it gave no answer.

    Of several targets the one that was looked at longest ago counts.
    """

    pace: Pace
    at: datetime
    again: datetime
    every: timedelta
    missed: bool = False

    def is_old(self, now: datetime) -> bool:
        """Tell whether it was looked at longer ago than its rhythm allows."""
        return now - self.at > self.every + _LATE


@dataclass(frozen=True, slots=True)
class Change:
    """One check on one target that says something else than before; the outcomes are None where it was not judged.

    `sentences` are what it says now, `seen` is the evidence for it.
    """

    check: str
    target: Target
    before: Outcome | None
    after: Outcome | None
    sentences: tuple[Message, ...]
    seen: tuple[EvidenceNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something changed: when it was judged (UTC), which state followed which, and what was different.

    `before` is None in the first entry, whose changes are what was not in order when the watch began. `moments` are
    the times that are new, or have come.
    """

    at: datetime
    state: State
    before: State | None
    changes: tuple[Change, ...]
    moments: tuple[Message, ...] = ()

    @property
    def rings(self) -> bool:
        """Whether somebody should be woken: what may be done is not what it was."""
        return self.before is not None and self.before.kind is not self.state.kind


class Ending(StrEnum):
    """How a watch ended."""

    REACHED = "reached"
    """At what it was to watch for."""
    INTERRUPTED = "interrupted"
    """By a person, with Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Night:
    """Everything that a watch has seen so far. `run` is the last complete one, `state` its state.

    `by` is who watches and where; `ended` is None while it goes on. `earlier` is the history as it was before the
    watch began: its own rounds, which are in that of `run`, are news to everybody.
    """

    started_at: datetime
    by: str
    run: Run
    state: State
    entries: tuple[Entry, ...]
    sights: tuple[Sight, ...] = ()
    ended: Ending | None = None
    earlier: tuple[Mapping[str, object], ...] = ()

    def state_at(self, now: datetime) -> State:
        """Return the state, which is no go any more once what it rests on is old: a machine may have slept."""
        promising = self.state.kind.is_green or self.state.kind is StateKind.PROVISIONAL
        if promising and any(sight.is_old(now) for sight in self.sights):
            sentence = text(
                "Cannot tell: what was seen is old, wait for the next look. Before: {state}", state=self.state.sentence
            )
            return State(StateKind.CANNOT_TELL, sentence)
        return self.state

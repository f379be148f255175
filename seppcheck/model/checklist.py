"""The vendor's guide as a living checklist: each step with its state, and the one that comes next. Frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seppcheck.model.changes import ChangeKind, PlanPhase
from seppcheck.model.guide import Chapter
from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Reason
from seppcheck.model.plans import PlannedChange
from seppcheck.model.run import Skipped
from seppcheck.model.targets import Site
from seppcheck.model.text import Message


class Stage(StrEnum):
    """How far the migration really is, by what is observed."""

    UNKNOWN = "unknown"
    """What decides it cannot be seen: the night may have begun, or not."""
    PREPARATION = "preparation"
    LEAD_TIME = "lead-time"
    """Prepared; the low TTL has not been on record for long enough."""
    READY = "ready"
    """The night may begin."""
    CUTOVER = "cutover"
    """Something of the night is done, and something is not."""
    COMPLETION = "completion"
    """Everything has moved; the hold, the proof or what was kept for the way back is left."""
    FINISHED = "finished"

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return list(Stage).index(self)


class State(StrEnum):
    """What is to be said of one step. Only `done` says that it was observed, or attested, to be as it should be."""

    DONE = "done"
    DUE = "due"
    BLOCKED = "blocked"
    """Something else comes first."""
    WAITING = "waiting"
    """Nothing but time has to pass."""
    UNSEEN = "unseen"
    """It cannot be seen whether it is done."""
    NOTED = "noted"
    """It works, and somebody should look at it; no plan changes it."""
    WAIVED = "waived"
    """It is not as it should be, and somebody answers for it."""
    NOT_NEEDED = "not-needed"
    """There is nothing to do here, or its time is over."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Who wrote down what counts here, and when (UTC): the file and, where it is known, the person."""

    asked: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistStep:
    """One step of the guide; beyond the guide `number` is empty, and the check stands for it.

    `detail` says what was seen, or what it is blocked by. `until` is when waiting is over. `plan` is the plan that
    does it and `kind` who carries it out there; `menu` where it stands on the gateway.
    """

    number: str
    title: Message
    state: State
    says: Message | None = None
    detail: Message | None = None
    until: datetime | None = None
    reason: Reason | None = None
    witnesses: tuple[Witness, ...] = ()
    menu: Message | None = None
    plan: PlanPhase | None = None
    kind: ChangeKind | None = None
    departure: Message | None = None
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the guide with its steps; `chapter` is None for what goes beyond the guide."""

    chapter: Chapter | None
    steps: tuple[ChecklistStep, ...]


class NextKind(StrEnum):
    """What comes next is a command, something that a person does, time that passes, or nothing at all."""

    COMMAND = "command"
    BY_HAND = "by-hand"
    WAIT = "wait"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A key of the gateway record, and the value that it has once the step is done; None: what the menu shows then."""

    key: str
    value: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The one thing that comes next, with all that is needed to do it.

    `command` is what to run, word by word. `change` is a step of a plan that a person carries out, `steps` are the
    instructions where no plan has any, `entries` what to write down in the gateway record. `until` is when a wait is
    over. `reason` is why something could not be seen. `after` is the command that goes on, where one is known.
    """

    kind: NextKind
    title: Message
    why: Message | None = None
    numbers: tuple[str, ...] = ()
    target: str = ""
    command: tuple[str, ...] = ()
    change: PlannedChange | None = None
    steps: tuple[Message, ...] = ()
    entries: tuple[RecordEntry, ...] = ()
    until: datetime | None = None
    reason: Reason | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """What commands that are named have to repeat: every one `options`, those with a run `narrowing` too."""

    options: tuple[str, ...] = ()
    narrowing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The whole checklist, and what comes next."""

    site: Site
    stage: Stage
    parts: tuple[Part, ...]
    next: NextStep
    judged_at: datetime
    language: str = "en"
    replay_of: datetime | None = None
    moments: tuple[Moment, ...] = ()
    notes: tuple[Message, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def counts(self) -> Mapping[State, int]:
        """How many of the guide's steps there are of each state."""
        states = [step.state for part in self.parts if part.chapter is not None for step in part.steps]
        return {state: states.count(state) for state in State}

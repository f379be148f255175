"""Where an open step stands in the safe order of the plans: who does it, and what has to come before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from seppcheck.checklist.gate import gate_is_open, gate_opens
from seppcheck.checklist.situation import Situation
from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase
from seppcheck.model.checklist import Stage
from seppcheck.model.guide import Number
from seppcheck.model.phases import Phase
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.text import Message, text

_CLOSED = text("how long the low TTL has been on record comes first: until then, or while it is not known, no MX moves")


@dataclass(frozen=True, slots=True)
class Place:
    """The plan that does a step, who does it there, what comes before, and until when only time is missing."""

    plan: PlanPhase | None = None
    kind: ChangeKind | None = None
    blocked_by: Message | None = None
    until: datetime | None = None
    first: Message | None = None
    """The step itself, which may be one that only prepares it."""

    @property
    def is_planned(self) -> bool:
        """Whether some plan does it."""
        return self.plan is not None


def place_of(situation: Situation, stage: Stage, number: Number, checks: Sequence[str]) -> Place:
    """Return the place of a number: its first step in the first plan that has one."""
    for phase in _plans(number, stage):
        plan = situation.plans[phase]
        own = [change for change in plan.changes if number.id in change.requirements and not change.proof]
        if own:
            first = own[0]
            blocked_by, until = _before(plan, first)
            if blocked_by is None and first.milestone is Milestone.MX_MOVED and not gate_is_open(situation):
                blocked_by, until = _CLOSED, until or gate_opens(situation)
            return Place(phase, first.kind, blocked_by, until, text("first: {step}", step=first.summary))
        instead = next((change for change in plan.changes if change.check in checks and not change.proof), None)
        if instead is not None:  # its check plans something else first, without which its own step is not known
            return Place(phase, instead.kind, text("first: {step}", step=instead.summary), None)
    return Place()


def _plans(number: Number, stage: Stage) -> Iterable[PlanPhase]:
    if number.due is Phase.VERIFICATION:
        return (PlanPhase.COMPLETION,)
    if number.due is Phase.READINESS and stage.rank < Stage.CUTOVER.rank:
        return (PlanPhase.READINESS, PlanPhase.CUTOVER)
    return (PlanPhase.CUTOVER, PlanPhase.COMPLETION)


def _before(plan: MigrationPlan, change: PlannedChange) -> tuple[Message | None, datetime | None]:
    """Return what has to be done before a change, and until when it waits where only time is left."""
    earlier = [plan.change(identifier) for identifier in sorted(_closure(plan, change), key=int)]
    if not earlier:
        waits = change.kind is ChangeKind.WAIT
        return None, change.until if waits else None
    first = next((each for each in earlier if each.kind is not ChangeKind.WAIT), None)
    if first is None:
        return text("{step}", step=earlier[-1].summary), max((e.until for e in earlier if e.until), default=None)
    if len(earlier) == 1:
        return text("first: {step}", step=first.summary), None
    return text("first: {step} (and {count} more)", step=first.summary, count=len(earlier) - 1), None


def _closure(plan: MigrationPlan, change: PlannedChange) -> set[str]:
    """Return everything that a change needs, directly or not."""
    found: set[str] = set()
    waiting = [*change.needs]
    while waiting:
        identifier = waiting.pop()
        if identifier not in found:
            found.add(identifier)
            waiting += plan.change(identifier).needs
    return found

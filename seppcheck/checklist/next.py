"""The one thing that comes next, in the safe order: what a program does, what a person does, or time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from seppcheck.checklist.actions import (
    begin_the_record,
    by_hand,
    carry_out,
    configure,
    look_with_the_file,
    mend,
    not_known,
    release,
    resume,
    rollback,
    urgently,
    wait_for_the_gate,
)
from seppcheck.checklist.gate import LEAD_TIME
from seppcheck.checklist.journals import from_journal
from seppcheck.checklist.situation import Situation
from seppcheck.checklist.stage import HOLD, open_steps
from seppcheck.checklist.visibility import before_the_stage_is_known, look_again, make_visible
from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase
from seppcheck.model.checklist import NextKind, NextStep, Stage, State
from seppcheck.model.dns import MxRecords
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.plans import PlannedChange
from seppcheck.model.results import CheckResult
from seppcheck.model.text import Message, text
from seppcheck.settings.file import DEFAULT

_BEFORE_THE_NIGHT = (Stage.PREPARATION, Stage.LEAD_TIME, Stage.READY)


def next_of(situation: Situation, stage: Stage) -> NextStep:
    """Return what comes next; mail that is refused now is told before anything else."""
    step = next(_candidates(situation, stage))
    return urgently(step, situation.seen.refused) if situation.seen.refused else step


def _candidates(situation: Situation, stage: Stage) -> Iterator[NextStep]:
    """Yield what may come next; the first counts."""
    if not situation.configured:
        yield look_with_the_file() if str(DEFAULT) in situation.taken else configure(situation)
    yield from _rollbacks(situation)
    if stage is Stage.UNKNOWN:
        yield from _deciding(situation)
    if stage in _BEFORE_THE_NIGHT:
        yield from _preparing(situation)
    if stage in (Stage.READY, Stage.CUTOVER):
        yield from _by_plan(situation, PlanPhase.CUTOVER)
        yield from _wrong(situation, Phase.CUTOVER)
    if stage is Stage.COMPLETION:
        yield from _completing(situation)
    if stage is not Stage.FINISHED:
        yield _partly(situation, stage)
        return
    for phase in (PlanPhase.CUTOVER, PlanPhase.COMPLETION):
        if (begun := situation.begun(phase)) is not None:
            yield from from_journal(situation, begun)
    yield _finished(situation)


def _rollbacks(situation: Situation) -> Iterator[NextStep]:
    """Yield the rollback that was begun and has to be gone on with."""
    for file in situation.files:
        if (step := rollback(situation, file)) is not None:
            yield step


def _deciding(situation: Situation) -> Iterator[NextStep]:
    """Yield what has to be seen before anything may be done that holds only before the night, or only in it."""
    seen, hidden = situation.seen, situation.seen.hidden
    held = seen.held or any(change.check == HOLD for change in situation.changes(PlanPhase.READINESS))
    if not held and MxRecords not in hidden and situation.automatic(PlanPhase.READINESS):
        yield carry_out(situation, PlanPhase.READINESS)  # the TTL: right at any point before the MX records move
    results = [each for phase in (Phase.CUTOVER, Phase.READINESS) for each in situation.results[phase]]
    unseen = [each for each in results if each.outcome is Outcome.INCONCLUSIVE]
    for result in [each for each in unseen if hidden & {*situation.checks[each.check].evidence}] or unseen:
        yield before_the_stage_is_known(make_visible(situation, result))
    yield look_again(situation)


def _preparing(situation: Situation) -> Iterator[NextStep]:
    """Yield what may be done before the night: first what a clock waits for, then people's work, then time."""
    begun = situation.begun(PlanPhase.READINESS)
    going_on = resume(situation, begun).command if begun else ()
    changes = situation.changes(PlanPhase.READINESS)
    if situation.automatic(PlanPhase.READINESS):
        yield carry_out(situation, PlanPhase.READINESS)
    if situation.seen.unrecorded:
        yield begin_the_record(situation)
    yield from (by_hand(situation, change, going_on) for change in changes if change.kind is ChangeKind.MANUAL)
    yield from _unseen(situation, situation.results[Phase.READINESS])
    yield from (by_hand(situation, change) for change in _early(situation))
    if begun is not None:
        yield from from_journal(situation, begun)
    yield from _mendings(situation.results[Phase.READINESS])
    if (gate := wait_for_the_gate(situation)) is not None:
        yield gate


def _early(situation: Situation) -> Iterator[PlannedChange]:
    """Yield the steps for people that the night needs and that may be taken today: those before its first milestone."""
    for change in situation.plans[PlanPhase.CUTOVER].changes:
        if change.milestone is not None:
            return
        if change.kind is ChangeKind.MANUAL and not any(
            situation.plans[PlanPhase.CUTOVER].change(each).milestone for each in change.needs
        ):
            yield change


def _by_plan(situation: Situation, phase: PlanPhase) -> Iterator[NextStep]:
    """Yield what carries out a plan: its journal's next step, what has to be seen before, or the plan itself."""
    begun = situation.begun(phase)
    if begun is not None:
        yield from from_journal(situation, begun)
    plan = situation.plans[phase]
    unseen = {(each.check, each.target) for each in plan.unseen}
    yield from _unseen(situation, [r for r in situation.results[phase.phase] if (r.check, r.target.name) in unseen])
    if situation.changes(phase):
        yield carry_out(situation, phase)


def _completing(situation: Situation) -> Iterator[NextStep]:
    releasing = any(each.milestone is Milestone.HOLD_OFF for each in situation.plans[PlanPhase.COMPLETION].changes)
    if situation.seen.held and not releasing:  # waived, or left out: it is refused all the same
        yield release(situation)
    completion, cutover = situation.begun(PlanPhase.COMPLETION), situation.begun(PlanPhase.CUTOVER)
    if cutover is not None and completion is None:
        yield from from_journal(situation, cutover)
    if completion is not None:
        yield from from_journal(situation, completion)
    if situation.changes(PlanPhase.COMPLETION):  # what cannot be seen does not hold up the release of mail
        yield carry_out(situation, PlanPhase.COMPLETION)
    if situation.changes(PlanPhase.CUTOVER):
        yield from _by_plan(situation, PlanPhase.CUTOVER)
    yield from _wrong(situation, Phase.VERIFICATION)


def _wrong(situation: Situation, phase: Phase) -> Iterator[NextStep]:
    yield from _mendings(situation.results[phase])
    yield from _unseen(situation, situation.results[phase])


def _unseen(situation: Situation, results: Iterable[CheckResult]) -> Iterator[NextStep]:
    for result in results:
        if result.outcome is Outcome.INCONCLUSIVE:
            yield make_visible(situation, result)


def _mendings(results: Iterable[CheckResult]) -> Iterator[NextStep]:
    for result in results:
        if result.outcome is Outcome.FAILED and result.check != LEAD_TIME:
            yield mend(result)


def _partly(situation: Situation, stage: Stage) -> NextStep:
    """Return what to do where no plan has a step: what nobody looked at is named, and is no end."""
    step = not_known(situation, stage)
    if stage is not Stage.COMPLETION:
        return step
    left = {**open_steps(situation.narrowed or situation), **open_steps(situation)}
    unseen = tuple(name for name, state in left.items() if state is State.UNSEEN)
    unknown = unseen or tuple(each.check for each in situation.skipped)
    if not unknown or set(left.values()) - {State.UNSEEN, State.BLOCKED}:
        return step
    return replace(
        step, title=text("Everything that was looked at is done; not known: {numbers}", numbers=unknown), numbers=()
    )


def _finished(situation: Situation) -> NextStep:
    """Return that nothing is left; what somebody answers for is named."""
    waived = tuple(dict.fromkeys(r.check for r in situation.results[Phase.VERIFICATION] if r.outcome is Outcome.WAIVED))
    return NextStep(
        kind=NextKind.FINISHED,
        title=text("Everything is done but what is waived: {checks}", checks=waived)
        if waived
        else text("Everything is done: inline operation is verified."),
        steps=(text("Keep a report for the ticket: `seppcheck verification --html report.html`."), _after(situation)),
    )


def _after(situation: Situation) -> Message:
    if situation.accepted:
        return text("This state was accepted before: `seppcheck drift` tells what has changed since.")
    return text("Accept this state: `seppcheck baseline accept`; from then on `seppcheck drift` tells what changes.")

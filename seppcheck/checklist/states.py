"""The state of every step of the guide. Nothing is done that was not observed or attested to be so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from seppcheck.checklist.naming import names_for, personal
from seppcheck.checklist.order import Place, place_of
from seppcheck.checklist.situation import Situation
from seppcheck.engine.rollup import NOT_DUE, NOT_SELECTED, PAST
from seppcheck.model.checklist import ChecklistStep, Part, Stage, State, Witness
from seppcheck.model.guide import Number
from seppcheck.model.moments import MomentKind
from seppcheck.model.outcomes import WORST_FIRST, Assurance, Outcome, Reason, worst
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.text import Message, text

_NOW = {Stage.CUTOVER: Phase.CUTOVER, Stage.COMPLETION: Phase.VERIFICATION, Stage.FINISHED: Phase.VERIFICATION}
_OPEN = frozenset({Outcome.FAILED.value, Outcome.WARNED.value})
_GREEN = frozenset({State.DONE, State.NOTED, State.WAIVED, State.NOT_NEEDED})
_LEAD = "P2"
FIRST_SEE = text("how far the migration is has to be seen first")


def parts_of(situation: Situation, stage: Stage) -> tuple[Part, ...]:
    """Return the guide's chapters with the state of each number, and what goes beyond the guide."""
    names = names_for(situation)
    steps = {number.id: _step(situation, stage, number, names) for number in situation.guide.numbers}
    chapters = tuple(
        Part(chapter, tuple(_resting(steps[number.id], number, steps) for number in chapter.numbers))
        for chapter in situation.guide.chapters
    )
    beyond = tuple(_beyond(situation, stage))
    return (*chapters, Part(None, beyond)) if beyond else chapters


def phase_for(number: Number, stage: Stage) -> Phase:
    """Return in which phase a number has to be right to be done for good.

    What is due from the night on is done when verification calls it so: parallel objects that only rest, or an inbound
    connector that still waits, are not. What belongs to one phase is judged in that one.
    """
    if number.until is Phase.CUTOVER:
        return Phase.READINESS if number.due is Phase.READINESS and stage.rank < Stage.CUTOVER.rank else Phase.CUTOVER
    if number.due is Phase.READINESS:
        return _NOW.get(stage, Phase.READINESS)
    return Phase.VERIFICATION


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the checks say of one number in one phase."""

    value: str
    results: tuple[CheckResult, ...]
    findings: tuple[Finding, ...]

    @property
    def checks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(result.check for result in self.results))

    @property
    def leading(self) -> tuple[Finding, ...]:
        decisive = worst(finding.outcome for finding in self.findings)
        return tuple(finding for finding in self.findings if finding.outcome is decisive)

    @property
    def detail(self) -> Message | None:
        if not self.leading:
            return None
        first, *others = dict.fromkeys(finding.summary for finding in self.leading)
        return first if not others else text("{first} (and {count} more)", first=first, count=len(others))

    @property
    def reason(self) -> Reason | None:
        return next((f.reason for f in self.leading if isinstance(f.reason, Reason)), None)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        attested = [
            Witness(note.provenance.asked, note.provenance.collected_at)
            for result in self.results
            if result.assurance is Assurance.ATTESTED
            for note in result.evidence
            if note.provenance.assurance is Assurance.ATTESTED
        ]
        return tuple(dict.fromkeys(attested))


def _judged(situation: Situation, phase: Phase, number: str) -> _Judged:
    planned = tuple(r for r in situation.results[phase] if number in r.requirements)
    findings = tuple(f for r in planned for f in r.findings if f.requirement in (number, None))
    return _Judged(situation.requirements[phase].get(number, NOT_SELECTED), planned, findings)


def _step(situation: Situation, stage: Stage, number: Number, names: Mapping[str, object]) -> ChecklistStep:
    judged = _judged(situation, phase_for(number, stage), number.id)
    place = place_of(situation, stage, number, judged.checks)
    state, detail, until = _state(situation, stage, number, judged, place)
    is_open = state in (State.DUE, State.BLOCKED, State.WAITING, State.UNSEEN)
    return ChecklistStep(
        number=number.id,
        title=number.title,
        says=personal(number.step, names),
        state=state,
        detail=detail,
        until=until,
        reason=judged.reason if state is State.UNSEEN else None,
        witnesses=judged.witnesses if state in (State.DONE, State.NOTED) else (),
        menu=personal(number.menu, names),
        plan=place.plan if is_open else None,
        kind=place.kind if is_open else None,
        departure=personal(number.departure, names),
        checks=judged.checks or tuple(c.id for c in situation.checks.values() if number.id in c.requirements),
    )


_Told = tuple[State, Message | None, datetime | None]


def _state(situation: Situation, stage: Stage, number: Number, judged: _Judged, place: Place) -> _Told:
    if number.until is Phase.CUTOVER and stage.rank > Stage.CUTOVER.rank:
        return State.NOT_NEEDED, text("everything has moved: its time is over"), None
    if stage is Stage.UNKNOWN and judged.value in _OPEN and _is_of_the_stage(situation, number):
        return State.BLOCKED, FIRST_SEE, None
    if number.due is Phase.VERIFICATION and stage.rank < Stage.COMPLETION.rank:
        return State.BLOCKED, text("the cutover comes first"), None
    if judged.value in _OPEN:
        return _open(situation, stage, number, judged, place)
    state, now = settled(judged.value, stage, number), _judged(situation, Phase.CUTOVER, number.id)
    if state is State.DONE and stage.rank <= Stage.CUTOVER.rank and now.value in _OPEN:
        return State.NOTED, now.detail, None  # right in the end, and wrong at this point of the night
    return state, _unlooked(situation, judged.value, number) or judged.detail, None


def _is_of_the_stage(situation: Situation, number: Number) -> bool:
    """Tell whether a number is wrong, or due, only at some point of the migration: elsewhere it must stay."""
    return number.due is not Phase.READINESS or situation.requirements[Phase.CUTOVER].get(number.id) not in _OPEN


def settled(value: str, stage: Stage, number: Number) -> State:
    """Return the state of a number with which nothing is known to be wrong. Only an outcome of passed is done."""
    match value:
        case Outcome.PASSED.value:
            return State.DONE
        case Outcome.WAIVED.value:
            return State.WAIVED
        case Outcome.NOT_APPLICABLE.value:
            # before the night objects are missing that it is about: that does not make it needless
            missing = number.due is Phase.CUTOVER and stage.rank < Stage.CUTOVER.rank
            return State.BLOCKED if missing else State.NOT_NEEDED
        case _ if value == PAST:
            return State.NOT_NEEDED
        case _ if value == NOT_DUE:
            return State.BLOCKED
        case _:
            return State.UNSEEN


def _early(number: Number, stage: Stage) -> bool:
    return number.due is Phase.CUTOVER and stage.rank < Stage.READY.rank


def _unlooked(situation: Situation, value: str, number: Number) -> Message | None:
    if value != NOT_SELECTED:
        return None
    left_out = [each for each in situation.skipped if number.id in _requirements(situation, each.check)]
    if left_out:
        return text("{check} was left out: {reason}", check=left_out[0].check, reason=left_out[0].reason)
    return text("no check of this installation looks at it")


def _requirements(situation: Situation, check: str) -> Sequence[str]:
    known = situation.checks.get(check)
    return known.requirements if known else ()


def _open(situation: Situation, stage: Stage, number: Number, judged: _Judged, place: Place) -> _Told:
    """Return the state of a number with which something is wrong, or worth a look."""
    if judged.value == Outcome.WARNED.value and (number.id == _LEAD or not place.is_planned):
        return _of_the_gate(situation, judged) if number.id == _LEAD else (State.NOTED, judged.detail, None)
    if place.until is not None:
        return State.WAITING, place.blocked_by or judged.detail, place.until
    if place.blocked_by is not None:
        return State.BLOCKED, place.blocked_by, None
    if _early(number, stage):
        return State.BLOCKED, place.first or text("the preparation comes first"), None
    if not place.is_planned and stage.rank < Stage.COMPLETION.rank and {*judged.checks} & situation.removed_late:
        return State.BLOCKED, text("kept for the way back: it goes in the completion, once mail flows"), None
    return State.DUE, judged.detail, None


def _of_the_gate(situation: Situation, judged: _Judged) -> _Told:
    """Return whether the time of the low TTL has begun, and until when it lasts; other warnings are remarks."""
    gates = [m.at for m in situation.moments if m.kind is MomentKind.MX_MAY_MOVE and not m.over]
    if situation.seen.unrecorded:
        told = text(
            "the TTL is low, and no run has put it on record yet: `seppcheck readiness` begins the time of {domains}",
            domains=situation.seen.unrecorded,
        )
        return State.DUE, told, None
    if not gates:
        return State.NOTED, judged.detail, None
    return State.WAITING, judged.detail, max((at for at in gates if at), default=None)


def _resting(step: ChecklistStep, number: Number, steps: Mapping[str, ChecklistStep]) -> ChecklistStep:
    """Return a step that is done only together with those that it rests on."""
    missing = tuple(each for each in number.rests_on if each in steps and steps[each].state not in _GREEN)
    if step.state is not State.DONE or not missing:
        return step
    return replace(
        step,
        state=State.BLOCKED,
        detail=text("it can be told only with {numbers}: {seen}", numbers=missing, seen=step.detail or "-"),
        witnesses=(),
    )


def _beyond(situation: Situation, stage: Stage) -> Iterable[ChecklistStep]:
    """Yield what checks say that stand at no number now, where there is something to do or to see: once a check."""
    wrong: dict[str, list[CheckResult]] = {}
    for result in situation.results[_NOW.get(stage, Phase.READINESS)]:
        if not result.requirements and result.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
            wrong.setdefault(result.check, []).append(result)
    in_the_night = {(r.check, r.target.name) for r in situation.results[Phase.CUTOVER] if r.outcome.value in _OPEN}
    for results in wrong.values():
        step = _advice(results)
        of_the_stage = stage is Stage.UNKNOWN and not all((r.check, r.target.name) in in_the_night for r in results)
        yield replace(step, state=State.BLOCKED, detail=FIRST_SEE) if of_the_stage and step.state is State.DUE else step


def _advice(results: Sequence[CheckResult]) -> ChecklistStep:
    result = min(results, key=lambda each: WORST_FIRST.index(each.outcome))
    state = {
        Outcome.FAILED: State.DUE,
        Outcome.WARNED: State.DUE if result.mending else State.NOTED,
        Outcome.WAIVED: State.WAIVED,
    }.get(result.outcome, State.UNSEEN)
    more = len(results) - 1
    return ChecklistStep(
        number="",
        title=result.title,
        state=state,
        detail=text("{first} (and {count} more)", first=result.summary, count=more) if more else result.summary,
        reason=result.reason if isinstance(result.reason, Reason) else None,
        plan=result.mending.plan if result.mending else None,
        kind=result.mending.kind if result.mending else None,
        checks=(result.check,),
    )

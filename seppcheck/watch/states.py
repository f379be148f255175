"""Go or no go: what a run says may be done at this moment."""

from __future__ import annotations

from collections.abc import Sequence

from seppcheck.engine.next import DONE, GO, MX
from seppcheck.engine.rollup import NOT_SELECTED
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Outcome, Severity
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import Message, text
from seppcheck.model.watching import State, StateKind
from seppcheck.watch.changes import rest

_FEW = 1
"""Reasons that the line gives in words; the board has them all."""
_SEVERITIES = tuple(Severity)
_GREEN = {GO: StateKind.GO, DONE: StateKind.DONE}


def state_of(run: Run) -> State:
    """Return the state of a run. It is go, or done, only where the run itself says so and nothing is provisional."""
    if run.verdict is Verdict.FAILED:
        return State(StateKind.NO_GO, text("No go: {reasons}", reasons=_reasons(run, Outcome.FAILED)))
    if run.verdict is Verdict.INCONCLUSIVE:
        reasons = _reasons(run, Outcome.INCONCLUSIVE) or (text("nothing was checked"),)
        return State(StateKind.CANNOT_TELL, text("Cannot tell: {reasons}", reasons=reasons))
    if run.next is None:
        return _waiting(run)
    unsettled = [moment for moment in run.moments if moment.kind is MomentKind.RULE_SETTLED and not moment.over]
    if unsettled:
        return State(StateKind.PROVISIONAL, _provisional(unsettled, run.next))
    return State(_GREEN.get(run.next, StateKind.WAIT), run.next)


def _reasons(run: Run, outcome: Outcome) -> tuple[Message, ...]:
    """Return the worst results of an outcome in words, and how many more there are."""
    found = sorted((r for r in run.results if r.outcome is outcome), key=lambda r: _SEVERITIES.index(r.severity))
    return (*map(_told, found[:_FEW]), *rest(len(found) - _FEW))


def _told(result: CheckResult) -> Message:
    return text("{check} of {target}: {summary}", check=result.check, target=result.target.name, summary=result.summary)


def _waiting(run: Run) -> State:
    if NOT_SELECTED in run.requirements.values():
        return State(StateKind.WAIT, text("What was looked at is in order; checks were left out, so there is no go"))
    awaited = tuple(moment.summary for moment in run.moments if not moment.over)
    if awaited:
        return State(StateKind.WAIT, text("Wait, everything is in order so far: {awaited}", awaited=awaited))
    if behind := _not_moved(run):
        sentence = text("The MX record of {domains} is not moved yet, others are: go on with the plan", domains=behind)
        return State(StateKind.WAIT, sentence)
    return State(StateKind.WAIT, text("Everything is in order so far: go on with the plan"))


def _not_moved(run: Run) -> tuple[str, ...]:
    """Return the domains whose MX record is elsewhere, where some are moved and some are not."""
    moved = {
        result.target.name: result.outcome
        for result in run.results
        if any(f.requirement == MX for f in result.findings)
    }
    behind = tuple(name for name, outcome in moved.items() if outcome is Outcome.WARNED)
    return behind if Outcome.PASSED in moved.values() else ()


def _provisional(unsettled: Sequence[Moment], answer: Message) -> Message:
    return text(
        "Wait, provisional until {until}: {reasons}. After that: {answer}",
        until=max(moment.at for moment in unsettled if moment.at is not None),
        reasons=tuple(moment.summary for moment in unsettled[:_FEW]),
        answer=answer,
    )

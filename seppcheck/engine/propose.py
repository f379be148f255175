"""Asking remediations what they would do: over gathered evidence, once; a crash concerns that remediation alone."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from seppcheck.engine.gather import Key, argument_of
from seppcheck.engine.plan import Remedy
from seppcheck.model.changes import Change, ChangeKind, ManualStep, Note, PlanPhase, Proposed, Step, Wait
from seppcheck.model.evidence import Now, Record, Unavailable
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Mending
from seppcheck.model.targets import Site
from seppcheck.model.text import Message, text

_PLANS: Mapping[Phase, tuple[PlanPhase, ...]] = {
    Phase.READINESS: (PlanPhase.READINESS,),
    Phase.CUTOVER: (PlanPhase.CUTOVER,),
    Phase.VERIFICATION: (PlanPhase.COMPLETION, PlanPhase.CUTOVER),
    Phase.DRIFT: (PlanPhase.COMPLETION, PlanPhase.CUTOVER),
}
"""The plans that may mend what a phase finds: the first that has something to do is named."""


def mended(
    result: CheckResult,
    remedies: Iterable[Remedy],
    site: Site,
    phase: Phase,
    now: Now,
    records: Mapping[Key, Record],
) -> CheckResult:
    """Return a result that says what its remediation would do, where it is not as it should be."""
    if result.outcome not in (Outcome.FAILED, Outcome.WARNED, Outcome.INCONCLUSIVE):
        return result
    remedy = next((each for each in remedies if _answers(each, result, site)), None)
    if remedy is None:
        return result
    for plan in _PLANS[phase]:
        steps = propose(remedy, site, plan, now, records).steps
        if steps:
            automatic = any(isinstance(step, Change) for step in steps)
            kind = ChangeKind.AUTOMATIC if automatic else ChangeKind.MANUAL
            return replace(result, mending=Mending(kind, plan, tuple(step.summary for step in steps)))
    return result


def propose(remedy: Remedy, site: Site, phase: PlanPhase, now: Now, records: Mapping[Key, Record]) -> Proposed:
    """Return what a remediation would do in a plan; evidence that it insists on and that is missing is told."""
    check, target = remedy.remediation.check, remedy.target
    if phase not in remedy.remediation.phases:
        return Proposed(check, target)
    arguments = {
        wanted: phase if wanted.type is PlanPhase else argument_of(wanted, target, site, phase.phase, now, records)
        for wanted in remedy.wanted
    }
    missing = [a for w, a in arguments.items() if isinstance(a, Unavailable) and not w.or_unavailable]
    if missing:
        return Proposed(check, target, missing=missing[0].detail)
    try:
        found = list(remedy.remediation.function(**{w.name: a for w, a in arguments.items()}))
        _refuse_nonsense(found)
    except Exception as error:  # noqa: BLE001 - it may be foreign code: its crash concerns this remediation alone
        return Proposed(check, target, missing=_crashed(error), crashed=True)
    steps = tuple(each for each in found if not isinstance(each, Note))
    return Proposed(check, target, steps, tuple(each.text for each in found if isinstance(each, Note)))


def _answers(remedy: Remedy, result: CheckResult, site: Site) -> bool:
    same = remedy.remediation.check == result.check
    return same and remedy.target == site.around(result.target, remedy.remediation.target)


def _refuse_nonsense(found: Sequence[Step | Note]) -> None:
    for step in found:
        if isinstance(step, Note):
            continue
        if not isinstance(step, Change | ManualStep | Wait):
            raise TypeError(f"it returned {type(step).__name__}, not a change, a manual step, a wait or a note")
        if step.reaches and step.needs and step.reaches.rank <= step.needs.rank:
            raise ValueError(f"it needs {step.needs} to reach {step.reaches}, which comes before")
        str(step.summary), str(step.why)


def _crashed(error: Exception) -> Message:
    frames = traceback.extract_tb(error.__traceback__)
    return text(
        "the remediation crashed: {kind}: {error} ({where}); this is a bug, please report it",
        kind=type(error).__name__,
        error=error,
        where=f"{frames[-1].filename}:{frames[-1].lineno}",
    )

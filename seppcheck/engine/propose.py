"""Asking remediations what they would do: over gathered evidence, once; a crash concerns that remediation alone."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence

from seppcheck.engine.gather import Key, argument_of
from seppcheck.engine.plan import Remedy
from seppcheck.model.changes import Change, ManualStep, Note, PlanPhase, Proposed, Step, Wait
from seppcheck.model.evidence import Now, Record, Unavailable
from seppcheck.model.targets import Site
from seppcheck.model.text import Message, text


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
        return Proposed(check, target, missing=_crashed(error))
    steps = tuple(each for each in found if not isinstance(each, Note))
    return Proposed(check, target, steps, tuple(each.text for each in found if isinstance(each, Note)))


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

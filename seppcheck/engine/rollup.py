"""Rolling up: every number of the guide to its worst outcome, and nothing dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from seppcheck.model.checks import Check
from seppcheck.model.guide import Guide, Number
from seppcheck.model.outcomes import Outcome, worst
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Skipped

NOT_DUE = "not-due"
PAST = "past"
NOT_SELECTED = "not-selected"
_GREEN = (Outcome.PASSED, Outcome.NOT_APPLICABLE)


def roll_up(
    guide: Guide,
    phase: Phase,
    checks: Iterable[Check],
    results: Sequence[CheckResult],
    skipped: Iterable[Skipped],
) -> Mapping[str, str]:
    """Return the state of every number of the guide, in its order."""
    left_out = {entry.check for entry in skipped}
    answers: dict[str, list[Check]] = {number.id: [] for number in guide.numbers}
    for check in checks:
        for requirement in check.requirements:
            answers.setdefault(requirement, []).append(check)
    return {n.id: _state(n, phase, answers[n.id], results, left_out) for n in guide.numbers}


def uncovered(guide: Guide, phase: Phase, checks: Iterable[Check]) -> tuple[str, ...]:
    """Return the numbers that are due in this phase and that no check of this installation answers."""
    present = list(checks)
    answered = {requirement for check in present for requirement in check.requirements}
    due = [n for n in guide.numbers if n.when(phase) == "due"]
    return tuple(n.id for n in due if n.id not in answered or _parts_missing(n, present))


def _parts_missing(number: Number, checks: Iterable[Check]) -> bool:
    """Tell whether a check is missing without which the number is looked at in part only."""
    return not set(number.parts) <= {check.id for check in checks}


def _state(
    number: Number, phase: Phase, checks: Sequence[Check], results: Sequence[CheckResult], left_out: set[str]
) -> str:
    planned = [r for r in results if number.id in r.requirements]
    judged = [_counted(r, f) for r in planned for f in r.findings if f.requirement in (number.id, None)]
    outcome = worst(judged)
    if judged and outcome not in _GREEN:
        return outcome.value
    when = number.when(phase)
    if when != "due":
        return NOT_DUE if when == "early" else PAST
    if not planned or any(check.id in left_out for check in checks) or _parts_missing(number, checks):
        return NOT_SELECTED
    return outcome.value  # of a check that judged nothing for this number: inconclusive


def _counted(result: CheckResult, finding: Finding) -> Outcome:
    return Outcome.WAIVED if result.outcome is Outcome.WAIVED and finding.waived_by else finding.outcome

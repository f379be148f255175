"""In which order and under which names results are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from seppcheck.model.drift import DriftEntry
from seppcheck.model.outcomes import Outcome, Severity
from seppcheck.model.results import CheckResult, Finding, Waiver
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.reports.encoders import for_identifier
from seppcheck.reports.words import MENDING

_SEVERITIES = tuple(Severity)
_URGENCY = (
    Outcome.FAILED,
    Outcome.WARNED,
    Outcome.INCONCLUSIVE,
    Outcome.WAIVED,
    Outcome.PASSED,
    Outcome.NOT_APPLICABLE,
)


def with_outcome(run: Run, *outcomes: Outcome, order: Sequence[Outcome] = _URGENCY) -> tuple[CheckResult, ...]:
    """Return the results of some outcomes, most urgent first: failed, warned; blockers before advice."""
    found = (result for result in run.results if result.outcome in outcomes)
    return tuple(sorted(found, key=lambda result: urgency(result, order)))


def urgency(result: CheckResult, order: Sequence[Outcome] = _URGENCY) -> tuple[int, int]:
    """Return a sort key: failed before warned, blockers before advice; equal keys keep their order."""
    return order.index(result.outcome), _SEVERITIES.index(result.severity)


def names(run: Run) -> dict[int, str]:
    """Return a name for every result, by its place in the run: check and target, unique and safe.

    It is the same from run to run as long as check and target are; only twins are numbered.
    """
    taken: dict[str, int] = {}
    named: dict[int, str] = {}
    for place, result in enumerate(run.results):
        name = f"{for_identifier(result.check)}::{for_identifier(result.target.name)}"
        taken[name] = taken.get(name, 0) + 1
        named[place] = name if taken[name] == 1 else f"{name}-{taken[name]}"
    return named


def drift_names(run: Run) -> Iterator[tuple[DriftEntry, str]]:
    """Yield what drifted, each with a unique, safe name that is the same from run to run; only twins are numbered."""
    taken: dict[str, int] = {}
    for entry in run.drift or ():
        parts = (entry.kind, entry.target.name, entry.object, entry.property)
        name = "::".join(for_identifier(part) for part in parts if part)
        taken[name] = taken.get(name, 0) + 1
        yield entry, name if taken[name] == 1 else f"{name}-{taken[name]}"


def expectation(result: CheckResult) -> Finding | None:
    """Return the finding whose expected and observed speak for the result."""
    told = [f for f in result.leading if f.expected is not None or f.observed is not None]
    return told[0] if told else None


def waivers_of(result: CheckResult) -> Iterator[Waiver]:
    """Yield the waivers that cover it, each once."""
    seen: list[Waiver] = []
    for finding in result.findings:
        if finding.waived_by is not None and finding.waived_by not in seen:
            seen.append(finding.waived_by)
            yield finding.waived_by


def unlooked(results: Iterable[CheckResult]) -> Iterator[tuple[CheckResult, Finding]]:
    """Yield every inconclusive finding with its result, those inside failed results too."""
    for result in results:
        for finding in result.findings:
            if finding.outcome is Outcome.INCONCLUSIVE:
                yield result, finding


def state_of(run: Run, number: str) -> str:
    """Return the state of a number of the guide; one that nothing answers must not look as if it were not due."""
    return "uncovered" if number in run.uncovered else str(run.requirements.get(number, "uncovered"))


def mending_of(result: CheckResult) -> Message | None:
    """Return what the remediation would do and the command that plans it; None where there is none."""
    mending = result.mending
    if mending is None:
        return None
    return text(
        "{kind}, planned by `seppcheck plan {phase}`: {changes}",
        kind=MENDING[mending.kind],
        phase=mending.plan.value,
        changes=mending.changes,
    )

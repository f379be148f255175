"""The answer of a run in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seppcheck.model.outcomes import Outcome, Severity
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Verdict, verdict_of
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports.drift import count_of

_ANSWERS: Mapping[Phase, Mapping[Verdict, Message]] = {
    Phase.READINESS: {
        Verdict.PASSED: text("Ready"),
        Verdict.FAILED: text("Do not start"),
        Verdict.INCONCLUSIVE: text("Cannot tell whether you may start"),
    },
    Phase.CUTOVER: {
        Verdict.PASSED: text("Every step is in order"),
        Verdict.FAILED: text("Stop and mend first"),
        Verdict.INCONCLUSIVE: text("Cannot tell whether every step is in order"),
    },
    Phase.VERIFICATION: {
        Verdict.PASSED: text("Finished"),
        Verdict.FAILED: text("Not finished"),
        Verdict.INCONCLUSIVE: text("Cannot tell whether it is finished"),
    },
    Phase.DRIFT: {
        Verdict.PASSED: text("Still in order"),
        Verdict.FAILED: text("No longer in order"),
        Verdict.INCONCLUSIVE: text("Cannot tell whether it is still in order"),
    },
}


def verdict_line(run: Run, translate: Translate = str) -> str:
    """Return the answer and the counts behind it, such as "Do not start: 2 blockers failed."."""
    counts = ", ".join(part.render(translate) for part in _parts(run))
    answer = _answer(run).render(translate)
    drift = count_of(run)
    if drift is None:
        return text("{answer}: {counts}.", answer=answer, counts=counts).render(translate)
    return text("{answer}: {counts}. Drift: {drift}.", answer=answer, counts=counts, drift=drift).render(translate)


def _answer(run: Run) -> Message:
    if run.drift and _judged(run) is Verdict.PASSED:
        return text("In order, but not as it was")
    if run.verdict is Verdict.PASSED and "not-selected" in run.requirements.values():
        return text("What was looked at is in order")  # "Ready" would say more than anybody looked at
    if run.verdict is Verdict.PASSED and run.next is not None:
        return run.next
    return _ANSWERS[run.phase][run.verdict]


def _judged(run: Run) -> Verdict:
    """Return what the checks alone say, drift or not."""
    return verdict_of(result.outcome for result in run.results)


def _parts(run: Run) -> Iterator[Message]:
    """Yield what decided, worst first; passes are counted only where nothing is worse."""
    if not run.results:
        yield text("nothing was checked")
        return
    yield from _failures(run)
    yield from _unlooked(run)
    if run.interrupted:
        yield text("the run was interrupted")
    if _judged(run) is Verdict.INCONCLUSIVE and not run.counts[Outcome.INCONCLUSIVE]:
        yield text("nothing applied")
    if _judged(run) is Verdict.PASSED:
        passed = run.counts[Outcome.PASSED]
        yield text("1 check passed") if passed == 1 else text("{count} checks passed", count=passed)
        if waived := run.counts[Outcome.WAIVED]:
            yield text("{count} waived", count=waived)
    if warned := run.counts[Outcome.WARNED]:
        yield text("{count} warned", count=warned)
    yield from _untried(run)


def _failures(run: Run) -> Iterator[Message]:
    failed = [result for result in run.results if result.outcome is Outcome.FAILED]
    blockers = sum(result.severity is Severity.BLOCKER for result in failed)
    others = len(failed) - blockers
    if blockers:
        yield text("1 blocker failed") if blockers == 1 else text("{count} blockers failed", count=blockers)
    if others and blockers:
        yield text("1 other check failed") if others == 1 else text("{count} other checks failed", count=others)
    elif others:
        yield text("1 check failed") if others == 1 else text("{count} checks failed", count=others)


def _unlooked(run: Run) -> Iterator[Message]:
    """Yield requirements that could not be looked at, and checks without a number."""
    numbers = sum(state == Outcome.INCONCLUSIVE for state in run.requirements.values())
    missing = [result for result in run.results if result.outcome is Outcome.INCONCLUSIVE]
    checks = sum(not result.requirements for result in missing) if numbers else len(missing)
    if numbers == 1:
        yield text("1 requirement could not be looked at")
    elif numbers:
        yield text("{count} requirements could not be looked at", count=numbers)
    if checks == 1:
        yield text("1 check could not be concluded")
    elif checks:
        yield text("{count} checks could not be concluded", count=checks)


def _untried(run: Run) -> Iterator[Message]:
    """Yield what no check is here for, and what was left out by choice."""
    if len(run.uncovered) == 1:
        yield text("1 requirement has no check here")
    elif run.uncovered:
        yield text("{count} requirements have no check here", count=len(run.uncovered))
    if len(run.skipped) == 1:
        yield text("1 check left out")
    elif run.skipped:
        yield text("{count} checks left out", count=len(run.skipped))

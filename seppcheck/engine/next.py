"""The two green ends of cutover: "move the MX now" and "switch the hold off"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seppcheck.engine.rollup import NOT_SELECTED
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Verdict, verdict_of
from seppcheck.model.text import Message, text

GO = text("Go: move the MX now")
DONE = text("Done: switch the hold off")

MX, _INBOUND = "C1", "I2"


def next_step(
    phase: Phase, guide: Guide, results: Iterable[CheckResult], requirements: Mapping[str, str]
) -> Message | None:
    """Return what to do next, or None when it may not be said.

    It may be said in cutover alone, when everything passed and every number that is due was looked
    at: leaving a check out must not turn into "go".
    """
    judged = list(results)
    due = [requirements[n.id] for n in guide.numbers if n.when(phase) == "due"]
    if phase is not Phase.CUTOVER or NOT_SELECTED in due or verdict_of(r.outcome for r in judged) is not Verdict.PASSED:
        return None
    moved = {f.outcome for r in judged for f in r.findings if f.requirement == MX}
    if moved == {Outcome.PASSED}:
        return None if _waits(judged) else DONE
    if Outcome.PASSED not in moved:
        return GO
    return None


def _waits(results: Iterable[CheckResult]) -> bool:
    """Tell whether the old MX record's TTL still runs down: the inbound connector waits disabled, or came too early."""
    inbound = [f for r in results for f in r.findings if f.requirement == _INBOUND and f.observed is not None]
    return any(str(finding.observed) == "false" or finding.outcome is Outcome.WARNED for finding in inbound)

"""Waivers: findings that somebody answers for, with a reason, an owner and an end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult, Finding, Waiver
from seppcheck.model.run import UnusedWaiver

_WAIVABLE = (Outcome.FAILED, Outcome.WARNED)


def waive(result: CheckResult, waivers: Iterable[Waiver]) -> CheckResult:
    """Return the result as `waived` when every failed and warned finding is covered, else unchanged.

    A result with an inconclusive finding is never waived: nobody can answer for what was not seen.
    """
    if result.outcome not in _WAIVABLE:
        return result
    findings = tuple(_covered(result, finding, waivers) for finding in result.findings)
    if any(f.outcome is Outcome.INCONCLUSIVE or (f.outcome in _WAIVABLE and not f.waived_by) for f in findings):
        return result
    return replace(result, outcome=Outcome.WAIVED, waived_outcome=result.outcome, findings=findings)


def _covered(result: CheckResult, finding: Finding, waivers: Iterable[Waiver]) -> Finding:
    if finding.outcome not in _WAIVABLE:
        return finding
    by = next((waiver for waiver in waivers if _matches(waiver, result, finding)), None)
    return finding.but(waived_by=by)


def _covered_in(result: CheckResult, waivers: Iterable[Waiver], today: date) -> Iterable[Finding]:
    if result.outcome is Outcome.WAIVED:
        return result.findings
    return [_covered(result, finding, [w for w in waivers if w.until >= today]) for finding in result.findings]


def _matches(waiver: Waiver, result: CheckResult, finding: Finding) -> bool:
    return (
        waiver.check == result.check
        and fnmatchcase(result.target.name, waiver.target)
        and fnmatchcase(finding.requirement or "", waiver.requirement)
        and fnmatchcase(finding.subject, waiver.subject)
    )


def unused(waivers: Sequence[Waiver], results: Iterable[CheckResult], today: date) -> tuple[UnusedWaiver, ...]:
    """Return the waivers that covered nothing: expired ones, and others whose check was judged.

    One that covers a finding whose result stays as it is, for the sake of others, is in use: its finding is there.
    """
    judged = list(results)
    used = {f.waived_by for r in judged for f in _covered_in(r, waivers, today)}
    planned = {r.check for r in judged}
    return tuple(
        UnusedWaiver(waiver, waiver.until < today)
        for waiver in waivers
        if waiver not in used and (waiver.until < today or waiver.check in planned)
    )

"""Judging: a check's function over gathered evidence, once, and nothing it does can look green by accident."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence

from seppcheck.engine.gather import Key, argument_of, key_of, pieces
from seppcheck.engine.plan import Case
from seppcheck.model.checks import Check, Wanted
from seppcheck.model.evidence import Each, Evidence, Now, Record, Unavailable
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, EvidenceNote, Finding, Inconclusive, outcome_of
from seppcheck.model.targets import Site


def judge(case: Case, site: Site, phase: Phase, now: Now, records: Mapping[Key, Record]) -> CheckResult:
    """Return the result of one case. A crash of the check is its result: `crashed`."""
    arguments = {w: argument_of(w, case.target, site, phase, now, records) for w in case.check.wanted}
    missing = [(w, a) for w, a in arguments.items() if isinstance(a, Unavailable) and not w.or_unavailable]
    if missing:
        reasons = {(a.reason, a.detail): _not_seen(w, a) for w, a in reversed(missing)}  # each told once
        findings: Sequence[Finding] = list(reversed(reasons.values()))
    else:
        findings = _called(case.check, {w.name: a for w, a in arguments.items()})
        findings = [*findings, *_contradictions(arguments)]
    return result_of(case, phase, findings, _notes(case, site, records))


def result_of(
    case: Case, phase: Phase, findings: Sequence[Finding], notes: tuple[EvidenceNote, ...] = ()
) -> CheckResult:
    """Number and cap the findings of a case and put them together."""
    check = case.check
    numbers = check.numbers(phase)
    only = numbers[0] if len(numbers) == 1 else None
    cap = check.phases.get(phase, Outcome.FAILED)
    judged = tuple(f.but(requirement=f.requirement or only).capped(cap) for f in findings)
    outcome = outcome_of(judged)
    return CheckResult(
        check=check.id,
        requirements=numbers,
        severity=check.severity,
        title=check.manual.title,
        target=case.target,
        outcome=outcome,
        findings=judged,
        evidence=notes,
        steps=() if outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE) else check.manual.steps,
    )


def _notes(case: Case, site: Site, records: Mapping[Key, Record]) -> tuple[EvidenceNote, ...]:
    needed = [piece for wanted in case.check.wanted for piece in pieces(wanted, case.target, site)]
    keys = dict.fromkeys(key_of(kind.kind, target) for kind, target in needed)
    return tuple(EvidenceNote(records[key].kind, records[key].provenance) for key in keys)


def _not_seen(wanted: Wanted, why: object) -> Finding:
    if not isinstance(why, Unavailable) or not issubclass(wanted.type, Evidence):
        raise TypeError(wanted)
    return Finding(Outcome.INCONCLUSIVE, why.detail, subject=wanted.type.kind, reason=why.reason)


def _contradictions(arguments: Mapping[Wanted, object]) -> Sequence[Finding]:
    """Report, for every fact that was used, what a person wrote down otherwise."""
    used = [a for a in arguments.values() if isinstance(a, Evidence)]
    used += [e for a in arguments.values() if isinstance(a, Each) for _, e in a.present]
    return [
        Finding(Outcome.WARNED, evidence.contradiction, subject=evidence.kind)
        for evidence in used
        if evidence.contradiction is not None
    ]


def _called(check: Check, arguments: Mapping[str, object]) -> Sequence[Finding]:
    try:
        answer = check.function(**arguments)
        findings = [answer] if isinstance(answer, Finding) else list(answer)
        _refuse_nonsense(check, findings)
        for finding in findings:
            str(finding.summary)  # a message that cannot be shown is a crash here, not in a report
    except Exception as error:  # noqa: BLE001 - a check may be foreign code: its crash concerns this check alone
        return [_crashed(error)]
    return findings


def _refuse_nonsense(check: Check, findings: Sequence[object]) -> None:
    if not findings:
        raise ValueError("it returned no finding, so nothing was judged")
    for finding in findings:
        if not isinstance(finding, Finding):
            raise TypeError(f"it returned {type(finding).__name__}, not a finding")
        if finding.requirement is not None and finding.requirement not in check.requirements:
            raise ValueError(f"it judged {finding.requirement}, which it does not declare")


def _crashed(error: Exception) -> Finding:
    frames = traceback.extract_tb(error.__traceback__)
    return Inconclusive(
        "the check crashed: {kind}: {error} ({where}); this is a bug, please report it",
        kind=type(error).__name__,
        error=error,
        where=f"{frames[-1].filename}:{frames[-1].lineno}",
        reason=Reason.CRASHED,
    ).but(subject="")

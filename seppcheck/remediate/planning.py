"""From a request to a plan: look, judge, ask the remediations, put it in order. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from seppcheck.engine.gather import key_of, pieces
from seppcheck.engine.plan import Selection, refuse_unknown_patterns
from seppcheck.locale import translator
from seppcheck.model.changes import PlanPhase, Proposed
from seppcheck.model.evidence import Unavailable
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.plans import MigrationPlan, Unseen
from seppcheck.model.results import CheckResult
from seppcheck.model.text import text
from seppcheck.remediate.completeness import (
    Chosen,
    blocking,
    is_selected,
    night_is_over,
    unfinished_night,
    without_gaps,
)
from seppcheck.remediate.dns_writers import writer_for
from seppcheck.remediate.making import Frame, Means, make_plan
from seppcheck.run import Gathered, Request, gather, judged, proposed
from seppcheck.settings import Settings

_NOBODY_ANSWERED = frozenset(
    {
        *(Reason.TIMEOUT, Reason.UNREACHABLE, Reason.REFUSED, Reason.DNS_ERROR, Reason.TLS_ERROR, Reason.AUTH_FAILED),
        *(Reason.PERMISSION_MISSING, Reason.THROTTLED, Reason.MALFORMED, Reason.INCOMPLETE, Reason.CRASHED),
        Reason.INTERRUPTED,
    }
)


def plan_for(request: Request, phase: PlanPhase) -> MigrationPlan:
    """Look at the world and plan what a phase needs.

    Raises:
        UserError: for a pattern without a check, or bundles that do not go together.
    """
    refuse_unknown_patterns(request.selection, request.registry.checks)
    whole = request if phase is PlanPhase.READINESS else replace(request, selection=Selection())
    return plan_from(request, phase, gather(whole, [phase.phase]))


def plan_from(request: Request, phase: PlanPhase, gathered: Gathered) -> MigrationPlan:
    """Plan what a phase needs from evidence that is there.

    Args:
        request: whose selection narrows the plan.
        phase: what the plan is for.
        gathered: the evidence of the phase's checks: of all of them, but in readiness, where the selection is enough.
    """
    results = judged(request, phase.phase, gathered)
    waived = {(result.check, result.target) for result in results if result.outcome is Outcome.WAIVED}
    chosen = is_selected(request.selection, phase)
    asked = [_left_alone(each) if (each.check, each.target) in waived else each for each in proposed(gathered, phase)]
    kept = [blocking(each, phase) for each in asked if chosen(each)]
    proposals = without_gaps(kept, [each for each in asked if not chosen(each)])
    if phase is PlanPhase.CUTOVER:
        proposals = night_is_over(asked, proposals)
    if phase is PlanPhase.COMPLETION and (unfinished := unfinished_night(proposed(gathered, PlanPhase.CUTOVER))):
        proposals = [unfinished]
    frame = Frame(
        phase=phase,
        site=request.settings.site,
        created_at=request.clock(),
        judged_at=gathered.judged_at,
        language=request.language,
        translate=translator(request.language),
    )
    checks = request.registry.checks

    def numbers(check: str) -> tuple[str, ...]:
        known = checks.get(check)
        return known.numbers(phase.phase) or known.requirements if known else ()

    unseen = [*_unseen(gathered, proposals, frame, chosen), *_unlooked(results, frame, chosen)]
    if not any(chosen(Proposed(case.check.id, case.target)) for case in gathered.plan.cases):
        unseen.append(_nothing_due(frame))
    return make_plan(frame, proposals, _once(unseen), numbers, means_of(request.settings))


def means_of(settings: Settings) -> Means:
    """Return what this program may write by itself, by what is configured; nobody is asked."""
    exchange = settings.exchange
    return Means(
        dns=lambda name: writer_for(settings, name) is not None, exchange=bool(exchange and exchange.client_id)
    )


def _left_alone(waived: Proposed) -> Proposed:
    note = text(
        "{check} of {target} is waived, so nothing is planned for it", check=waived.check, target=waived.target.name
    )
    return Proposed(waived.check, waived.target, notes=(note,))


def _unseen(gathered: Gathered, proposals: Sequence[Proposed], frame: Frame, chosen: Chosen) -> Iterator[Unseen]:
    """Yield what could not be had: evidence that a due check or its remediation insists on."""
    told = set()
    for case in gathered.plan.cases:
        if not chosen(Proposed(case.check.id, case.target)):
            continue
        for wanted in case.wanted:
            if wanted.or_unavailable or wanted.each:
                continue
            for kind, target in pieces(wanted, case.target, gathered.site):
                content = gathered.by_key[key_of(kind.kind, target)].content
                if isinstance(content, Unavailable) and (case.check.id, case.target) not in told:
                    told.add((case.check.id, case.target))
                    yield _missing(frame, case.check.id, case.target.name, content.reason, content)
    for each in proposals:
        if each.missing is not None and not each.crashed and (each.check, each.target) not in told:
            yield Unseen(
                check=each.check,
                target=each.target.name,
                reason=Reason.NOT_COLLECTED.value,
                detail=frame.say(each.missing),
            )


def _unlooked(results: Iterable[CheckResult], frame: Frame, chosen: Chosen) -> Iterator[Unseen]:
    """Yield the checks that were handed evidence in which somebody did not answer."""
    for result in results:
        if result.reason in _NOBODY_ANSWERED and chosen(Proposed(result.check, result.target)):
            detail = frame.say(result.summary)
            yield Unseen(check=result.check, target=result.target.name, reason=str(result.reason), detail=detail)


def _nothing_due(frame: Frame) -> Unseen:
    detail = frame.say(text("none of the chosen checks is due in this phase"))
    return Unseen(check="-", target="-", reason=Reason.UNSUPPORTED.value, detail=detail)


def _once(unseen: Iterable[Unseen]) -> list[Unseen]:
    found: dict[tuple[str, str], Unseen] = {}
    for each in unseen:
        found.setdefault((each.check, each.target), each)
    return list(found.values())


def _missing(frame: Frame, check: str, target: str, reason: Reason, content: Unavailable) -> Unseen:
    return Unseen(check=check, target=target, reason=reason.value, detail=frame.say(content.detail))

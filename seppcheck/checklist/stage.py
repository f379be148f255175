"""How far a migration is, by what is observed and by what the plans would still do."""

from __future__ import annotations

from seppcheck.checklist.situation import Situation
from seppcheck.checklist.states import parts_of
from seppcheck.model.changes import Milestone, PlanPhase
from seppcheck.model.checklist import Stage, State
from seppcheck.model.moments import MomentKind
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.run import Verdict, verdict_of

HOLD = "delivery-hold"
LEAD_TIME = "dns-ttl-lead-time"
OF_THE_NIGHT = frozenset(Milestone) - {Milestone.HOLD_ON, Milestone.HOLD_OFF}
_OPEN = frozenset({State.DUE, State.BLOCKED, State.WAITING, State.UNSEEN})
_MOVING = frozenset({"outbound-connector", "inbound-connector", "transport-rule", "parallel-rules", "dns-mx"})
"""The checks whose remediations reach the milestones of the night, the hold's aside."""


def stage_of(situation: Situation) -> Stage:
    """Return how far it is. What cannot be seen never moves it on."""
    if night_is_over(situation):
        return Stage.FINISHED if _is_verified(situation) else Stage.COMPLETION
    if _night_has_begun(situation):
        return Stage.CUTOVER
    if preparation_is_open(situation):
        return Stage.PREPARATION
    return Stage.READY if gate_is_open(situation) else Stage.LEAD_TIME


def _is_verified(situation: Situation) -> bool:
    """Tell whether nothing is left: no mail is refused, no check was left out, no step is open or out of sight."""
    outcomes = (result.outcome for result in situation.results[Phase.VERIFICATION])
    right = verdict_of(outcomes) is Verdict.PASSED and not situation.seen.held and not situation.skipped
    return right and not open_steps(situation)


def open_steps(situation: Situation) -> dict[str, State]:
    """Return the steps that stand in the way of the end, once everything has moved: each number or check."""
    return {
        step.number or step.checks[0]: step.state
        for part in parts_of(situation, Stage.COMPLETION)
        for step in part.steps
        if step.state in _OPEN
    }


def night_is_over(situation: Situation) -> bool:
    """Tell whether everything has moved: every MX record, and nothing of the night is planned or out of sight."""
    plan = situation.plans[PlanPhase.CUTOVER]
    moved = {domain.name for domain in situation.site.domains} <= {*situation.seen.moved}
    left = any(change.milestone in OF_THE_NIGHT for change in plan.changes)
    unseen = any(each.check in _MOVING for each in plan.unseen)
    return bool(situation.site.domains) and moved and not left and not unseen


def _night_has_begun(situation: Situation) -> bool:
    seen, begun = situation.seen, situation.begun(PlanPhase.CUTOVER)
    if seen.moving or any(seen.inline.values()) or (begun and len([*begun.left()]) < len(begun.plan.changes)):
        return True
    # mail that is held back where nothing is prepared was forgotten, or is held too early: preparation releases it
    return bool(seen.held) and not preparation_is_open(situation, aside=HOLD) and gate_is_open(situation)


def preparation_is_open(situation: Situation, aside: str = "") -> bool:
    """Tell whether something of the preparation is to be done, or to be seen."""
    wrong = (Outcome.FAILED, Outcome.INCONCLUSIVE)
    results = situation.results[Phase.READINESS]
    open_steps = any(change.check != aside for change in situation.changes(PlanPhase.READINESS))
    return open_steps or any(each.outcome in wrong and each.check not in (aside, LEAD_TIME) for each in results)


def gate_is_open(situation: Situation) -> bool:
    """Tell whether every domain's low TTL has been on record for long enough. No gate is open that is not known."""
    moving = {*situation.seen.moved, *situation.seen.moving}
    gated = {moment.target.name for moment in situation.moments}
    missing = {domain.name for domain in situation.site.domains} - moving - gated
    gates = [moment for moment in situation.moments if moment.kind is MomentKind.MX_MAY_MOVE]
    lead = [each for each in situation.results[Phase.READINESS] if each.check == LEAD_TIME]
    known = all(each.outcome is not Outcome.INCONCLUSIVE for each in lead)
    return known and not missing and all(moment.over for moment in gates)

"""How far a migration is, by what is observed and by what the plans would still do."""

from __future__ import annotations

from seppcheck.checklist.gate import LEAD_TIME, gate_is_open, gate_is_shut
from seppcheck.checklist.situation import Situation
from seppcheck.checklist.states import parts_of
from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase
from seppcheck.model.checklist import Stage, State
from seppcheck.model.dns import MxRecords
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.plans import PlannedChange
from seppcheck.model.run import Verdict, verdict_of

HOLD = "delivery-hold"
OF_THE_NIGHT = frozenset(Milestone) - {Milestone.HOLD_ON, Milestone.HOLD_OFF}
_OPEN = frozenset({State.DUE, State.BLOCKED, State.WAITING, State.UNSEEN})
_MOVING = frozenset({"outbound-connector", "inbound-connector", "transport-rule", "parallel-rules", "dns-mx"})
"""The checks whose remediations reach the milestones of the night, the hold's aside."""


def stage_of(situation: Situation) -> Stage:
    """Return how far it is. What cannot be seen never moves it on, and never back to where mail is released."""
    if night_is_over(situation):
        return Stage.FINISHED if _is_verified(situation) else Stage.COMPLETION
    if _night_has_begun(situation):
        return Stage.CUTOVER
    if _night_may_have_begun(situation):
        return Stage.UNKNOWN
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
    unseen = any(each.check in _MOVING for each in plan.unseen) or situation.seen.hidden & {MxRecords, MailFlow}
    left = any(change.milestone in OF_THE_NIGHT and not _is_vain(situation, change) for change in plan.changes)
    return bool(situation.site.domains) and moved and not left and not unseen


def _is_vain(situation: Situation, change: PlannedChange) -> bool:
    """Tell whether a wait holds up nothing any more: what it is for is done, and no mail is held back until then."""
    released = not situation.seen.held and DeliveryHold not in situation.seen.hidden
    return change.kind is ChangeKind.WAIT and released


def _night_has_begun(situation: Situation) -> bool:
    seen, begun = situation.seen, situation.begun(PlanPhase.CUTOVER)
    if seen.moving or any(seen.inline.values()) or (begun and len([*begun.left()]) < len(begun.plan.changes)):
        return True
    # mail that is held back where nothing is prepared was forgotten, or is held too early: preparation releases it
    held_for_it = begun is not None or (not preparation_is_open(situation, aside=HOLD) and gate_is_open(situation))
    return bool(seen.held) and held_for_it


def _night_may_have_begun(situation: Situation) -> bool:
    """Tell whether something is out of sight by which the night would have begun, or would be known not to have."""
    seen = situation.seen
    if MxRecords in seen.hidden:
        return True
    if not seen.held:
        return {DeliveryHold, MailFlow} <= seen.hidden
    # held too early, or for the night: only what is seen to be unprepared says that it is too early
    unprepared = _is_to_be_prepared(situation, aside=HOLD) or gate_is_shut(situation)
    return MailFlow in seen.hidden or not unprepared


def preparation_is_open(situation: Situation, aside: str = "") -> bool:
    """Tell whether something of the preparation is to be done, or to be seen."""
    unseen = any(
        each.outcome is Outcome.INCONCLUSIVE and each.check not in (aside, LEAD_TIME)
        for each in situation.results[Phase.READINESS]
    )
    return unseen or _is_to_be_prepared(situation, aside)


def _is_to_be_prepared(situation: Situation, aside: str = "") -> bool:
    """Tell whether something of the preparation is seen to be missing."""
    planned = any(change.check != aside for change in situation.changes(PlanPhase.READINESS))
    return planned or any(
        each.outcome is Outcome.FAILED and each.check not in (aside, LEAD_TIME)
        for each in situation.results[Phase.READINESS]
    )

"""No plan begins in the middle: what was left out, or not finished, comes first, and the plan says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from seppcheck.engine.plan import Selection
from seppcheck.model.changes import ManualStep, Milestone, PlanPhase, Proposed, Step, System
from seppcheck.model.targets import Domain
from seppcheck.model.text import Message, text

_CHAIN = frozenset(
    {"delivery-hold", "outbound-connector", "inbound-connector", "transport-rule", "parallel-rules", "dns-mx"}
)
"""The checks whose remediations reach a milestone."""
_HOLD = "delivery-hold"
_OF_THE_NIGHT = frozenset(Milestone) - {Milestone.HOLD_ON, Milestone.HOLD_OFF}


Chosen = Callable[[Proposed], bool]


def is_selected(selection: Selection, phase: PlanPhase) -> Chosen:
    """Return what tells whether a proposal belongs to what the user chose.

    Of a completion the hold and the proof that mail flows are always a part: what follows takes the way back.
    """

    def chosen(proposal: Proposed) -> bool:
        if phase is PlanPhase.COMPLETION and proposal.check == _HOLD:
            return True
        if selection.leaves_out(proposal.check) is not None:
            return False
        about_domain = isinstance(proposal.target, Domain) and bool(selection.domains)
        return not about_domain or proposal.target.name in selection.domains

    return chosen


def unfinished_night(open_steps: Iterable[Proposed]) -> Proposed | None:
    """Return the one step of a completion that comes too early, or None: the night has to be finished before.

    Args:
        open_steps: what the remediations would still do in a cutover.
    """
    left = [each for each in open_steps if any(step.reaches in _OF_THE_NIGHT for step in each.steps)]
    if not left:
        return None
    summaries = [step.summary for each in left for step in each.steps if step.reaches in _OF_THE_NIGHT]
    step = _first(
        text("Finish the cutover: {count} of its steps are open", count=len(summaries)),
        text("the completion removes the way back, so everything of the night must be in place before"),
        [text("{step}", step=summary) for summary in summaries],
        PlanPhase.CUTOVER,
    )
    return Proposed(left[0].check, left[0].target, (step,))


def night_is_over(asked: Iterable[Proposed], kept: Sequence[Proposed]) -> Sequence[Proposed]:
    """Return the proposals without the hold, where nothing of the night is left to do: no mail is held for nothing.

    Args:
        asked: what every remediation proposes, chosen or not.
        kept: those of the plan.
    """
    if any(step.reaches in _OF_THE_NIGHT for each in asked for step in each.steps) or any(e.missing for e in asked):
        return kept
    over = text("nothing of the cutover is left to do: go on with `seppcheck plan completion`")
    return [
        replace(each, steps=(), notes=(*each.notes, over)) if each.check == _HOLD and each.steps else each
        for each in kept
    ]


def without_gaps(kept: Sequence[Proposed], left_out: Iterable[Proposed]) -> Sequence[Proposed]:
    """Return the proposals of a narrowed plan, behind a step for each that was left out and has to come first."""
    steps = [step for each in kept for step in each.steps]
    missing = [each for each in left_out if any(_comes_before(step, steps) for step in each.steps)]
    return [*(_left_out(each) for each in missing), *kept]


def _comes_before(step: Step, others: Iterable[Step]) -> bool:
    if step.reaches is None:
        return False
    rank = step.reaches.rank
    return any(other.needs is not None and other.needs.rank >= rank for other in others)


def _left_out(proposal: Proposed) -> Proposed:
    summaries = [step.summary for step in proposal.steps if step.reaches is not None]
    step = _first(
        text(
            "First, and left out of this plan: {check} of {target}", check=proposal.check, target=proposal.target.name
        ),
        text("the steps after it rest on it, and mail would be lost without"),
        [text("{step}", step=summary) for summary in summaries],
        PlanPhase.CUTOVER,
    )
    return Proposed(proposal.check, proposal.target, (step,))


def blocking(proposal: Proposed, phase: PlanPhase) -> Proposed:
    """Let nothing overtake a step of the chain that could not be planned, since what it rests on was not seen."""
    if proposal.missing is None or phase is PlanPhase.READINESS or proposal.check not in _CHAIN:
        return proposal
    step = _first(
        text("Plan anew once {check} of {target} can be seen", check=proposal.check, target=proposal.target.name),
        text("what this plan would have to do there is not known, and no later step may overtake it"),
        [text("{why}", why=proposal.missing)],
        phase,
    )
    return replace(proposal, steps=(step,))


def _first(summary: Message, why: Message, steps: Sequence[Message], phase: PlanPhase) -> ManualStep:
    anew = text("Then plan anew: `seppcheck plan {phase}`.", phase=phase.value)
    return ManualStep(summary=summary, why=why, system=System.PEOPLE, steps=[*steps, anew])

"""What the next step may be: a command, a person's work, something to make visible, or a wait."""

from __future__ import annotations

from dataclasses import replace

from seppcheck.checklist.situation import PlanFile, Situation
from seppcheck.model.changes import Milestone, PlanPhase, System
from seppcheck.model.checklist import NextKind, NextStep, RecordEntry, Stage
from seppcheck.model.moments import MomentKind
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.results import CheckResult
from seppcheck.model.text import Message, text
from seppcheck.plan_document import image_to_document
from seppcheck.record.entries import entries_of, hold_key
from seppcheck.remediate.journal import SUFFIX, journal_of
from seppcheck.remediate.rollback import still_to_undo

_PLANNED = {
    PlanPhase.READINESS: text("Plan the preparation: what this program can do by itself, and what is left for people"),
    PlanPhase.CUTOVER: text("Plan the night, or what is left of it: everything in the safe order, to be reviewed"),
    PlanPhase.COMPLETION: text("Plan the completion: mail is released, proven, and what was kept is removed"),
}
_APPLIED = {
    PlanPhase.READINESS: text("Carry out the preparation that was planned"),
    PlanPhase.CUTOVER: text("Begin the night: carry out its plan"),
    PlanPhase.COMPLETION: text("Carry out the completion that was planned"),
}


def carry_out(situation: Situation, phase: PlanPhase) -> NextStep:
    """Return the command that goes on with a plan: resume, apply it as it was reviewed, or plan anew."""
    begun = situation.begun(phase)
    if begun is not None:
        return resume(situation, begun)
    plan = situation.plans[phase]
    numbers = tuple(dict.fromkeys(number for change in plan.changes for number in change.requirements))
    reviewed = next((file for file in situation.files if file.record is None and _alike(file.plan, plan)), None)
    if reviewed is None:
        path = _free_name(situation, phase)
        return NextStep(
            kind=NextKind.COMMAND,
            title=_planned(plan),
            why=_urgent(situation, phase)
            or _unplanned(situation, plan)
            or text("nothing is changed by it; read what it says before it is applied"),
            numbers=numbers,
            command=("seppcheck", "plan", phase.value, "--out", path, *situation.narrowing, *situation.options),
            after=("seppcheck", "apply", path, *situation.options),
        )
    return NextStep(
        kind=NextKind.COMMAND,
        title=_APPLIED[phase],
        why=_urgent(situation, phase) or text("it shows the plan, asks, and stops where a person or time is needed"),
        numbers=numbers,
        command=("seppcheck", "apply", str(reviewed.path), *situation.options),
    )


def _planned(plan: MigrationPlan) -> Message:
    """Return what a plan is for; a completion without a release is told by its first step."""
    releases = any(change.milestone is Milestone.HOLD_OFF for change in plan.changes)
    if plan.phase is not PlanPhase.COMPLETION or releases or not plan.changes:
        return _PLANNED[plan.phase]
    return text("Plan what is left after the move, beginning with: {step}", step=plan.changes[0].summary)


def _unplanned(situation: Situation, plan: MigrationPlan) -> Message | None:
    """Return what fails in verification and no plan has a step for, if the plan is that of the completion."""
    if plan.phase is not PlanPhase.COMPLETION:
        return None
    planned = {change.check for each in situation.plans.values() for change in each.changes}
    failed = (each for each in situation.results[Phase.VERIFICATION] if each.outcome is Outcome.FAILED)
    missing = tuple(dict.fromkeys(each.check for each in failed if each.check not in planned))
    return text("no plan mends {checks}: that is done by hand afterwards", checks=missing) if missing else None


def _urgent(situation: Situation, phase: PlanPhase) -> Message | None:
    held = situation.seen.held
    waits = any(change.until and change.until > situation.now for change in situation.plans[phase].changes)
    if phase is not PlanPhase.COMPLETION or not held or waits:
        return None
    return text("everything has moved, and the mail of {domains} is still refused: do not let it wait", domains=held)


def urgently(step: NextStep, refused: tuple[str, ...]) -> NextStep:
    """Return a step with what cannot wait: mail that an enabled inbound connector refuses."""
    about: dict[str, object] = {"domains": refused, "why": step.why or text("-")}
    return replace(
        step,
        title=text("The mail of {domains} is refused now. {step}", domains=refused, step=step.title),
        why=text(
            "it comes to Microsoft directly, and an enabled inbound connector refuses it: do not let it wait ({why})",
            **about,
        ),
    )


def resume(situation: Situation, file: PlanFile, following: PlannedChange | None = None) -> NextStep:
    """Return the command that goes on with a plan that was begun.

    Args:
        situation: where it stands.
        file: the plan.
        following: the first change that is not done yet, by what can be seen.
    """
    left = tuple(file.left())
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Go on with the plan that was begun: {count} of its steps are left", count=len(left)),
        why=_what_follows(file, following) if following else text("what is done is noted, and proven"),
        numbers=tuple(dict.fromkeys(number for change in left for number in change.requirements)),
        command=("seppcheck", "apply", str(file.path), "--resume", *situation.options),
        steps=(
            text(
                "If it fails at the same step again: `{rollback}` is the way back.",
                rollback=f"seppcheck rollback {journal_of(file.path)}",
            ),
        ),
    )


def _what_follows(file: PlanFile, following: PlannedChange) -> Message:
    changes = file.plan.changes
    proofs = [place for place, change in enumerate(changes) if change.proof]
    if proofs and changes.index(following) > max(proofs):
        return text(
            "you confirm by it that mail flows: what was kept for the way back is removed, beginning with: {step}",
            step=following.summary,
        )
    return text("next in it: {step}", step=following.summary)


def rollback(situation: Situation, file: PlanFile) -> NextStep | None:
    """Return the rollback that was begun and is not at its end, if there is one."""
    if file.record is None or not file.record.rolled_back or not still_to_undo(file.record):
        return None
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Go on with the rollback that was begun"),
        why=text("the plan {plan} was rolled back in part, and nothing else may be done in between", plan=file.path),
        command=("seppcheck", "rollback", str(journal_of(file.path)), *situation.options),
    )


def _alike(one: MigrationPlan, other: MigrationPlan) -> bool:
    """Tell whether two plans do the same, whatever language they are in and whenever they were made."""
    return one.phase is other.phase and [*map(_essence, one.changes)] == [*map(_essence, other.changes)]


def _essence(change: PlannedChange) -> tuple[object, ...]:
    images = (image_to_document(image) if image else None for image in (change.before, change.after))
    return (change.check, change.target_kind, change.target, change.kind, change.milestone, change.proof, *images)


def _free_name(situation: Situation, phase: PlanPhase) -> str:
    """Return a name for a plan's file: never one that was begun, nor that of a file that is no plan of this phase."""
    stale = {str(f.path) for f in situation.files if f.record is None and f.plan.phase is phase}
    number = 1
    while True:
        name = f"{phase.value}.json" if number == 1 else f"{phase.value}-{number}.json"
        if f"{name}{SUFFIX}" not in situation.taken and (name not in situation.taken or name in stale):
            return name
        number += 1


def by_hand(situation: Situation, change: PlannedChange, after: tuple[str, ...] = ()) -> NextStep:
    """Return a step of a plan that a person carries out, or the wait until its time has come."""
    early = change.until is not None and change.until > situation.now
    people = change.system in (System.GATEWAY, System.PEOPLE)
    return NextStep(
        kind=NextKind.WAIT if early else NextKind.BY_HAND,
        title=text("Wait, and then: {step}", step=change.summary) if early else text("{step}", step=change.summary),
        why=text("{why}", why=change.why) if change.why else None,
        numbers=change.requirements,
        target=change.target,
        change=None if early else change,
        entries=entries_of(change, situation.seen.customers) if people and not early else (),
        until=change.until if early else None,
        after=() if early else after,
    )


def wait(situation: Situation, change: PlannedChange, file: PlanFile) -> NextStep:
    """Return a wait of a plan that was begun."""
    return NextStep(
        kind=NextKind.WAIT,
        title=text("{step}", step=change.summary),
        why=text("{why}", why=change.why),
        numbers=change.requirements,
        target=change.target,
        until=change.until,
        after=("seppcheck", "apply", str(file.path), "--resume", *situation.options),
    )


def begin_the_record(situation: Situation) -> NextStep:
    """Return the run that puts the low TTL on record."""
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Put on record that the TTL of {domains} is low now", domains=situation.seen.unrecorded),
        why=text("the day of waiting is counted from the first recorded run that sees it, and `guide` records nothing"),
        numbers=("P2",),
        command=("seppcheck", "readiness", *situation.narrowing, *situation.options),
    )


def wait_for_the_gate(situation: Situation) -> NextStep | None:
    """Return the wait until the MX records may move; None when it is over."""
    gates = [moment for moment in situation.moments if moment.kind is MomentKind.MX_MAY_MOVE and not moment.over]
    if not gates:
        return None
    last = max(gates, key=lambda moment: moment.at or situation.now)
    return NextStep(
        kind=NextKind.WAIT,
        title=text("Wait until no cache can hold the old records"),
        why=last.summary,
        numbers=("P2",),
        target=last.target.name,
        until=last.at,
    )


def configure(situation: Situation) -> NextStep:
    """Return how to write a configuration: without one, DNS and SMTP are all that can be seen."""
    domains = tuple(domain.name for domain in situation.site.domains)
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Write a configuration"),
        why=text(
            "without one only DNS and SMTP can be looked at: the gateway's menus ([gateway] record) and Exchange "
            "Online ([exchange]) belong into it"
        ),
        command=("seppcheck", "init", *domains, "--gateway", situation.site.gateway.name),
    )


def look_with_the_file() -> NextStep:
    """Return the look with the configuration that lies here, and was not read."""
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Look with the configuration that is here"),
        why=text("with DOMAIN and --gateway it is not read, and only DNS and SMTP can be looked at"),
        command=("seppcheck", "guide", "--next"),
    )


def release(situation: Situation) -> NextStep:
    """Return that mail is refused which nothing planned releases: its check is waived, left out or out of sight."""
    held = situation.seen.held
    customers = dict.fromkeys(filter(None, (situation.seen.customers.get(domain) for domain in held)))
    return NextStep(
        kind=NextKind.BY_HAND,
        title=text("Everything has moved, and the mail of {domains} is still refused: release it", domains=held),
        why=text("no plan does it: the check of the hold is waived, left out or cannot be judged"),
        numbers=("D1",),
        command=("seppcheck", "explain", "delivery-hold"),
        entries=tuple(RecordEntry(hold_key(customer), "false") for customer in customers),
    )


def not_known(situation: Situation, stage: Stage) -> NextStep:
    """Return what to do where nothing is planned and nothing is wrong, but the end is not reached either."""
    phase = {Stage.COMPLETION: "verification", Stage.CUTOVER: "cutover", Stage.READY: "cutover"}.get(stage, "readiness")
    return NextStep(
        kind=NextKind.COMMAND,
        title=text("Look yourself: no plan has a step left, and yet not everything is seen to be done"),
        command=("seppcheck", phase, *situation.narrowing, *situation.options),
    )


def mend(result: CheckResult) -> NextStep:
    """Return what is wrong and no plan mends: by hand, as its manual page says."""
    told: tuple[Message, ...] = tuple(dict.fromkeys(finding.summary for finding in result.leading))
    return NextStep(
        kind=NextKind.BY_HAND,
        title=text("Mend: {title}", title=result.title),
        why=result.summary,
        numbers=result.requirements,
        target=result.target.name,
        command=("seppcheck", "explain", result.check),
        steps=(*told, *result.steps),
    )

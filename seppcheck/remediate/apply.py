"""Applying a reviewed plan: refused as a whole or carried out step by step, each on record before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seppcheck.engine.plan import Selection
from seppcheck.errors import UserError
from seppcheck.model.changes import ChangeKind
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.remediate.comparison import counts_after, counts_before, difference
from seppcheck.remediate.forwards import carry_out
from seppcheck.remediate.guards import refuse_forbidden
from seppcheck.remediate.work import Stop, Work, evidence_for_guards, images_of
from seppcheck.remediate.worlds import WorldFault
from seppcheck.run import Request, execute


@dataclass(frozen=True, slots=True)
class End:
    """How `apply` or `rollback` ended: why it stopped, if it did, and what the answering checks said at the end."""

    stop: Stop | None = None
    run: Run | None = None
    left: tuple[str, ...] = ()
    """The ids of changes that were not asked for."""


def refuse_foreign(plan: MigrationPlan, request: Request) -> None:
    """Refuse a plan that was made for another gateway or tenant than the configured one.

    Raises:
        UserError: naming both.
    """
    site = request.settings.site
    pairs = (
        (text("gateway"), plan.gateway, site.gateway.name),
        (text("tenant"), plan.tenant, site.tenant.name),
    )
    for what, theirs, ours in pairs:
        if theirs != ours:
            raise UserError(
                "the plan is for the {what} {theirs}, and the configuration names {ours}: nothing is changed",
                what=what,
                theirs=theirs or "-",
                ours=ours or "-",
            )


def refuse_other_domains(plan: MigrationPlan, request: Request) -> None:
    """Refuse a plan that names a domain which is not configured.

    Raises:
        UserError: naming it.
    """
    known = {domain.name for domain in request.settings.site.domains}
    if strange := [name for name in plan.domains if name not in known]:
        raise UserError("the plan is for {domains} too, which the configuration does not name", domains=strange)


def refuse_unready(work: Work, chosen: Sequence[PlannedChange]) -> None:
    """Compare every before-image that no earlier change makes, before anything is written.

    Raises:
        UserError: naming what differs, or what could not be looked at.
    """
    if len(chosen) < len(work.plan.changes):
        for change in chosen:
            _refuse_out_of_turn(work, change, [each.id for each in chosen])
    refuse_forbidden(work.plan, evidence_for_guards(work.request))
    open_changes = [change for change in chosen if change.writes and work.journal.record.of(change.id).done is None]
    try:
        work.worlds.refuse_without_rights([image for each in open_changes for image in images_of(each) if image])
    except WorldFault as lacking:
        raise UserError("nothing is changed: {problem}", problem=lacking.message) from None
    try:
        faults = [fault for change in chosen if (fault := _unready(work, change)) is not None]
    except WorldFault as unseen:
        raise UserError("nothing is changed: {problem}", problem=unseen.message) from None
    if faults:
        raise UserError(
            "the world is not as the plan saw it, so nothing is changed. {faults}. Plan anew: seppcheck plan {phase}",
            faults=text("{first}", first=faults[0]) if len(faults) == 1 else tuple(faults),
            phase=work.plan.phase.value,
        )


def _unready(work: Work, change: PlannedChange) -> Message | None:
    trace = work.journal.record.of(change.id)
    if not change.writes or trace.done is not None or trace.intent is not None or _made_earlier(work.plan, change):
        return None
    before, after = images_of(change)
    image = before or after
    present = work.present(image) if image else None
    if difference(after, present, with_ttl=counts_after(before, after)) is None:
        return None
    other = difference(before, present, with_ttl=counts_before(before, after))
    if other is None:
        return None
    return text("Change {id} ({summary}): {difference}", id=change.id, summary=change.summary, difference=other)


def _made_earlier(plan: MigrationPlan, change: PlannedChange) -> bool:
    """Tell whether an earlier change of the plan works on the same thing, so that its turn has to come first."""
    earlier = plan.changes[: [each.id for each in plan.changes].index(change.id)]
    mine = {_place(change.before), _place(change.after)} - {None}
    return any(mine & {_place(other.before), _place(other.after)} for other in earlier if other.writes)


def _place(image: object) -> tuple[str, str] | None:
    kind, name = getattr(image, "type", None), getattr(image, "name", None)
    return (kind, str(name).lower()) if kind and name else None


def apply(work: Work, only: Sequence[str] = ()) -> End:
    """Carry the plan out, or single changes of it, and prove it."""
    chosen = [change for change in work.plan.changes if not only or change.id in only]
    for change in chosen:
        fresh = work.journal.record.of(change.id).done is None
        stop = carry_out(work, change)
        if stop is not None:
            if change.kind is ChangeKind.WAIT:
                _checked(work)  # on record, since times count from the runs that saw them
            return End(stop)
        if fresh:
            already = work.journal.record.of(change.id).already
            work.person.tell(text("   it was so already") if already else text("   done, and proven"))
    done = work.journal.record
    left = tuple(change.id for change in work.plan.changes if done.of(change.id).done is None)
    return End(left=left) if left else End(run=_checked(work))


def _refuse_out_of_turn(work: Work, change: PlannedChange, only: Sequence[str]) -> None:
    missing = [each for each in change.needs if work.journal.record.of(each).done is None and each not in only]
    if missing:
        raise UserError(
            "change {id} needs {missing} to be done first: name these with --only as well",
            id=change.id,
            missing=tuple(missing),
        )


def _checked(work: Work) -> Run:
    """Run the checks that the plan answers, and those that it could not look at; of an empty plan all of its phase.

    The run is recorded, so that times count from now on.
    """
    answered = (*(change.check for change in work.plan.changes), *(each.check for each in work.plan.unseen))
    checks = tuple(dict.fromkeys(check for check in answered if check in work.request.registry.checks))
    selection = Selection(only=checks, skipped=work.request.selection.skipped, domains=work.request.selection.domains)
    return execute(replace(work.request, selection=selection), work.plan.phase.phase)

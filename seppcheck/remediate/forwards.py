"""One step forwards: by program, by a person, or by waiting; each proven before the next one begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from seppcheck.model.changes import ChangeKind, ExchangeImage, FactImage
from seppcheck.model.evidence import Unavailable
from seppcheck.model.mail import MailSamples
from seppcheck.model.outcomes import Outcome
from seppcheck.model.plans import PlannedChange
from seppcheck.model.results import CheckResult
from seppcheck.model.text import Message, text
from seppcheck.plan_document import image_to_document
from seppcheck.remediate.comparison import counts_after, counts_before, difference, is_between
from seppcheck.remediate.fresh import Look, cases_of, judged, look, not_shown, too_old, written_after
from seppcheck.remediate.mail_guards import moves_mail_in, not_held, write_fault
from seppcheck.remediate.seeing import seen
from seppcheck.remediate.since import is_since, proof_counts_from, waits_until
from seppcheck.remediate.work import Stop, Work, evidence_for, images_of, unproven, writable
from seppcheck.remediate.worlds import WorldFault, Writable

FAILED, WAITING = 1, 3
_RIGHT = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_APPLICABLE)


def carry_out(work: Work, change: PlannedChange) -> Stop | None:
    """Carry out one change of the plan and note it; None when it is done and proven."""
    if work.journal.record.of(change.id).done is not None:
        return None
    work.person.begin(change, back=False)
    match change.kind:
        case ChangeKind.AUTOMATIC:
            return _automatic(work, change)
        case ChangeKind.MANUAL:
            return _proof(work, change) if change.proof else _manual(work, change)
        case ChangeKind.WAIT:
            return _wait(work, change)


def _automatic(work: Work, change: PlannedChange) -> Stop | None:
    before, after = images_of(change)
    begun = work.journal.record.of(change.id).intent is not None
    try:
        present = _present(work, before, after)
        if difference(after, present, with_ttl=counts_after(before, after)) is None:
            missing = work.proven(present, after, planned=before)
            return unproven(change, missing) if missing else _done(work, change, after, already=not begun)
        on_its_way = begun and is_between(present, before, after)
        if not on_its_way and (other := difference(before, present, with_ttl=counts_before(before, after))) is not None:
            return _failed(change, text("it is not as the plan saw it: {difference}", difference=other))
        if fault := write_fault(work.request, work.plan, present, after):
            return _failed(change, fault)
        if moves_mail_in(change) and (loose := not_held(work.request, change)):
            return Stop(WAITING, text("change {id} has to wait: {why}", id=change.id, why=loose))
        work.journal.note("intent", change.id, before=image_to_document(present))
        return _write(work, change, present, after)
    except WorldFault as fault:
        return _failed(change, fault.message)


def _present(work: Work, before: Writable | None, after: Writable | None) -> Writable | None:
    """Return what stands there: by the image before, and where that is gone, by what it was to become."""
    image = before or after
    found = work.present(image) if image else None
    if found is None and before is not None and after is not None:
        return work.present(after)
    return found


def _write(work: Work, change: PlannedChange, present: Writable | None, after: Writable | None) -> Stop | None:
    world = work.worlds(after or present)  # type: ignore[arg-type]  # one of them is there: see images_of
    try:
        world.write(present, after)
    except WorldFault as fault:
        if not fault.unclear:
            work.journal.note("intent", change.id, withdrawn=True)  # it was refused: nothing is to be undone
            return _failed(change, fault.message)
        if work.proven(present, after, planned=change.before) is not None:
            return _failed(change, fault.message)
        return _done(work, change, after, already=False)  # no answer came, but it took effect
    missing = work.proven(present, after, planned=change.before)
    return unproven(change, missing) if missing else _done(work, change, after, already=False)


def _done(work: Work, change: PlannedChange, after: Writable | None, *, already: bool) -> Stop | None:
    """Note that a change is done; of an object that was made with the Guid that it has now. Nothing stops it."""
    more: dict[str, object] = {"already": True} if already else {}
    if isinstance(after, ExchangeImage) and not after.guid:
        made = work.present(after)
        more["guid"] = made.guid if isinstance(made, ExchangeImage) else ""
    work.journal.note("done", change.id, **more)
    return None


def _failed(change: PlannedChange, why: Message) -> Stop:
    return Stop(FAILED, text("change {id} failed: {why}", id=change.id, why=why))


def _manual(work: Work, change: PlannedChange) -> Stop | None:
    missing = done_by_hand(work, change)
    if missing is None:
        work.journal.note("done", change.id)  # a person did it since the plan was made, so it is a part of the way back
        return None
    if work.journal.record.of(change.id).intent is None:
        work.journal.note("intent", change.id)
    while work.person.did(change, change.steps):
        missing = done_by_hand(work, change)
        if missing is None:
            work.journal.note("done", change.id)
            return None
        work.person.tell(text("That does not show yet: {missing}", missing=missing))
    return Stop(
        WAITING,
        text("change {id} is to be done by hand, and it does not show yet: {missing}", id=change.id, missing=missing),
    )


def done_by_hand(work: Work, change: PlannedChange) -> Message | None:
    """Return None when fresh evidence shows that a manual step is done, else what is missing."""
    image = writable(change.after) or writable(change.before)
    if image is not None:
        return _seen_in_the_world(work, change)
    taken = evidence_for(work.request, [change])
    results = [judged(taken, each, work.plan.phase) for each in cases_of(work.request, change.check, change.target)]
    if isinstance(change.after, FactImage):
        old = (told for result in results if (told := too_old(result)) is not None)
        return not_shown(change.after, taken) or next(old, None)
    return _doubt(results)


def _doubt(results: Sequence[CheckResult]) -> Message | None:
    """Return None when every check is right, else what the first says that is not; no check at all is a doubt too."""
    if not results:
        return text("no check shows whether it is done")
    wrong = (result for result in results if result.outcome not in _RIGHT)
    return next((result.summary for result in wrong), None)


def _seen_in_the_world(work: Work, change: PlannedChange) -> Message | None:
    """Look for a change of DNS or Exchange that a person makes."""
    try:
        return seen(work.request, writable(change.before), writable(change.after))
    except WorldFault as fault:
        return fault.message


def _proof(work: Work, change: PlannedChange) -> Stop | None:
    """Stop once; after that the proof must be newer than the steps before it."""
    if work.journal.record.of(change.id).intent is None:
        for each in work.plan.changes:
            if each.proof:  # one stop for the proofs of all domains
                work.journal.note("intent", each.id)
        return Stop(
            WAITING,
            text(
                "mail flows again, or should: prove it, then confirm what follows with --resume. {steps}",
                steps=" ".join(change.steps),
            ),
        )
    missing = _unproven_flow(work, change)
    if missing is not None:
        return Stop(WAITING, text("that mail flows is not proven yet: {missing}", missing=missing))
    work.journal.note("done", change.id)
    return None


def _unproven_flow(work: Work, change: PlannedChange) -> Message | None:
    since = _since(work, change)
    taken = evidence_for(work.request, [change])
    site = work.request.settings.site
    for domain in site.domains:
        fact = FactImage("delivery-hold", domain, {"value": "false"})
        if missing := not_shown(fact, taken):
            return missing
        if not written_after(fact, taken, since):
            return text(
                "the hold of {domain} was written down before {since}: attest it again", domain=domain.name, since=since
            )
    return _no_fresh_sample(taken, since, configured=bool(work.request.settings.mail.samples))


def _since(work: Work, change: PlannedChange) -> datetime:
    return proof_counts_from(work.journal.record, change) or work.now


def _no_fresh_sample(taken: Look, since: datetime, *, configured: bool) -> Message | None:
    if not configured:
        return None
    found = taken.get("mail-samples", taken.request.settings.site.gateway)
    if not isinstance(found, MailSamples):
        why = found.detail if isinstance(found, Unavailable) else "-"
        return text("no mail sample shows it: {why}", why=why)
    newest = max((sample.at for sample in found.samples if sample.at), default=None)
    if not is_since(newest, since):
        return text("no mail sample is newer than {since}: save one that was received since", since=since)
    return None


def _wait(work: Work, change: PlannedChange) -> Stop | None:
    until = waits_until(work.journal.record, change)
    if until is None:
        # moments are noted in whole seconds, cut off: one more, so that the time is over everywhere
        until = _last_needed(work, change) + timedelta(seconds=(change.seconds or 0) + 1)
    if work.journal.record.of(change.id).until is None:
        work.journal.note("wait", change.id, until=f"{until:%Y-%m-%dT%H:%M:%SZ}")
    if work.now < until:
        shown = f"{until:%Y-%m-%d %H:%M:%S} UTC"
        return Stop(
            WAITING, text("change {id}: wait until {until}, then go on with --resume", id=change.id, until=shown)
        )
    if change.seconds is None and (early := _says_no(work, change)) is not None:
        return Stop(
            WAITING,
            text("change {id}: it is too early, or nothing shows that it is not: {why}", id=change.id, why=early),
        )
    work.journal.note("done", change.id)
    return None


def _says_no(work: Work, change: PlannedChange) -> Message | None:
    """Return why the check that a wait answers is not right: the moment in the plan is only what was expected.

    A check that could not look is a reason too, or a moment that somebody edited would let the wait pass unseen.
    """
    cases = cases_of(work.request, change.check, change.target)
    taken = look(work.request, (), cases)
    return _doubt([judged(taken, case, work.plan.phase) for case in cases])


def _last_needed(work: Work, change: PlannedChange) -> datetime:
    done = (work.journal.record.of(identifier).done for identifier in change.needs)
    return max((moment for moment in done if moment is not None), default=work.now)

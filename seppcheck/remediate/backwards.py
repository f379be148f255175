"""One step backwards: what was really done is undone, and proven, before the one that was done before it."""

from __future__ import annotations

from datetime import timedelta

from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, FactImage
from seppcheck.model.dns import mail_exchanger
from seppcheck.model.evidence import Unavailable
from seppcheck.model.plans import PlannedChange
from seppcheck.model.text import Message, text
from seppcheck.remediate.comparison import counts_after, counts_before, difference, is_between
from seppcheck.remediate.forwards import FAILED, WAITING
from seppcheck.remediate.fresh import not_shown, written_after
from seppcheck.remediate.journal import Trace
from seppcheck.remediate.mail_guards import door_still_closed, leaves_the_gateway, write_fault
from seppcheck.remediate.seeing import seen
from seppcheck.remediate.work import Stop, Work, evidence_for, images_of, writable
from seppcheck.remediate.worlds import WorldFault, Writable


def was_touched(trace: Trace) -> bool:
    """Tell whether a change was made, or may have been made, by this journal's `apply`."""
    return (trace.intent is not None or trace.done is not None) and not trace.already


def take_back(work: Work, change: PlannedChange) -> Stop | None:
    """Undo one change and note it; None when the state before is there again, and proven."""
    trace = work.journal.record.of(change.id)
    if not was_touched(trace) or change.kind is ChangeKind.WAIT or change.proof:
        return None
    if trace.undone is not None:
        return None
    work.person.begin(change, back=True)
    if isinstance(change.after, DnsImage) and change.after.type == "MX" and change.before is None:
        work.person.tell(text("There was no MX record before; it stays, for an MX record is never deleted."))
        work.journal.note("undone", change.id)
        return None
    if leaves_the_gateway(change, work.request.settings.site.gateway.names) and (
        closed := door_still_closed(work.request)
    ):
        return _failed(change, closed)
    return _manual(work, change) if change.kind is ChangeKind.MANUAL else _automatic(work, change)


def changed_since(work: Work, change: PlannedChange) -> Message | None:
    """Return how what stands there differs from what a change left, or was on its way to; None when it does not."""
    planned, after = images_of(change)
    trace = work.journal.record.of(change.id)
    before = trace.before if isinstance(trace.before, DnsImage) else planned
    try:
        present = _present(work, change, before)
    except WorldFault as fault:
        return fault.message
    if difference(before, present, with_ttl=counts_before(before, after)) is None:
        return None
    if (trace.done is None or trace.undo is not None) and _is_half_way(present, before, after):
        return None
    other = difference(after, present, with_ttl=counts_after(before, after))
    return (
        text("Change {id} ({summary}): {difference}", id=change.id, summary=change.summary, difference=other)
        if other
        else None
    )


def _is_half_way(present: Writable | None, before: Writable | None, after: Writable | None) -> bool:
    return is_between(present, after, before) or is_between(present, before, after)


def _automatic(work: Work, change: PlannedChange) -> Stop | None:
    planned, after = images_of(change)
    trace = work.journal.record.of(change.id)
    # of an RRset what was really there, TTL included: the plan's TTL may come from a resolver
    before = trace.before if isinstance(trace.before, DnsImage) else planned
    try:
        present = _present(work, change, before)
        if difference(before, present, with_ttl=counts_before(before, after)) is None:
            return _proven(work, change, present, before)
        if trace.guid and isinstance(present, ExchangeImage) and present.guid.lower() != trace.guid.lower():
            return _failed(change, text("{name} is not the object that was made", name=present.name))
        half_way = (trace.done is None or trace.undo is not None) and _is_half_way(present, before, after)
        if not half_way and (other := difference(after, present, with_ttl=counts_after(before, after))) is not None:
            return _failed(
                change, text("somebody changed it since, so it is left alone: {difference}", difference=other)
            )
        if fault := write_fault(work.request, work.plan, present, before):
            return _failed(change, fault)
        work.journal.note("undo", change.id)
        return _write(work, change, present, before)
    except WorldFault as fault:
        return _failed(change, fault.message)


def _present(work: Work, change: PlannedChange, before: Writable | None) -> Writable | None:
    """Return what stands there: by its Guid, by the name that it was given, or under a new Guid by equal content."""
    images = [image for image in (writable(change.after), before) if image is not None]
    for image in images:
        if (found := work.present(image)) is not None:
            return found
    begun = work.journal.record.of(change.id).undo is not None
    for image in images:  # made anew by another journal: a unique equal name with equal content counts
        if isinstance(image, ExchangeImage) and image.guid:
            named = work.present(ExchangeImage(image.type, image.name, image.properties))
            if named is None:
                continue
            if difference(image, named) is None or (begun and is_between(named, None, image)):
                return named
    return None


def _write(work: Work, change: PlannedChange, present: Writable | None, before: Writable | None) -> Stop | None:
    world = work.worlds(before or present)  # type: ignore[arg-type]  # one of them is there: see images_of
    try:
        world.write(present, before)
    except WorldFault as fault:
        if fault.for_good:
            work.person.tell(text("change {id} cannot be undone, ever: {why}", id=change.id, why=fault.message))
            work.journal.note("undone", change.id, refused=True)
            return None
        if not fault.unclear or work.proven(present, before, planned=change.after) is not None:
            return _failed(change, fault.message)
    return _proven(work, change, present, before)


def _proven(work: Work, change: PlannedChange, present: Writable | None, before: Writable | None) -> Stop | None:
    missing = work.proven(present, before, planned=change.after)
    if missing is not None:
        return Stop(
            WAITING,
            text(
                "change {id} is undone, but it does not show everywhere yet: {missing}", id=change.id, missing=missing
            ),
        )
    more: dict[str, object] = {}
    if isinstance(before, ExchangeImage) and before.guid:
        made = work.present(before) or work.present(ExchangeImage(before.type, before.name, before.properties))
        if isinstance(made, ExchangeImage) and made.guid != before.guid:
            more = {"instead_of": before.guid, "guid": made.guid}
    work.journal.note("undone", change.id, **more)
    return None


def _failed(change: PlannedChange, why: Message) -> Stop:
    return Stop(FAILED, text("change {id} could not be undone: {why}", id=change.id, why=why))


def _manual(work: Work, change: PlannedChange) -> Stop | None:
    if change.inverse is None:
        work.person.tell(
            text("change {id} was made by hand and is left as it is: {summary}", id=change.id, summary=change.summary)
        )
        work.journal.note("undone", change.id)
        return None
    missing = _not_back(work, change)
    while missing is not None and work.person.did(change, change.inverse.steps):
        work.journal.note("undo", change.id)
        missing = _not_back(work, change)
        if missing is not None:
            work.person.tell(text("That does not show yet: {missing}", missing=missing))
    if missing is None:
        work.journal.note("undone", change.id)
        return None
    if not _can_be_seen(change):
        work.journal.note("undo", change.id)  # it was shown: rolling back again confirms it
    return Stop(
        WAITING,
        text(
            "change {id} is to be undone by hand, and it does not show yet: {missing}. {steps}",
            id=change.id,
            missing=missing,
            steps=" ".join(change.inverse.steps),
        ),
    )


def _can_be_seen(change: PlannedChange) -> bool:
    return any(isinstance(image, FactImage | DnsImage | ExchangeImage) for image in (change.before, change.after))


def _not_back(work: Work, change: PlannedChange) -> Message | None:
    """Return None when what a person did is undone, else what is missing."""
    trace = work.journal.record.of(change.id)
    if isinstance(change.before, FactImage) or isinstance(change.after, FactImage):
        return _fact_not_back(work, change, trace)
    if not _can_be_seen(change):
        return None if trace.undo else text("no evidence can show it: roll back again once it is done")
    try:
        return seen(work.request, writable(change.after), writable(change.before))
    except WorldFault as fault:
        return fault.message


def _fact_not_back(work: Work, change: PlannedChange, trace: Trace) -> Message | None:
    """Look at the fact: it shows the state before, or where that was not known, no longer the one after."""
    taken = evidence_for(work.request, [change])
    fact = change.before if isinstance(change.before, FactImage) else change.after
    if not isinstance(fact, FactImage):
        return text("there is nothing to look at")
    if isinstance(change.before, FactImage):
        if missing := not_shown(fact, taken):
            return missing
    elif not_shown(fact, taken) is None:
        return text("it still shows what was set")
    found = taken.get(fact.kind, fact.target)
    if found is None or isinstance(found, Unavailable):
        return text("it cannot be seen: {why}", why=found.detail if found else "-")
    if trace.done is None and trace.intent is not None and not written_after(fact, taken, trace.intent):
        return text("it was written down before {moment}: look again, and write it down anew", moment=trace.intent)
    return None


def moves_mail(change: PlannedChange) -> bool:
    """Tell whether a change names other hosts in an MX record."""
    before, after = change.before, change.after
    if not isinstance(before, DnsImage) or not isinstance(after, DnsImage) or before.type != "MX":
        return False
    one, other = ({mail_exchanger(value) for value in image.values} for image in (before, after))
    return one != other


def caches_hold(work: Work, change: PlannedChange) -> Stop | None:
    """After an MX record moved back, wait until no cache can hold the one that it was."""
    trace, after = work.journal.record.of(change.id), change.after
    if trace.undone is None or not was_touched(trace) or not isinstance(after, DnsImage):
        return None
    if trace.until is None:
        until = (trace.undone or work.now) + timedelta(seconds=after.ttl + 1)
        work.journal.note("wait", change.id, until=f"{until:%Y-%m-%dT%H:%M:%SZ}")
        trace = work.journal.record.of(change.id)
    if trace.until is not None and work.now < trace.until:
        return Stop(
            WAITING,
            text(
                "the MX record is back; caches may hold the other one until {until}: roll back again then",
                until=trace.until,
            ),
        )
    return None

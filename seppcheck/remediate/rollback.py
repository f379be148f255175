"""Rolling back: what was really done is undone, last things first; it may be interrupted and run again."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.errors import UserError
from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage
from seppcheck.model.plans import PlannedChange
from seppcheck.model.text import text
from seppcheck.remediate.apply import End
from seppcheck.remediate.backwards import caches_hold, changed_since, moves_mail, take_back, was_touched
from seppcheck.remediate.journal import Record
from seppcheck.remediate.work import Stop, Work, writable


def to_undo(record: Record) -> tuple[PlannedChange, ...]:
    """Return the changes that were made, or may have been made, in the order in which they are undone."""
    return tuple(change for change in reversed(record.plan.changes) if was_touched(record.of(change.id)))


def still_to_undo(record: Record) -> tuple[PlannedChange, ...]:
    """Return those that are not undone yet; proofs and waits leave nothing to undo."""
    return tuple(
        change
        for change in to_undo(record)
        if record.of(change.id).undone is None and change.kind is not ChangeKind.WAIT and not change.proof
    )


def refuse_unready_back(work: Work) -> None:
    """Look, before anything is undone, whether what was made is still as it was made.

    Raises:
        UserError: naming what differs; another journal that has to be rolled back first is the usual reason.
    """
    seen: set[tuple[str, str]] = set()
    faults = []
    for change in still_to_undo(work.journal.record):
        image = writable(change.after) or writable(change.before)
        if not change.writes or image is None or not seen.isdisjoint(_things(change)):
            continue
        seen |= _things(change)
        if (fault := changed_since(work, change)) is not None:
            faults.append(fault)
    if faults:
        raise UserError(
            "the world is not as this journal left it, so nothing is undone. {faults}. If another plan was applied "
            "after this one, such as the completion, roll its journal back first",
            faults=tuple(faults),
        )


def _things(change: PlannedChange) -> set[tuple[str, str]]:
    images = [image for image in (change.before, change.after) if isinstance(image, DnsImage | ExchangeImage)]
    names = {(image.type, image.name.lower()) for image in images}
    return names | {(image.type, image.guid) for image in images if isinstance(image, ExchangeImage) and image.guid}


def already_so(record: Record) -> tuple[PlannedChange, ...]:
    """Return the changes that were there before this journal came to them: they are not undone."""
    return tuple(change for change in record.plan.changes if record.of(change.id).already)


def rollback(work: Work) -> End:
    """Undo every change of the journal that was really made."""
    for change in to_undo(work.journal.record):
        stop = _held_up(work, change) or take_back(work, change)
        if stop is not None:
            return End(stop)
    stop = next((held for change in _moved_back(work) if (held := caches_hold(work, change))), None)
    return End(stop or _refused(work))


def _held_up(work: Work, change: PlannedChange) -> Stop | None:
    """Before anything but another MX record is undone, every cache must have forgotten the MX records that moved."""
    if moves_mail(change):
        return None
    return next((held for moved in _moved_back(work) if (held := caches_hold(work, moved))), None)


def _moved_back(work: Work) -> Iterator[PlannedChange]:
    yield from (change for change in to_undo(work.journal.record) if moves_mail(change))


def _refused(work: Work) -> Stop | None:
    refused = [change for change in work.plan.changes if work.journal.record.of(change.id).refused]
    if not refused:
        return None
    names = tuple(change.summary for change in refused)
    return Stop(1, text("everything else is undone; this the tenant refuses to make again: {changes}", changes=names))

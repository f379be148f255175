"""What comes next in a plan that was begun: a person's step that does not show yet, a wait, or going on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from seppcheck.checklist.actions import by_hand, resume, wait
from seppcheck.checklist.situation import PlanFile, Situation
from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, FactImage
from seppcheck.model.checklist import NextStep
from seppcheck.model.plans import PlannedChange
from seppcheck.remediate.journal import Record
from seppcheck.remediate.since import is_since, proof_counts_from, waits_until


def from_journal(situation: Situation, file: PlanFile) -> Iterator[NextStep]:
    """Yield the next step of a plan that was begun, if something of it is left.

    A person's step that the evidence shows as done is passed over: going on will note it.
    """
    record = file.record
    if record is None:
        return
    fresh = {_identity(change): change for change in situation.plans[file.plan.phase].changes}
    following = next((c for c in file.left() if _is_open(situation, record, c, fresh)), None)
    going_on = resume(situation, file, following)
    for change in file.left():
        match change.kind:
            case ChangeKind.MANUAL if change.proof:
                if not _is_asked(record, change) or _is_proven(situation, record, change):
                    break
                yield by_hand(situation, fresh.get(_identity(change), change), going_on.command)
                return
            case ChangeKind.MANUAL:
                if (still := fresh.get(_identity(change))) is not None:
                    yield by_hand(situation, still, going_on.command)
                    return
            case ChangeKind.WAIT:
                until = _waiting(situation, record, change)
                yield wait(situation, replace(change, until=until), file) if until else going_on
                return
            case ChangeKind.AUTOMATIC:
                break
    if any(file.left()):
        yield going_on


def _is_open(
    situation: Situation, record: Record, change: PlannedChange, fresh: Mapping[tuple[object, ...], PlannedChange]
) -> bool:
    """Tell whether a change is still to be done, by what can be seen."""
    match change.kind:
        case ChangeKind.MANUAL if change.proof:
            return not _is_proven(situation, record, change)
        case ChangeKind.WAIT:
            return _waiting(situation, record, change) is not None
    return _identity(change) in fresh


def _identity(change: PlannedChange) -> tuple[object, ...]:
    """Return what a step is known by in another plan, which may be in another language."""
    image = change.after or change.before
    match image:
        case FactImage():
            about: object = (image.kind, tuple(sorted(image.fields)))
        case DnsImage():
            about = (image.name, image.type)
        case ExchangeImage():
            about = (image.type, image.name)
        case _:
            about = None
    return (change.check, change.target_kind, change.target, change.milestone, change.proof, about)


def _waiting(situation: Situation, record: Record, change: PlannedChange) -> datetime | None:
    """Return until when a wait lasts; None when it is over, or the journal does not say."""
    until = waits_until(record, change)
    return until if until is not None and until > situation.now else None


def _is_asked(record: Record, change: PlannedChange) -> bool:
    """Tell whether `apply` has come to the proof, which it stops at once to ask for it."""
    return record.of(change.id).intent is not None


def _is_proven(situation: Situation, record: Record, change: PlannedChange) -> bool:
    """Tell whether `apply`, which has asked for the proof, would take it: the record and, where there are, a sample."""
    seen, since = situation.seen, proof_counts_from(record, change)
    if since is None or not _is_asked(record, change) or not is_since(seen.proven_at, since):
        return False
    return not seen.samples_configured or is_since(seen.sample_at, since)

"""From when on something counts in a plan that was begun: a proof that mail flows, and the end of a wait. Pure."""

from __future__ import annotations

from datetime import datetime

from seppcheck.model.changes import Milestone
from seppcheck.model.plans import PlannedChange
from seppcheck.remediate.journal import Record


def proof_counts_from(record: Record, proof: PlannedChange) -> datetime | None:
    """Return since when it is proven: when the last step of the hold began, else when the proof was asked for."""
    steps = [record.of(each.id).intent for each in record.plan.changes if each.milestone is Milestone.HOLD_OFF]
    return max((at for at in steps if at is not None), default=record.of(proof.id).intent)


def is_since(moment: datetime | None, since: datetime) -> bool:
    """Tell whether a moment is not before another, in whole seconds, as records and samples keep them."""
    return moment is not None and moment.replace(microsecond=0) >= since.replace(microsecond=0)


def waits_until(record: Record, wait: PlannedChange) -> datetime | None:
    """Return until when a wait lasts; None while that is not known: it is counted once it is come to."""
    return record.of(wait.id).until or (wait.until if wait.seconds is None else None)

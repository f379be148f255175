"""The gate of the night: from when on the MX records may move. No gate is open that is not known."""

from __future__ import annotations

from datetime import datetime

from seppcheck.checklist.situation import Situation
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase

LEAD_TIME = "dns-ttl-lead-time"


def gate_is_open(situation: Situation) -> bool:
    """Tell whether every domain's low TTL has been on record for long enough."""
    return gate_is_known(situation) and all(moment.over for moment in _gates(situation))


def gate_is_shut(situation: Situation) -> bool:
    """Tell whether it is known that some domain has to wait."""
    return any(not moment.over for moment in _gates(situation))


def gate_is_known(situation: Situation) -> bool:
    """Tell whether it is known of every domain that has not moved from when on it may."""
    moving = {*situation.seen.moved, *situation.seen.moving}
    gated = {moment.target.name for moment in situation.moments}
    missing = {domain.name for domain in situation.site.domains} - moving - gated
    lead = [each for each in situation.results[Phase.READINESS] if each.check == LEAD_TIME]
    return not missing and all(each.outcome is not Outcome.INCONCLUSIVE for each in lead)


def gate_opens(situation: Situation) -> datetime | None:
    """Return when the last gate opens; None when one has no time yet, or is not known."""
    times = [moment.at for moment in _gates(situation) if not moment.over]
    known = [at for at in times if at is not None]
    return max(known, default=None) if gate_is_known(situation) and len(known) == len(times) else None


def _gates(situation: Situation) -> list[Moment]:
    return [moment for moment in situation.moments if moment.kind is MomentKind.MX_MAY_MOVE]

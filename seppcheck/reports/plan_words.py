"""The fixed words with which a plan is shown, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping

from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase, System
from seppcheck.model.text import Message, text

PLAN_PHASES: Mapping[PlanPhase, Message] = {
    PlanPhase.READINESS: text("Plan that prepares the move"),
    PlanPhase.CUTOVER: text("Plan of the cutover"),
    PlanPhase.COMPLETION: text("Plan that completes the move"),
}

KINDS: Mapping[ChangeKind, Message] = {
    ChangeKind.AUTOMATIC: text("automatic"),
    ChangeKind.MANUAL: text("by hand"),
    ChangeKind.WAIT: text("wait"),
}

SYSTEMS: Mapping[System, Message] = {
    System.DNS: text("DNS"),
    System.EXCHANGE: text("Exchange Online"),
    System.GATEWAY: text("Gateway"),
    System.PEOPLE: text("People"),
}

MILESTONES: Mapping[Milestone, Message] = {
    Milestone.HOLD_ON: text("Mail is held back"),
    Milestone.CONNECTORS: text("The connectors are there"),
    Milestone.RULE_ENABLED: text("The inline rule works"),
    Milestone.PARALLEL_OFF: text("The parallel rules rest"),
    Milestone.MX_MOVED: text("MX points at the gateway"),
    Milestone.MX_SETTLED: text("Everybody sees the new MX"),
    Milestone.INBOUND_ON: text("Mail comes in through the gateway alone"),
    Milestone.HOLD_OFF: text("Mail flows again"),
}
"""What is so once every step under it is done."""

PREPARATIONS = text("Preparations")
"""What stands before the first milestone."""
CLEARING_UP = text("What was kept for the way back goes")
"""What comes after the last proof."""

_MINUTE, _HOUR = 60, 3600
_SEVERAL = 2


def duration(seconds: int) -> Message:
    """Return a duration in the largest unit that says it exactly, and in which there are several."""
    for size, message in (
        (_HOUR, text("{count} hours", count=seconds // _HOUR)),
        (_MINUTE, text("{count} minutes", count=seconds // _MINUTE)),
    ):
        if seconds % size == 0 and seconds >= _SEVERAL * size:
            return message
    return text("{count} seconds", count=seconds)

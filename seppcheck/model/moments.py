"""Moments that a migration waits for: when the MX record may move, when nobody can remember the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seppcheck.model.targets import Target
from seppcheck.model.text import Message


class MomentKind(StrEnum):
    """What is waited for."""

    MX_MAY_MOVE = "mx-may-move"
    """The low TTL has been on record for long enough (guide P2)."""
    OLD_MX_GONE = "old-mx-gone"
    """No resolver can hold the old MX record any more (RFC 1034 section 3.6)."""
    RULE_SETTLED = "rule-settled"
    """Exchange Online acts on a changed transport rule everywhere."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment (UTC) that concerns a target; `over` tells whether it has come by the time of judgement.

    `at` is None while nothing has begun that it could be counted from. `details` are what it was worked out from,
    a sentence each.
    """

    kind: MomentKind
    target: Target
    at: datetime | None
    over: bool
    summary: Message
    details: tuple[Message, ...] = ()

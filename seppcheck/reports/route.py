"""The way mail takes, as results and evidence show it: what is drawn, without how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.text import Message, text

_FEW = 6
"""Names that one leg lists; of more, it says how many there are."""


class LegState(StrEnum):
    """How sure a leg is."""

    SEEN = "seen"
    WARNED = "warned"
    WAIVED = "waived"
    BROKEN = "broken"
    HELD = "held"
    """The gateway refuses for the time being, as it should during the cutover."""
    ELSEWHERE = "elsewhere"
    """Mail goes another way, which is right before the cutover."""
    LATER = "later"
    """No check of this phase judges it yet."""
    PARALLEL = "parallel"
    """Parallel mode, and rightly so before the cutover."""
    LEFTOVER = "leftover"
    IDLE = "idle"
    UNSEEN = "unseen"


STATE_OUTCOMES: Mapping[LegState, Outcome] = {
    LegState.SEEN: Outcome.PASSED,
    LegState.WARNED: Outcome.WARNED,
    LegState.WAIVED: Outcome.WAIVED,
    LegState.BROKEN: Outcome.FAILED,
    LegState.HELD: Outcome.NOT_APPLICABLE,
    LegState.ELSEWHERE: Outcome.NOT_APPLICABLE,
    LegState.LATER: Outcome.NOT_APPLICABLE,
    LegState.PARALLEL: Outcome.NOT_APPLICABLE,
    LegState.LEFTOVER: Outcome.FAILED,
    LegState.IDLE: Outcome.WARNED,
    LegState.UNSEEN: Outcome.INCONCLUSIVE,
}
"""Which sign a leg is drawn with."""

STATE_WORDS: Mapping[LegState, Message] = {
    LegState.SEEN: text("in order"),
    LegState.WARNED: text("with a warning"),
    LegState.WAIVED: text("waived"),
    LegState.BROKEN: text("broken"),
    LegState.HELD: text("held back"),
    LegState.ELSEWHERE: text("goes elsewhere"),
    LegState.LATER: text("not due"),
    LegState.PARALLEL: text("in use until the move"),
    LegState.LEFTOVER: text("left over"),
    LegState.IDLE: text("left over, idle"),
    LegState.UNSEEN: text("not proven"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a leg leads through: connectors, rules or certificates, by name; never empty."""

    kind: Message
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: where it goes, how sure that is, and what was seen.

    `things` are drawn on it; `problems` are the results that keep it from being in order, worst first;
    `extent` says of how many domains the state is true, where not of all; `held` that the gateway's
    hold stops it.
    """

    title: Message
    state: LegState
    facts: tuple[Message, ...] = ()
    things: tuple[Thing, ...] = ()
    problems: tuple[CheckResult, ...] = ()
    extent: Message | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Detour:
    """The way past the gateway: MX records that name Microsoft's hosts, and of how many domains."""

    hosts: tuple[str, ...]
    domains: int


@dataclass(frozen=True, slots=True)
class Leftover:
    """A leg of parallel mode; `inward` when it leads to Exchange Online."""

    leg: Leg
    inward: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Both directions, and what there is of parallel mode.

    `hosts` are all MX targets, the most used first; `held` says what the gateway holds back.
    """

    hosts: tuple[str, ...]
    inbound: tuple[Leg, Leg, Leg]
    outbound: tuple[Leg, Leg]
    parallel: tuple[Leftover, ...] = ()
    detour: Detour | None = None
    held: Message | None = None

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every leg in the order in which they are numbered."""
        return (*self.inbound, *self.outbound, *(left.leg for left in self.parallel))


def few(names: Iterable[str]) -> Message:
    """Return some names, and how many more there are."""
    known = list(dict.fromkeys(names))
    if len(known) <= _FEW:
        return text("{names}", names=known)
    return text("{names} and {count} more", names=known[:_FEW], count=len(known) - _FEW)

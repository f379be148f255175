"""What a remediation proposes: changes with their images, steps for people, waits, and notes. Frozen data, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seppcheck.model.phases import Phase
from seppcheck.model.targets import Target
from seppcheck.model.text import Message


class PlanPhase(StrEnum):
    """What a plan is for."""

    READINESS = "readiness"
    """Prepares the move."""
    CUTOVER = "cutover"
    """Moves everything, and ends with the hold still on."""
    COMPLETION = "completion"
    """Begins with the hold off, proves it, and removes what was kept for the way back."""

    @property
    def phase(self) -> Phase:
        """The phase whose checks tell whether the plan reached its aim."""
        return Phase.VERIFICATION if self is PlanPhase.COMPLETION else Phase(self.value)


class Milestone(StrEnum):
    """What changes need and reach, in the order of the migration; to need one is to need all before it."""

    HOLD_ON = "hold-on"
    CONNECTORS = "connectors"
    RULE_ENABLED = "rule-enabled"
    PARALLEL_OFF = "parallel-off"
    MX_MOVED = "mx-moved"
    MX_SETTLED = "mx-settled"
    INBOUND_ON = "inbound-on"
    HOLD_OFF = "hold-off"

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return list(Milestone).index(self)


class System(StrEnum):
    """Whose settings a change touches."""

    DNS = "dns"
    EXCHANGE = "exchange"
    GATEWAY = "gateway"
    PEOPLE = "people"


class ChangeKind(StrEnum):
    """Who carries a change out: this program, a person, or time."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class DnsImage:
    """One RRset: owner name (lower case, no trailing dot), type, TTL in seconds, RDATA as master-file text.

    A TXT value is written in quotes, string by string: `"v=spf1 -all"` (RFC 1035 section 5.1).
    """

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExchangeImage:
    """One object of Exchange Online: the noun of its cmdlets, such as `TransportRule`, and its settable properties.

    `guid` is "" while the object is not there yet. Of a rule the property State stands for Enable- and
    Disable-, and what is not set is left out.
    """

    type: str
    name: str
    properties: Mapping[str, object]
    guid: str = ""


@dataclass(frozen=True, slots=True)
class FactImage:
    """What evidence of one kind about one target shows, field by field: a setting that only people change."""

    kind: str
    target: Target
    fields: Mapping[str, object]


Image = DnsImage | ExchangeImage | FactImage


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What every step says of itself.

    `why` gives the reason in a sentence. `requirements` are the guide's numbers, by default the check's.
    `needs` is the latest milestone that must be reached before, `reaches` the one that it is a part of
    (always a later one). `breaks` says what goes wrong if one stops right after it, None when mail flows
    or is held back safely.
    """

    summary: Message
    why: Message
    requirements: tuple[str, ...] = ()
    needs: Milestone | None = None
    reaches: Milestone | None = None
    breaks: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(_Step):
    """A change of an RRset or of an object of Exchange, from one image to another, and back."""

    before: DnsImage | ExchangeImage | None
    after: DnsImage | ExchangeImage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualStep(_Step):
    """Something that a person does: where (menu path), what to enter, and how to verify it, one step a line.

    `after` is what evidence shows once it is done, `before` what it showed; None = evidence cannot show it field
    by field, then the check has to pass. `undo` are the steps back. A `proof` is no change: it stops `apply`
    once, and must be newer than the steps before it.
    """

    system: System
    steps: Sequence[Message]
    before: FactImage | DnsImage | ExchangeImage | None = None
    after: FactImage | DnsImage | ExchangeImage | None = None
    undo: Sequence[Message] = ()
    until: datetime | None = None
    proof: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(_Step):
    """Time that must pass: until a moment (UTC), or so many seconds after everything before it is done."""

    system: System = System.PEOPLE
    until: datetime | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader of a plan has to know, and no evidence can ever show."""

    text: Message


Step = Change | ManualStep | Wait
"""What a plan is made of."""
Proposal = Sequence[Step | Note]
"""What a remediation returns; nothing to do is an empty list."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the remediation of one check on one target proposes, or why it could not.

    `missing` is the sentence about evidence that it insists on, or about its crash.
    """

    check: str
    target: Target
    steps: tuple[Step, ...] = ()
    notes: tuple[Message, ...] = ()
    missing: Message | None = None
    crashed: bool = False

"""Which of a tenant's connectors and rules belong to the gateway, and in which part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seppcheck.model.ages import MAX_AGE
from seppcheck.model.evidence import Evidence, Unavailable, evidence
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.phases import Phase
from seppcheck.model.targets import Tenant
from seppcheck.model.text import Message

GUIDE_RULE = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
"""The guide's name for the inline transport rule (R1); the vendor's parallel rule carries it too."""


class Role(StrEnum):
    """What an object is to the migration. What is none of these is not listed at all."""

    INLINE = "inline"
    """One of the guide's objects, right or wrong: it is judged by O, I and R numbers."""
    SPARE = "spare"
    """It would be inline, but the configuration names others."""
    PARALLEL = "parallel"
    """A leftover of parallel mode (guide B1, B2)."""
    STRAY = "stray"
    """It carries the vendor's name or stamp and points at another host: see `bearing`."""
    WILDCARD = "wildcard"
    """An OnPremises inbound connector that nothing but a wildcard connects with the gateway."""
    MENTION = "mention"
    """Somebody's own rule that speaks of the vendor's headers, or carries the vendor's stamp alone."""
    SET_ASIDE = "set-aside"
    """Another product's or the hybrid wizard's: never judged, never touched."""
    UNDECIDED = "undecided"
    """What would tell is missing; `marks` say what."""


class Bearing(StrEnum):
    """Where the host of a stray object leads."""

    GATEWAY = "gateway"
    NOWHERE = "nowhere"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    """DNS did not say, or the gateway's own addresses are not known."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The other host that a stray object points at, and what it resolves to."""

    host: str
    bearing: Bearing
    addresses: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The vendor's stamp in a comment: module, its version and the date as they stand there ("" = none)."""

    module: str
    version: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Classified:
    """One object with its role; `marks` say by what it was told.

    `route` is the key of the connector that a rule routes to: "" = none, None = unknown or not to be found.
    """

    role: Role
    entry: ExchangeObject
    marks: tuple[Message, ...] = ()
    stamp: Stamp | None = None
    heading: Heading | None = None
    route: str | None = ""

    @property
    def name(self) -> str:
        """The object's name."""
        return self.entry.name

    @property
    def key(self) -> str:
        """What `route` of a rule refers to: the Guid, else the lower-case name."""
        return key_of(self.entry)

    @property
    def enabled(self) -> bool | None:
        """Whether it is switched on: `Enabled` of a connector, `State` of a rule; None = unknown."""
        if self.entry.knows("State"):
            return {"enabled": True, "disabled": False}.get(self.entry.text("State").lower())
        return self.entry.flag("Enabled")


def key_of(entry: ExchangeObject) -> str:
    """Return what rules refer to a connector by: the Guid, else the lower-case name."""
    return entry.guid or entry.name.lower()


Side = tuple[Classified, ...] | Unavailable
"""The classified objects of one kind, or why they are not known."""


@evidence("mail-flow", target=Tenant)
@dataclass(frozen=True, slots=True)
class MailFlow(Evidence):
    """The connectors and rules of the tenant that have to do with the gateway, each with its role.

    Rules come in the order of Exchange. What could not be read stands there as `Unavailable`.
    """

    inbound: Side
    outbound: Side
    rules: Side
    origin: str
    at: datetime

    @property
    def asked(self) -> str:
        """The export or the endpoint."""
        return self.origin

    @property
    def seen_at(self) -> datetime:
        """When the oldest part of it was read."""
        return self.at

    @property
    def max_age(self) -> Mapping[Phase, timedelta]:
        """That of what it was made of."""
        return MAX_AGE

    def routing_to(self, connector: Classified) -> tuple[Classified, ...]:
        """Return the rules that route to a connector; none where the rules are unknown."""
        return tuple(rule for rule in having(self.rules) if rule.route and rule.route == connector.key)


def having(side: Side, *roles: Role) -> tuple[Classified, ...]:
    """Return the objects in one of some roles (of all when none is named); none of what is unknown."""
    found: Iterable[Classified] = () if isinstance(side, Unavailable) else side
    return tuple(each for each in found if not roles or each.role in roles)

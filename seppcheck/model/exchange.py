"""Exchange Online's objects as evidence, under Exchange's own property names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from seppcheck.model.ages import MAX_AGE
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.phases import Phase
from seppcheck.model.targets import Tenant


@dataclass(frozen=True, slots=True)
class ExchangeObject:
    """One object as a Get- cmdlet gives it, normalised by the source.

    Keys are Exchange's property names. Values: null, booleans, numbers, text, lists of text; times are
    ISO 8601 in UTC (`2026-11-24T08:00:00Z`); sidecar keys (`@`) are gone. A key that is absent is
    unknown; null and an empty list are alike where Exchange treats them so.
    """

    properties: Mapping[str, object]

    def knows(self, name: str) -> bool:
        """Whether the property was there at all."""
        return name in self.properties

    def text(self, name: str) -> str:
        """Return a property as text; null and absent are ""."""
        value = self.properties.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool | None:
        """Return a boolean property; None = absent, null or no boolean."""
        value = self.properties.get(name)
        return value if isinstance(value, bool) else None

    def items(self, name: str) -> tuple[str, ...]:
        """Return a multivalued property; null, absent and a single value count too."""
        value = self.properties.get(name)
        if value is None or value == "":
            return ()
        return tuple(map(str, value)) if isinstance(value, (list, tuple)) else (str(value),)

    def number(self, name: str) -> int | None:
        """Return a whole number, be it given as text; None = absent, null or none."""
        value = self.properties.get(name)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return int(str(value))
        except ValueError:
            return None

    def time(self, name: str) -> datetime | None:
        """Return a time in UTC; None = absent, null or none."""
        try:
            return datetime.fromisoformat(self.text(name))
        except ValueError:
            return None

    @property
    def name(self) -> str:
        """Its Name, else its Identity."""
        return self.text("Name") or self.text("Identity")

    @property
    def guid(self) -> str:
        """Its Guid, lower-case."""
        return self.text("Guid").lower()


class _Objects(Evidence):
    """Base: `objects` of one cmdlet; `origin` is the export's folder or the endpoint; `at` when it was read."""

    __slots__ = ()
    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime

    @property
    def asked(self) -> str:
        """The export or the endpoint."""
        return self.origin

    @property
    def seen_at(self) -> datetime:
        """When Exchange was read."""
        return self.at

    @property
    def max_age(self) -> Mapping[Phase, timedelta]:
        """That of an export."""
        return MAX_AGE


@evidence("inbound-connectors", target=Tenant)
@dataclass(frozen=True, slots=True)
class InboundConnectors(_Objects):
    """Get-InboundConnector."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("outbound-connectors", target=Tenant)
@dataclass(frozen=True, slots=True)
class OutboundConnectors(_Objects):
    """Get-OutboundConnector, connectors in test mode included."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("transport-rules", target=Tenant)
@dataclass(frozen=True, slots=True)
class TransportRules(_Objects):
    """Get-TransportRule, in the order of Priority."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("accepted-domains", target=Tenant)
@dataclass(frozen=True, slots=True)
class AcceptedDomains(_Objects):
    """Get-AcceptedDomain."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("dkim-signing-configs", target=Tenant)
@dataclass(frozen=True, slots=True)
class DkimSigningConfigs(_Objects):
    """Get-DkimSigningConfig."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("connection-filter-policies", target=Tenant)
@dataclass(frozen=True, slots=True)
class ConnectionFilterPolicies(_Objects):
    """Get-HostedConnectionFilterPolicy."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("remote-domains", target=Tenant)
@dataclass(frozen=True, slots=True)
class RemoteDomains(_Objects):
    """Get-RemoteDomain."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("organization-config", target=Tenant)
@dataclass(frozen=True, slots=True)
class OrganizationConfig(_Objects):
    """Get-OrganizationConfig: one object."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime


@evidence("arc-config", target=Tenant)
@dataclass(frozen=True, slots=True)
class ArcConfig(_Objects):
    """Get-ArcConfig: one object."""

    objects: tuple[ExchangeObject, ...]
    origin: str
    at: datetime

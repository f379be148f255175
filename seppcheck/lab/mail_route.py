"""Which way mail goes in the lab's world as it is now, and the mails that would arrive that way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import dns.name
import dns.rdatatype

from seppcheck.lab.exchange.tenant import Properties, Tenant
from seppcheck.lab.zones import Zones
from seppcheck.scenarios import samples
from seppcheck.scenarios.appliances import microsoft_host
from seppcheck.scenarios.shape import GATEWAY, Appliance, Sample


@dataclass(frozen=True, slots=True)
class Route:
    """What decides about the way of a domain's mail."""

    held: bool
    helo: str
    smarthost: str
    exchangers: frozenset[str]
    """The hosts of the MX record, lower case, without a trailing dot."""
    parallel: bool
    """Whether a rule sends what comes in from outside through the gateway and back."""
    inline: bool
    """Whether a rule sends what goes out to the gateway for good."""

    def arriving(self, domain: str) -> tuple[Sample, ...] | None:
        """Return the mails that arrive by way of the gateway; None while it refuses everything."""
        return None if self.held else tuple(self._arriving(domain))

    def _arriving(self, domain: str) -> Iterator[Sample]:
        if self.inline:
            yield samples.outgoing(self.helo, self.smarthost)
        if GATEWAY in self.exchangers:
            yield samples.incoming(self.helo)
        if microsoft_host(domain) in self.exchangers and self.parallel:
            yield samples.parallel(self.helo)


def route(domain: str, appliance: Appliance, zones: Zones, tenant: Tenant) -> Route:
    """Look which way a domain's mail goes."""
    managed = next((each for each in appliance.domains if each.name == domain), None)
    with tenant.lock:
        rules = [(rule, _connector(tenant, rule)) for rule in tenant.rules.objects if rule["State"] == "Enabled"]
    return Route(
        held=domain in appliance.held,
        helo=appliance.helo or GATEWAY,
        smarthost=managed.smarthost if managed else "",
        exchangers=_exchangers(domain, zones),
        parallel=any(
            connector == "OnPremises" and rule.get("FromScope") == "NotInOrganization" for rule, connector in rules
        ),
        inline=any(connector == "Partner" and _is_for(rule, domain) for rule, connector in rules),
    )


def _exchangers(domain: str, zones: Zones) -> frozenset[str]:
    owner = dns.name.from_text(domain)
    zone = zones.closest(owner, dns.rdatatype.MX)
    found = zone.get_rdataset(owner, dns.rdatatype.MX) if zone else None
    return frozenset(str(record.exchange).rstrip(".").lower() for record in found or ())


def _connector(tenant: Tenant, rule: Properties) -> str | None:
    """Return the type of the connector that a rule routes to."""
    wanted = str(rule.get("RouteMessageOutboundConnector") or "").lower()
    keys = ("Name", "Guid", "DistinguishedName")
    found = (c for c in tenant.outbound.objects if wanted and wanted in {str(c[key]).lower() for key in keys})
    return next((str(connector["ConnectorType"]) for connector in found), None)


def _is_for(rule: Properties, domain: str) -> bool:
    senders = rule.get("SenderDomainIs")
    return rule.get("Mode") == "Enforce" and (not senders or domain in {str(each).lower() for each in senders})

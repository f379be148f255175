"""A tenant's mail flow, classified from its objects as the source does it, without asking DNS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from seppcheck.api import (
    Bearing,
    Classified,
    Domain,
    ExchangeObject,
    Gateway,
    Heading,
    MailFlow,
    Node,
    Role,
    Site,
    Tenant,
    Unavailable,
)
from seppcheck.sources.connector_roles import Ours, inbound_role, outbound_role, prefer_configured
from seppcheck.sources.rule_roles import Connectors, rule_roles
from tests.checks.exchange_objects import DOMAIN_NAME, GATEWAY_ADDRESS, GATEWAY_NAME, READ_AT

TENANT = Tenant("example.onmicrosoft.com")
SITE = Site(Gateway(GATEWAY_NAME, (Node(GATEWAY_NAME, (GATEWAY_ADDRESS,)),)), (Domain(DOMAIN_NAME),), TENANT)
OURS = Ours(frozenset({GATEWAY_NAME}), frozenset({GATEWAY_ADDRESS}), True, frozenset({DOMAIN_NAME}))
ELSEWHERE = Heading("gateway.example.net", Bearing.ELSEWHERE, ("198.51.100.7",))

Objects = Sequence[ExchangeObject] | Unavailable


def flow(
    *,
    inbound: Objects = (),
    outbound: Objects = (),
    rules: Objects = (),
    ours: Ours = OURS,
    tenant: Tenant = TENANT,
    heading: Heading = ELSEWHERE,
) -> MailFlow:
    """Classify objects; stray connectors lead where `heading` says."""
    incoming = _side(inbound, [inbound_role(e, ours, tenant.inbound_connectors) for e in _known(inbound)])
    outgoing = _side(outbound, [outbound_role(e, ours, tenant.outbound_connectors) for e in _known(outbound)])
    if not isinstance(incoming, Unavailable):
        incoming = prefer_configured(_headed(incoming, heading), tenant.inbound_connectors)
    if not isinstance(outgoing, Unavailable):
        outgoing = prefer_configured(_headed(outgoing, heading), tenant.outbound_connectors)
    known = () if isinstance(outgoing, Unavailable) else outgoing
    entries = outbound if isinstance(outbound, Unavailable) else tuple(outbound)
    judged = (
        rules
        if isinstance(rules, Unavailable)
        else rule_roles(rules, Connectors(entries, known), tenant.transport_rules)
    )
    return MailFlow(incoming, outgoing, judged, "exchange-export", READ_AT)


def _known(objects: Objects) -> Sequence[ExchangeObject]:
    return () if isinstance(objects, Unavailable) else objects


def _side(given: Objects, found: Sequence[Classified | None]) -> tuple[Classified, ...] | Unavailable:
    return given if isinstance(given, Unavailable) else tuple(each for each in found if each is not None)


def _headed(found: Sequence[Classified], heading: Heading) -> tuple[Classified, ...]:
    return tuple(replace(each, heading=heading) if each.role is Role.STRAY else each for each in found)

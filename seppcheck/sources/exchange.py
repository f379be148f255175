"""Exchange Online: its objects, live or out of an export; both give the same evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from seppcheck.clients.exchange import exchange_client
from seppcheck.clients.http import HttpFault
from seppcheck.exchange.cmdlets import QUERIES
from seppcheck.exchange.export import UnusableError, accepted, objects_of
from seppcheck.exchange.objects import in_order, merged, normalised
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import (
    AcceptedDomains,
    ArcConfig,
    ConnectionFilterPolicies,
    DkimSigningConfigs,
    ExchangeObject,
    InboundConnectors,
    OrganizationConfig,
    OutboundConnectors,
    RemoteDomains,
    TransportRules,
)
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Tenant
from seppcheck.model.text import Message, text

_Kind = TypeVar(
    "_Kind",
    InboundConnectors,
    OutboundConnectors,
    TransportRules,
    AcceptedDomains,
    DkimSigningConfigs,
    ConnectionFilterPolicies,
    RemoteDomains,
    OrganizationConfig,
    ArcConfig,
)


@source("exchange")
def inbound_connectors(tenant: Tenant, session: Session) -> InboundConnectors | Unavailable:
    """Read the inbound connectors."""
    return _read(InboundConnectors, tenant, session)


@source("exchange")
def outbound_connectors(tenant: Tenant, session: Session) -> OutboundConnectors | Unavailable:
    """Read the outbound connectors, those in test mode included."""
    return _read(OutboundConnectors, tenant, session)


@source("exchange")
def transport_rules(tenant: Tenant, session: Session) -> TransportRules | Unavailable:
    """Read the transport rules, in the order in which they run."""
    return _read(TransportRules, tenant, session)


@source("exchange")
def accepted_domains(tenant: Tenant, session: Session) -> AcceptedDomains | Unavailable:
    """Read the accepted domains."""
    return _read(AcceptedDomains, tenant, session)


@source("exchange")
def dkim_signing_configs(tenant: Tenant, session: Session) -> DkimSigningConfigs | Unavailable:
    """Read for which domains Exchange signs."""
    return _read(DkimSigningConfigs, tenant, session)


@source("exchange")
def connection_filter_policies(tenant: Tenant, session: Session) -> ConnectionFilterPolicies | Unavailable:
    """Read the connection filter's policies."""
    return _read(ConnectionFilterPolicies, tenant, session)


@source("exchange")
def remote_domains(tenant: Tenant, session: Session) -> RemoteDomains | Unavailable:
    """Read the remote domains."""
    return _read(RemoteDomains, tenant, session)


@source("exchange")
def organization_config(tenant: Tenant, session: Session) -> OrganizationConfig | Unavailable:
    """Read the organization's configuration."""
    return _read(OrganizationConfig, tenant, session)


@source("exchange")
def arc_config(tenant: Tenant, session: Session) -> ArcConfig | Unavailable:
    """Read which ARC sealers are trusted."""
    return _read(ArcConfig, tenant, session)


def _read(kind: type[_Kind], tenant: Tenant, session: Session) -> _Kind | Unavailable:
    section = session.settings.exchange
    if section is not None and section.export:
        return _exported(kind, tenant, session)
    if section is None or not section.client_id:
        return Unavailable(Reason.NOT_CONFIGURED, _nothing_configured())
    return _live(kind, session)


def _nothing_configured() -> Message:
    return text(
        "Exchange Online is not configured: write [exchange] with tenant, client_id and certificate or client_secret, "
        "or with export, the folder that the script of `seppcheck explain exchange-export` fills"
    )


def _exported(kind: type[_Kind], tenant: Tenant, session: Session) -> _Kind | Unavailable:
    origin = session.settings.exchange.export
    folder = session.settings.path(origin)
    try:
        info = accepted(folder, tenant.name, session.clock())
        answers = [objects_of(folder, info, query) for query in QUERIES[kind]]
    except UnusableError as error:
        return replace(error.why, asked=origin)
    return _evidence(kind, answers, origin, info.collected_at.replace(microsecond=0))


def _live(kind: type[_Kind], session: Session) -> _Kind | Unavailable:
    try:
        client = session.client(exchange_client)
        at = session.clock().replace(microsecond=0)
        answers = [map(normalised, client.invoke(query.cmdlet, query.arguments)) for query in QUERIES[kind]]
    except HttpFault as fault:
        return Unavailable(fault.reason, fault.detail, session.settings.exchange.endpoint or "Exchange Online")
    return _evidence(kind, answers, client.endpoint, at)


def _evidence(kind: type[_Kind], answers: Iterable[Iterable[ExchangeObject]], origin: str, at: datetime) -> _Kind:
    objects = merged(answers)
    return kind(in_order(objects) if kind is TransportRules else objects, origin, at)

"""Exchange Online's objects by meaning: property by property, known by their Guid, rules in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seppcheck.drift.projection import IDENTITY, Projected, Projector, View
from seppcheck.model.evidence import Evidence
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
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_images import READ_ONLY_OF_RULES, SETTABLE, Noun, comparable, is_unset

_NAMES = frozenset({"Name", IDENTITY})
_ONE_TEXT = frozenset({"ArcTrustedSealers"})
"""Lists that Exchange keeps as one text with commas."""
LEFT_OUT_OF_RULES = READ_ONLY_OF_RULES | _NAMES | {"Priority"}
"""What of a rule is not compared as its property. Its place among the others is compared for all of them at once."""


def alike(name: str, before: Any, after: Any) -> bool:
    """Tell whether two values of a property mean the same to Exchange."""
    return _compared(name, before) == _compared(name, after)


def _compared(name: str, value: Any) -> object:
    return None if isinstance(value, str) and not value.strip() else comparable(name, value)


def _kept(name: str, value: object) -> object:
    if name in _ONE_TEXT and isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if value is False or not is_unset(value):
        if isinstance(value, (list, tuple)):
            members = {str(_compared(name, each)): each for each in map(str, value)}
            return [members[key] for key in sorted(members)]
        return value
    return None


def _closed(properties: Iterable[str]) -> Any:
    """Make the projection to some properties; one that was not read is left out, for it is unknown."""
    wanted = [name for name in properties if name not in _NAMES]

    def project(found: Any, view: View) -> Projected:
        del view
        return Projected(
            _by_name(found.objects, lambda e: {n: _kept(n, e.properties[n]) for n in wanted if e.knows(n)})
        )

    return project


def _rules(found: TransportRules, view: View) -> Projected:
    """Return every rule with all that is set in it: a condition that nobody here knows counts too."""
    del view
    objects = _by_name(
        found.objects,
        lambda entry: {
            name: _kept(name, value)
            for name, value in entry.properties.items()
            if name not in LEFT_OUT_OF_RULES and not is_unset(value)
        },
    )
    return Projected(objects, order=tuple(objects))


def _by_name(entries: Iterable[ExchangeObject], project: Any) -> Mapping[str, Mapping[str, Any]]:
    objects: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        name = entry.name if entry.name not in objects else f"{entry.name} ({entry.guid})"
        objects[name] = {IDENTITY: entry.guid, **project(entry)} if entry.guid else project(entry)
    return objects


def _objects(kind: type[Evidence], noun: Message, *properties: str) -> Projector:
    """Make the projector of objects of which some properties are kept."""
    return Projector(kind, noun, _closed(properties), alike, absent=Reason.INCOMPLETE)


EXCHANGE = (
    _objects(InboundConnectors, text("inbound connector {object}"), *SETTABLE[Noun.INBOUND_CONNECTOR]),
    _objects(OutboundConnectors, text("outbound connector {object}"), *SETTABLE[Noun.OUTBOUND_CONNECTOR]),
    Projector(TransportRules, text("transport rule {object}"), _rules, alike, LEFT_OUT_OF_RULES),
    _objects(
        AcceptedDomains,
        text("accepted domain {object}"),
        *("DomainName", "DomainType", "Default", "MatchSubDomains", "OutboundOnly", "EmailOnly"),
        *("SendingFromDomainDisabled", "SendingToDomainDisabled", "IsCoexistenceDomain", "PendingRemoval"),
    ),
    _objects(DkimSigningConfigs, text("DKIM signing of {object} by Exchange"), "Enabled"),
    _objects(
        ConnectionFilterPolicies,
        text("connection filter policy {object}"),
        *("IPAllowList", "IPBlockList", "EnableSafeList", "DirectoryBasedEdgeBlockMode"),
    ),
    _objects(
        RemoteDomains,
        text("remote domain {object}"),
        *("DomainName", "IsInternal", "TargetDeliveryDomain", "AllowedOOFType", "AutoReplyEnabled"),
        *("AutoForwardEnabled", "TrustedMailInboundEnabled", "TrustedMailOutboundEnabled"),
    ),
    _objects(OrganizationConfig, text("organization {object}"), "RejectDirectSend", "SendFromAliasEnabled"),
    _objects(ArcConfig, text("ARC configuration {object}"), "ArcTrustedSealers"),
)

"""Exchange Online's objects by meaning: property by property, known by their Guid, rules in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seppcheck.drift.projection import IDENTITY, Projected, Projector, View
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
from seppcheck.model.text import text
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


EXCHANGE = (
    Projector(
        InboundConnectors,
        text("inbound connector {object}"),
        _closed(SETTABLE[Noun.INBOUND_CONNECTOR]),
        alike,
    ),
    Projector(
        OutboundConnectors,
        text("outbound connector {object}"),
        _closed(SETTABLE[Noun.OUTBOUND_CONNECTOR]),
        alike,
    ),
    Projector(TransportRules, text("transport rule {object}"), _rules, alike, LEFT_OUT_OF_RULES),
    Projector(
        AcceptedDomains,
        text("accepted domain {object}"),
        _closed(
            (
                *("DomainName", "DomainType", "Default", "MatchSubDomains", "OutboundOnly", "EmailOnly"),
                *("SendingFromDomainDisabled", "SendingToDomainDisabled", "IsCoexistenceDomain", "PendingRemoval"),
            )
        ),
        alike,
    ),
    Projector(DkimSigningConfigs, text("DKIM signing of {object} by Exchange"), _closed(("Enabled",)), alike),
    Projector(
        ConnectionFilterPolicies,
        text("connection filter policy {object}"),
        _closed(("IPAllowList", "IPBlockList", "EnableSafeList", "DirectoryBasedEdgeBlockMode")),
        alike,
    ),
    Projector(
        RemoteDomains,
        text("remote domain {object}"),
        _closed(
            (
                *("DomainName", "IsInternal", "TargetDeliveryDomain", "AllowedOOFType", "AutoReplyEnabled"),
                *("AutoForwardEnabled", "TrustedMailInboundEnabled", "TrustedMailOutboundEnabled"),
            )
        ),
        alike,
    ),
    Projector(
        OrganizationConfig,
        text("organization {object}"),
        _closed(("RejectDirectSend", "SendFromAliasEnabled")),
        alike,
    ),
    Projector(ArcConfig, text("ARC configuration {object}"), _closed(("ArcTrustedSealers",)), alike),
)

"""Objects made in a lab's tenant with the commands that would make them: inline ones, parallel ones, other people's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seppcheck.api import Domain, Gateway, ManagedDomain, ManagedDomains, Node, SenderCertificate, Site, Tenant
from tests.checks.evidence import certificate
from tests.checks.exchange_objects import (
    CLASSES,
    GATEWAY_ADDRESS,
    GATEWAY_NAME,
    INBOUND_NAME,
    OUTBOUND_NAME,
    RULE_NAME,
)
from tests.checks.gateway_facts import SEEN
from tests.remediations.exchange_simulation import World

Properties = dict[str, Any]

DOMAINS = ("example.org", "example.net")
GATEWAY = Gateway(GATEWAY_NAME, (Node(GATEWAY_NAME, (GATEWAY_ADDRESS,)),))
SITE = Site(GATEWAY, tuple(map(Domain, DOMAINS)), Tenant("example.onmicrosoft.com"))
MANAGED = ManagedDomains(tuple(map(ManagedDomain, DOMAINS)), SEEN)

TO_INSIDE: Properties = {"FromScope": "NotInOrganization", "SentToScope": "InOrganization"}
TO_OUTSIDE: Properties = {"FromScope": "InOrganization", "SentToScope": "NotInOrganization"}
_ROUTE_IN: Properties = {
    **TO_INSIDE,
    "SetHeaderName": "X-SM-maildirection",
    "SetHeaderValue": "inbound",
    "ExceptIfHeaderContainsMessageHeader": "X-SM-incoming",
    "ExceptIfHeaderContainsWords": ["yes"],
    "StopRuleProcessing": True,
}
_ROUTE_OUT: Properties = {
    **TO_OUTSIDE,
    "SetHeaderName": "X-SM-maildirection",
    "SetHeaderValue": "outbound",
    "ExceptIfHeaderMatchesMessageHeader": "X-SM-internal",
    "ExceptIfHeaderMatchesPatterns": ["yes"],
    "ExceptIfMessageTypeMatches": "OOF",
    "ExceptIfSCLOver": 9,
}
_CLEAN: Properties = {**TO_OUTSIDE, "RemoveHeader": "X-SM-outgoing"}
_SKIP: Properties = {**TO_INSIDE, "SetSCL": -1}
VERSIONS: Mapping[str, tuple[tuple[str, Properties, bool], ...]] = {
    "1.2.9": (
        ("100 Route incoming e-mails to SEPPmail", _ROUTE_IN, True),
        ("110 Route incoming tagged e-mails to SEPPmail", _ROUTE_IN, True),
        ("200 Route outgoing e-mails to SEPPmail", _ROUTE_OUT, True),
        ("500 Clean outbound SEPPmail header outgoing", _CLEAN, False),
    ),
    "": (
        ("Route incoming/internal Mails to SEPPmail", _ROUTE_IN, True),
        ("Route outgoing/internal Mails to SEPPmail", _ROUTE_OUT, True),
        ("Skip SPF check after incoming appliance routing", _SKIP, False),
        ("Clean outbound SEPPmail header outgoing", _CLEAN, False),
    ),
    "1.2.3": (
        ("Route incoming e-mails to SEPPmail", _ROUTE_IN, True),
        ("Route outgoing e-mails to SEPPmail", _ROUTE_OUT, True),
    ),
    "2.5.1": (
        ("100 ROUTE INCOMING E-MAILS TO SEPPMAIL", _ROUTE_IN, True),
        ("200 Route outgoing e-mails to SEPPMAIL", _ROUTE_OUT, True),
        ("600 Clean outbound SEPPMAIL header smarthost", _CLEAN, False),
    ),
}
"""Rules of parallel mode by the version of the vendor's module that made them: name, content, whether it routes."""


def stamp(version: str) -> str:
    return f"#Created with SEPPmail365 PowerShell Module version {version} on 01/02/2026" if version else ""


def empty() -> World:
    """A tenant without connectors and rules, beside a gateway whose certificate is known."""
    return World(site=SITE, managed=MANAGED, certificates=certificates(GATEWAY_NAME, GATEWAY_NAME))


def certificates(*common_names: str) -> dict[str, SenderCertificate]:
    """The domains' certificates with these names; "" = it is not known."""
    return {
        domain: SenderCertificate(certificate(common_name=name), SEEN)
        for domain, name in zip(DOMAINS, common_names, strict=False)
        if name
    }


def make_outbound(world: World, name: str = OUTBOUND_NAME, **changes: object) -> Properties:
    """Make the guide's outbound connector. Changes are stored as they are, whatever rules name it by then."""
    made = world.run(
        "New-OutboundConnector",
        Name=name,
        ConnectorType="Partner",
        IsTransportRuleScoped=True,
        UseMXRecord=False,
        SmartHosts=[GATEWAY_NAME],
        TlsSettings="DomainValidation",
        TlsDomain=GATEWAY_NAME,
    )
    made.update({"ValidationRecipients": ["admin@example.org"], **changes})
    return made


def make_inbound(world: World, name: str = INBOUND_NAME, **changes: object) -> Properties:
    """Make the guide's inbound connector."""
    made = world.run(
        "New-InboundConnector",
        Name=name,
        ConnectorType="Partner",
        SenderDomains=["*"],
        RequireTls=True,
        RestrictDomainsToCertificate=True,
        TlsSenderCertificateName=GATEWAY_NAME,
        EFSkipLastIP=True,
    )
    made.update(changes)
    return made


def make_rule(
    world: World, name: str = RULE_NAME, connector: str | None = OUTBOUND_NAME, **changes: object
) -> Properties:
    """Make the guide's rule; what is None is not set. The old rule of a class that nobody knows has it in its list."""
    content: Properties = {
        "SetAuditSeverity": "Low",
        **TO_OUTSIDE,
        "SenderDomainIs": list(DOMAINS),
        "SetHeaderName": "X-SM-maildirection",
        "SetHeaderValue": "outbound",
        "ExceptIfSCLOver": 9,
        "RouteMessageOutboundConnector": connector,
        "Enabled": True,
        **changes,
    }
    hidden, by_hand = content.pop("hidden", ""), content.pop("ManuallyModified", False)
    made = world.run("New-TransportRule", Name=name, **{k: v for k, v in content.items() if v is not None})
    made["ManuallyModified"] = by_hand
    if hidden:
        made["Conditions"] = [*(made["Conditions"] or []), f"{CLASSES}{hidden}Predicate"]
    return made


def make_inline(world: World, mark: str = "") -> World:
    """Make everything that the guide wants, under its names with something behind them."""
    make_outbound(world, OUTBOUND_NAME + mark)
    make_inbound(world, INBOUND_NAME + mark)
    make_rule(world, RULE_NAME + mark, OUTBOUND_NAME + mark)
    return world


def make_parallel_connectors(world: World, version: str = "1.2.9", host: str = GATEWAY_NAME, **demands: object) -> None:
    """Make the connectors of parallel mode; the gateway is known by its name, or by what `demands` say."""
    known: Properties = {"RequireTls": True, "TlsSenderCertificateName": host}
    kind: Properties = {"ConnectorType": "OnPremises", "Comment": stamp(version)}
    world.run(
        "New-OutboundConnector",
        Name=OUTBOUND_NAME,
        IsTransportRuleScoped=True,
        UseMXRecord=False,
        SmartHosts=[host],
        TlsSettings="DomainValidation",
        TlsDomain=host,
        **kind,
    )
    world.run("New-InboundConnector", Name=INBOUND_NAME, SenderDomains=["*"], **(demands or known), **kind)


def make_parallel_rule(world: World, version: str, number: int, *, enabled: bool = True) -> Properties:
    """Make one of the rules that a version makes."""
    name, content, routes = VERSIONS[version][number]
    route = {"RouteMessageOutboundConnector": OUTBOUND_NAME} if routes else {}
    comment = {"Comments": stamp(version)} if version else {}
    return world.run("New-TransportRule", Name=f"[SEPPmail] - {name}", Enabled=enabled, **content, **route, **comment)


def make_parallel(world: World, version: str = "1.2.9", host: str = GATEWAY_NAME) -> World:
    """Make all that a version of the vendor's module makes, switched on."""
    make_parallel_connectors(world, version, host)
    for number in range(len(VERSIONS[version])):
        make_parallel_rule(world, version, number)
    return world


CLOUD_CONNECTOR = "[SEPPmail.cloud] Outbound-InLine"
CLOUD_RULE = "[SEPPmail.cloud] - 200 Route outgoing e-mails to SEPPmail"
OTHERS = frozenset({"Outbound to 4711", "Inbound from 4711", CLOUD_CONNECTOR, "Signatures", CLOUD_RULE, "Mark"})
"""The names of other people's objects, which no plan may touch."""


def make_others(world: World) -> None:
    """Make what is none of our business: the hybrid wizard's, the cloud product's, another gateway's, a marking."""
    leading: Properties = {"ConnectorType": "Partner", "IsTransportRuleScoped": True, "UseMXRecord": False}
    hybrid: Properties = {"ConnectorType": "OnPremises", "ConnectorSource": "HybridWizard"}
    demanded: Properties = {"RequireTls": True, "TlsSenderCertificateName": "hybrid.example.com"}
    world.run(
        "New-OutboundConnector",
        Name="Outbound to 4711",
        RecipientDomains=["example.org"],
        UseMXRecord=False,
        SmartHosts=["hybrid.example.com"],
        **hybrid,
    )
    world.run("New-InboundConnector", Name="Inbound from 4711", SenderDomains=["*"], **demanded, **hybrid)
    world.run("New-OutboundConnector", Name=CLOUD_CONNECTOR, SmartHosts=["cloud.example.com"], **leading)
    world.run("New-OutboundConnector", Name="Signatures", SmartHosts=["signatures.example.com"], **leading)
    world.run("New-TransportRule", Name=CLOUD_RULE, RouteMessageOutboundConnector=CLOUD_CONNECTOR, **TO_OUTSIDE)
    world.run("New-TransportRule", Name="Signatures", RouteMessageOutboundConnector="Signatures", **TO_OUTSIDE)
    world.run("New-TransportRule", Name="Mark", SetHeaderName="X-SM-mark", SetHeaderValue="1", **TO_INSIDE)

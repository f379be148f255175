"""The connector from Exchange Online to the gateway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any

from seppcheck.api import (
    FROM_CUTOVER,
    Bearing,
    Classified,
    ExchangeObject,
    Failed,
    Finding,
    Gateway,
    GatewayAddresses,
    Heading,
    Inconclusive,
    MailFlow,
    Passed,
    Reason,
    Result,
    Role,
    Severity,
    Site,
    Tenant,
    Unavailable,
    Warned,
    check,
    having,
    host_name,
    judge_property,
    text,
    undecided,
    unknown_property,
    without_inline,
)


@check(
    "outbound-connector",
    requirements=["B3", "O1", "O2", "O3", "O4", "O6"],
    severity=Severity.BLOCKER,
    phases=FROM_CUTOVER,
)
def exchange_hands_outgoing_mail_to_the_gateway(
    tenant: Tenant, gateway: Gateway, flow: MailFlow, addresses: GatewayAddresses | Unavailable, site: Site
) -> Result:
    """A partner connector takes outgoing mail from Exchange Online to the gateway, for every domain.

    This connector is the only way from Exchange Online to the gateway. If it is not there, is switched off or
    points at another host, outgoing mail leaves unencrypted and past the gateway, or not at all.

    The guide (B3 and O1 to O6, section A) wants a connector from Office 365 to a partner organization, used
    only where a transport rule redirects to it, with the gateway as smart host. Its name is free. An address
    of the gateway as smart host works, and is a warning, for it must be changed with the gateway.

    Each connector that leads to the gateway is judged. With several, each domain must have exactly one, the
    one that its transport rule names; one that no rule uses, beside one that is used, is a warning. The test
    message of the wizard always ends in an error with this gateway, so that the connector is "not validated"
    never counts; no address for it at all is a warning. Whether the connection is secure is
    outbound-connector-tls.

    To mend:
    - Exchange admin center > Mail flow > Connectors > Add a connector: from Office 365 to partner organization,
      only when a transport rule redirects messages to it, route through these smart hosts: the gateway's name.
    - An existing one: Set-OutboundConnector -Identity GUID -Enabled $true -IsTransportRuleScoped $true
      -UseMXRecord $false -SmartHosts NAME.
    - Enable it before the rule: Exchange refuses a rule whose connector is disabled.

    Sources:
    - The guide, B3, O1 to O4 and O6: section A, outbound connector
    - Microsoft: New-OutboundConnector, Set-OutboundConnector
    """
    if missing := without_inline(flow.outbound, text("outbound connector")):
        return [missing, *_strays(flow)]
    inline = having(flow.outbound, Role.INLINE)
    judged = [finding for each in _needed(inline, flow) for finding in _judge(each, gateway, addresses)]
    return [*judged, *_coverage(inline, flow, site), *_others(flow, tenant), *_strays(flow), *undecided(flow.outbound)]


def _needed(inline: Sequence[Classified], flow: MailFlow) -> Sequence[Classified]:
    """Leave out connectors that no rule uses, where another is used: they are only a warning."""
    return [each for each in inline if _is_used(each, flow)] or inline


def _is_used(each: Classified, flow: MailFlow) -> bool:
    """Tell whether a rule that is not switched off routes to it; where rules are unknown, any may."""
    return isinstance(flow.rules, Unavailable) or any(rule.enabled is not False for rule in flow.routing_to(each))


def _judge(each: Classified, gateway: Gateway, addresses: GatewayAddresses | Unavailable) -> list[Finding]:
    entry = each.entry
    return [
        Passed("{name} leads to the gateway", name=each.name, requirement="B3", subject=each.name),
        judge_property(entry, "ConnectorType", "Partner", "O1"),
        judge_property(entry, "IsTransportRuleScoped", wanted=True, requirement="O3"),
        *_smart_hosts(entry, gateway, addresses),
        _validation(entry),
        judge_property(entry, "Enabled", wanted=True),
        judge_property(entry, "TestMode", wanted=False),
        judge_property(entry, "CloudServicesMailEnabled", wanted=False),
        judge_property(entry, "RecipientDomains", ()),
        judge_property(entry, "AllAcceptedDomains", wanted=False),
    ]


def _smart_hosts(entry: ExchangeObject, gateway: Gateway, addresses: GatewayAddresses | Unavailable) -> list[Finding]:
    for name in ("UseMXRecord", "SmartHosts"):
        if not entry.knows(name):
            return [unknown_property(entry, name, "O4")]
    hosts = entry.items("SmartHosts")
    if entry.flag("UseMXRecord") or not hosts:
        return [
            Failed(
                "{name} delivers by MX record and not to the gateway: enter {gateway} as smart host",
                name=entry.name,
                gateway=gateway.name,
                **_about(entry, gateway),
            )
        ]
    return [
        judge_property(entry, "UseMXRecord", wanted=False, requirement="O4"),
        *(_smart_host(entry, host, gateway, addresses) for host in hosts),
    ]


def _smart_host(
    entry: ExchangeObject, host: str, gateway: Gateway, addresses: GatewayAddresses | Unavailable
) -> Finding:
    about = {"name": entry.name, "host": host, "gateway": gateway.name, **_about(entry, gateway)}
    if host_name(host) in gateway.names:
        return Passed("{name} delivers to {host}", **about)
    address = _address(host)
    if not address:
        return Failed("{name} delivers to {host}, which is not the gateway: enter {gateway}", **about)
    if address in _own(gateway, addresses):
        return Warned(
            "{name} delivers to {host}, an address of the gateway: enter its name {gateway}, which stays when the "
            "address changes",
            **about,
        )
    if isinstance(addresses, Unavailable):
        return Inconclusive(
            "whether {host}, where {name} delivers to, is the gateway is not known: {detail}",
            reason=addresses.reason,
            detail=addresses.detail,
            **about,
        )
    return Failed("{name} delivers to {host}, which is not the gateway: enter {gateway}", **about)


def _address(host: str) -> str:
    try:
        return str(ip_address(host.strip().removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""


def _own(gateway: Gateway, addresses: GatewayAddresses | Unavailable) -> set[str]:
    found = () if isinstance(addresses, Unavailable) else addresses.addresses
    return {str(ip_address(each)) for each in (*found, *(a for node in gateway.nodes for a in node.addresses))}


def _about(entry: ExchangeObject, gateway: Gateway) -> dict[str, Any]:
    return {
        "requirement": "O4",
        "subject": entry.name,
        "expected": text("smart host {names}", names=gateway.names),
        "observed": text("smart host {hosts}", hosts=entry.items("SmartHosts") or text("none")),
    }


def _validation(entry: ExchangeObject) -> Finding:
    if not entry.knows("ValidationRecipients"):
        return unknown_property(entry, "ValidationRecipients", "O6")
    about: dict[str, Any] = {"name": entry.name, "requirement": "O6", "subject": entry.name}
    if not entry.items("ValidationRecipients"):
        return Warned("{name} has no address for the test message: enter one, and ignore the error", **about)
    return Passed("{name} has an address for the test message; that the message fails is normal", **about)


def _coverage(inline: Sequence[Classified], flow: MailFlow, site: Site) -> list[Finding]:
    """Judge O2: exactly one connector for each domain."""
    if len(inline) == 1:
        (only,) = inline
        return [Passed("{name} serves every domain", name=only.name, requirement="O2", subject=only.name)]
    if isinstance(flow.rules, Unavailable):
        return [
            Inconclusive(
                "which of {names} serves which domain is not known, for the transport rules are not: {detail}",
                reason=flow.rules.reason,
                names=_names(inline),
                detail=flow.rules.detail,
                requirement="O2",
            )
        ]
    idle = [_idle(each) for each in inline if not _is_used(each, flow)]
    return [*(_of_domain(domain.name, inline, flow) for domain in site.domains), *idle]


def _of_domain(domain: str, inline: Sequence[Classified], flow: MailFlow) -> Finding:
    serving = [each for each in inline if _serves(each, domain, flow)]
    about: dict[str, Any] = {
        "domain": domain,
        "names": _names(serving or inline),
        "requirement": "O2",
        "subject": domain,
        "expected": text("one connector"),
        "observed": text("{names}", names=_names(serving) or text("none")),
    }
    if not serving:
        return Failed("mail of {domain} is sent to none of {names}: its transport rule names no connector", **about)
    if len(serving) > 1:
        return Failed("mail of {domain} is sent to several connectors, {names}: let its rules name one", **about)
    return Passed("mail of {domain} is sent to {names}", **about)


def _serves(each: Classified, domain: str, flow: MailFlow) -> bool:
    rules = [rule for rule in flow.routing_to(each) if rule.role is Role.INLINE and rule.enabled is not False]
    return any(domain in map(host_name, rule.entry.items("SenderDomainIs")) for rule in rules)


def _idle(each: Classified) -> Finding:
    return Warned(
        "{name} leads to the gateway as well, and no enabled rule uses it: remove it if nobody needs it",
        name=each.name,
        requirement="O2",
        subject=each.name,
    )


def _names(found: Iterable[Classified]) -> tuple[str, ...]:
    return tuple(each.name for each in found)


def _others(flow: MailFlow, tenant: Tenant) -> list[Finding]:
    return [
        Warned(
            "{name} leads to the gateway as well, and the configuration names {configured} alone",
            name=each.name,
            configured=tenant.outbound_connectors,
            requirement="O2",
            subject=each.name,
        )
        for each in having(flow.outbound, Role.SPARE)
    ]


def _strays(flow: MailFlow) -> list[Finding]:
    found = having(flow.outbound, Role.STRAY)
    return [_stray(each) for each in found if each.entry.text("ConnectorType").lower() == "partner"]


def _stray(each: Classified) -> Finding:
    heading = each.heading or Heading("?", Bearing.UNKNOWN)
    about: dict[str, Any] = {"name": each.name, "host": heading.host, "requirement": "O4", "subject": each.name}
    match heading.bearing:
        case Bearing.GATEWAY:
            return Failed("{name} delivers to {host}, another name of the gateway: enter the gateway's name", **about)
        case Bearing.NOWHERE:
            return Failed("{name} delivers to {host}, which does not exist", **about)
        case Bearing.ELSEWHERE:
            return Warned("{name} has the vendor's mark and delivers to another host, {host}", **about)
        case _:
            return Inconclusive(
                "{name} delivers to {host}, which could not be looked up ({fault}): run again",
                reason=Reason.DNS_ERROR,
                fault=heading.fault or text("the gateway's addresses are not known"),
                **about,
            )

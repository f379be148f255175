"""Where the domain's MX record points."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from seppcheck.api import (
    FROM_CUTOVER,
    DnsAnswer,
    Domain,
    Failed,
    Finding,
    Gateway,
    GatewayAddresses,
    HostLookup,
    Inconclusive,
    Message,
    MxRecords,
    Passed,
    Phase,
    Reason,
    Result,
    ServerAnswer,
    Severity,
    Unavailable,
    Warned,
    check,
    dns_fault,
    host_name,
    is_microsoft,
    judge_servers,
    mail_exchanger,
    text,
)


@check("dns-mx", requirements=["C1"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def mail_from_the_internet_goes_to_the_gateway(
    domain: Domain, gateway: Gateway, mx: MxRecords, addresses: GatewayAddresses | Unavailable, phase: Phase
) -> Result:
    """The MX record names the gateway, and nothing else, at every server of the zone.

    The MX record decides where the world delivers your mail. As long as one of Microsoft's hosts stands in
    it, even with a high preference number, mail goes past the gateway: undecrypted, unchecked, and, once the
    connectors are closed, refused.

    The guide (C1, chapter Migration) wants the MX record changed to the PTR name of the gateway. Every
    authoritative server is asked, because one that still has the old record sends a part of the mail
    astray. In a cluster the names of all nodes may stand in it.

    During the cutover an MX record that no server has changed yet is only a warning: moving it is the last
    step. A mixture, or servers that disagree, is a failure even then. Afterwards anything but the gateway's
    names fails. No MX record, a null MX, a target that is an alias (CNAME), and a target that has the
    gateway's name but another machine's address fail always.

    To mend:
    - In the DNS zone of the domain, replace the MX record: 10, then the gateway's name. Remove all others,
      also those that end in mail.protection.outlook.com or mx.microsoft.
    - If only some servers show the old record, see that the zone's serial number was raised, and that the
      secondary servers take the zone over.
    - If the target is an alias, enter the name that the alias points to, and give it an address.
    - If the target has a foreign address, mend the A and AAAA records of the gateway's name, or
      [gateway] addresses in seppcheck.toml.

    Sources:
    - The guide, C1: Migration, MX record
    - RFC 5321 section 5.1: how mail servers use MX records
    - RFC 2181 section 10.3: the target of an MX record is not an alias
    - RFC 7505: the null MX
    """
    del domain  # names the target; its records carry the name
    hosts = {each: _hosts(each) for each in mx.servers}
    somewhere = any(host in gateway.names for found in hosts.values() for host in found)
    waiting = phase is Phase.CUTOVER and not somewhere
    agreed = len({frozenset(found) for each, found in hosts.items() if each.answer.status.looked}) <= 1
    servers = judge_servers(mx, lambda each: _server(each, gateway, waiting=waiting, agreed=agreed))
    targets = tuple(dict.fromkeys(host for found in hosts.values() for host in found if host))
    return [*servers, *_targets(targets, mx.hosts, gateway, addresses)]


def _hosts(heard: ServerAnswer) -> tuple[str, ...]:
    return tuple(mail_exchanger(value) for value in heard.answer.values)


def _server(heard: ServerAnswer, gateway: Gateway, *, waiting: bool, agreed: bool) -> Finding:
    hosts = _hosts(heard)
    strangers = [host for host in hosts if host not in gateway.names]
    about = _about(heard, gateway, hosts)
    if not hosts:
        return _no_record(heard, about)
    if "" in hosts:
        return Failed("{server} has a null MX: the domain takes no mail at all", **about)
    if not strangers:
        return Passed("{server} sends mail to {hosts}", **about)
    if waiting and not agreed:
        return Failed(
            "{server} sends mail to {hosts}, and another server of the zone elsewhere: see that all have the same zone",
            **about,
        )
    if waiting:
        return Warned("{server} sends mail to {hosts}: the MX record is not moved yet", **about)
    if len(strangers) < len(hosts):
        return Failed(
            "{server} sends mail to the gateway and past it, to {strangers}: remove the others",
            strangers=_named(strangers),
            **about,
        )
    return Failed("{server} sends mail to {hosts}, not to the gateway", **about)


def _no_record(heard: ServerAnswer, about: dict[str, Any]) -> Finding:
    if heard.answer.aliases:
        return Inconclusive(
            "{server} answers with an alias to {alias}, whose MX record it does not serve: see its zone",
            reason=Reason.DNS_ERROR,
            alias=heard.answer.aliases[-1],
            **about,
        )
    return Failed("{server} has no MX record for the domain", **about)


def _about(heard: ServerAnswer, gateway: Gateway, hosts: tuple[str, ...]) -> dict[str, Any]:
    return {
        "server": heard.subject,
        "hosts": _named(hosts),
        "subject": heard.subject,
        "expected": text("MX {names}", names=gateway.names),
        "observed": text("MX {values}", values=heard.answer.values) if hosts else text("no MX record"),
    }


def _named(hosts: Iterable[str]) -> tuple[str | Message, ...]:
    """Return hosts for people: Microsoft's are named as such."""
    return tuple(text("{host} (Microsoft)", host=host) if is_microsoft(host) else host for host in hosts)


def _targets(
    targets: Iterable[str],
    lookups: Iterable[HostLookup],
    gateway: Gateway,
    addresses: GatewayAddresses | Unavailable,
) -> list[Finding]:
    known = {host_name(each.name): each for each in lookups}
    findings: list[Finding] = []
    for target in targets:
        lookup = known.get(target)
        if lookup is not None and lookup.aliases:
            findings.append(_alias(target, lookup))
        elif target in gateway.names:
            findings.append(_own(target, lookup, addresses))
    return findings


def _alias(target: str, lookup: HostLookup) -> Finding:
    return Failed(
        "{target} is an alias of {alias}: RFC 2181 forbids it, and some servers refuse to deliver",
        target=target,
        alias=lookup.aliases[-1],
        subject=target,
        expected=text("a name with addresses of its own"),
        observed=text("CNAME {alias}", alias=lookup.aliases),
    )


def _own(target: str, lookup: HostLookup | None, addresses: GatewayAddresses | Unavailable) -> Finding:
    """Judge a target that has the gateway's name: it must have the gateway's addresses."""
    if lookup is None:
        return Inconclusive("{target} was not looked up; run again", target=target, subject=target)
    if isinstance(addresses, Unavailable):
        return Inconclusive(
            "which addresses {target} should have is not known: {detail}",
            reason=addresses.reason,
            target=target,
            detail=addresses.detail,
            subject=target,
        )
    foreign, fault = _foreign(lookup, addresses), _fault(addresses) or lookup.fault
    about: dict[str, Any] = {
        "target": target,
        "subject": target,
        "expected": text("{addresses}", addresses=addresses.addresses),
        "found": lookup.addresses,
        "observed": text("{addresses}", addresses=lookup.addresses or text("no address")),
    }
    if foreign and not _fault(addresses):
        return Failed("{target} resolves to {foreign}, which is not the gateway", foreign=foreign, **about)
    if fault is not None:
        return Inconclusive(
            "the addresses of {target} could not all be looked up: {fault}; run again",
            reason=fault.status.reason,
            fault=dns_fault(fault.status, fault.detail),
            **about,
        )
    if not lookup.addresses:
        return Failed("{target} has no address: mail cannot be delivered", **about)
    return Passed("{target} resolves to {found}, the gateway's", **about)


def _foreign(lookup: HostLookup, addresses: GatewayAddresses) -> tuple[str, ...]:
    own = set(map(ip_address, addresses.addresses))
    return tuple(address for address in lookup.addresses if ip_address(address) not in own)


def _fault(addresses: GatewayAddresses) -> DnsAnswer | None:
    """Return why the gateway's addresses may not be all that there are, if they were looked up."""
    return next((n.lookup.fault for n in addresses.nodes if not n.configured and n.lookup.fault), None)

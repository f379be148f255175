"""Point the MX record at the gateway, and wait until nobody can hold the old one."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from seppcheck.api import (
    LOW_TTL,
    Change,
    DnsImage,
    Domain,
    Gateway,
    GatewayAddresses,
    HostLookup,
    ManualStep,
    Message,
    Milestone,
    MxRecords,
    Note,
    Now,
    PlanPhase,
    Proposal,
    RunHistory,
    Step,
    System,
    Unavailable,
    Wait,
    host_name,
    mail_exchanger,
    mend_zone,
    remediation,
    rrset_of,
    settling,
    text,
    with_low_ttl,
    zone_obstacle,
)


@remediation("dns-mx", kind="automatic", phases=["cutover", "completion"])
def move_the_mx_record(
    domain: Domain,
    gateway: Gateway,
    mx: MxRecords,
    addresses: GatewayAddresses | Unavailable,
    history: RunHistory | Unavailable,
    phase: PlanPhase,
    now: Now,
) -> Proposal:
    """Replace the whole RRset by the gateway's names, then wait for the old TTL.

    Where something must be mended first, a person does that and moves the record; the place of the move in the plan
    stays, so that nothing that comes after it can come before.
    """
    known = None if isinstance(history, Unavailable) else history
    obstacle, trouble = zone_obstacle(mx), _of_the_names(gateway, mx, addresses)
    mending = [_mend_the_names(trouble, phase)] if trouble else []
    if mx.names_only(gateway.names):
        noted = [Note(obstacle)] if obstacle else []
        return [*mending, *_settle(mx, known, gateway, now), *noted]
    if phase is PlanPhase.COMPLETION:
        return [
            Note(text("the MX record of {domain} has not moved: first `seppcheck plan cutover`", domain=domain.name))
        ]
    found = rrset_of(domain.name, "MX", mx.servers)
    obstacle = obstacle or _no_mail(domain, found)
    wait = _wait(domain, mx, known, gateway)
    if obstacle is None and trouble is None:
        return [_move(domain, gateway, found), wait]
    zone = [mend_zone(mx, obstacle, "dns-mx", phase)] if obstacle else []
    return [*zone, *mending, _move_by_hand(domain, gateway, found), wait]


_WHY = text(
    "from here on the world delivers to the gateway; while mail is held back it is told to try again, until "
    "everything is in place"
)


def _move(domain: Domain, gateway: Gateway, found: DnsImage | None) -> Change:
    """Return the move; in a cutover plan dns-mx-ttl has lowered the TTL by then."""
    return Change(
        summary=_pointed(domain, gateway),
        why=_WHY,
        before=with_low_ttl(found) if found else None,
        after=_moved(domain, gateway, found),
        needs=Milestone.PARALLEL_OFF,
        reaches=Milestone.MX_MOVED,
    )


def _move_by_hand(domain: Domain, gateway: Gateway, found: DnsImage | None) -> ManualStep:
    after = _moved(domain, gateway, found)
    return ManualStep(
        summary=_pointed(domain, gateway),
        why=_WHY,
        system=System.DNS,
        steps=(
            text("Only once what stands in the way is mended; then better plan anew."),
            text(
                "In the zone, replace every MX record of {domain} by: {values}", domain=domain.name, values=after.values
            ),
            text("Give them a TTL of {ttl} seconds.", ttl=after.ttl),
            text("Look: `seppcheck cutover --only dns-mx`."),
        ),
        before=found,
        after=after,
        undo=(text("In the zone, put back the MX records that were there before."),),
        needs=Milestone.PARALLEL_OFF,
        reaches=Milestone.MX_MOVED,
    )


def _pointed(domain: Domain, gateway: Gateway) -> Message:
    return text("Point the MX record of {domain} at {names}", domain=domain.name, names=gateway.names)


def _moved(domain: Domain, gateway: Gateway, found: DnsImage | None) -> DnsImage:
    values = tuple(f"10 {name}." for name in gateway.names)
    return DnsImage(domain.name, "MX", min(found.ttl if found else LOW_TTL, LOW_TTL), values)


def _no_mail(domain: Domain, before: DnsImage | None) -> Message | None:
    """Return why a domain that takes no mail is not simply moved (null MX, RFC 7505)."""
    if before is None or any(mail_exchanger(value) for value in before.values):
        return None
    return text("{domain} has a null MX, so it takes no mail: decide whether it shall", domain=domain.name)


def _of_the_names(gateway: Gateway, mx: MxRecords, addresses: GatewayAddresses | Unavailable) -> Message | None:
    """Return what is wrong with the gateway's names as targets of an MX record."""
    if isinstance(addresses, Unavailable):
        return text("which addresses the gateway has is not known: {why}", why=addresses.detail)
    lookups = (*mx.hosts, *(node.lookup for node in addresses.nodes))
    for name in gateway.names:
        found = [each for each in lookups if host_name(each.name) == name]
        if not found:
            return text("the addresses of {name} could not be looked up", name=name)
        if told := [why for each in found if (why := _of_a_name(name, each, addresses))]:
            return told[0]
    return None


def _of_a_name(name: str, lookup: HostLookup, addresses: GatewayAddresses) -> Message | None:
    if lookup.aliases:
        return text("{name} is an alias of {alias}, which RFC 2181 forbids here", name=name, alias=lookup.aliases[-1])
    own = set(map(ip_address, addresses.addresses))
    foreign = [address for address in lookup.addresses if ip_address(address) not in own]
    if foreign:
        return text("{name} resolves to {foreign}, which is not the gateway", name=name, foreign=foreign)
    if lookup.fault:
        return text("the addresses of {name} could not be looked up", name=name)
    return None if lookup.addresses else text("{name} has no address", name=name)


def _mend_the_names(trouble: Message, phase: PlanPhase) -> ManualStep:
    return ManualStep(
        summary=text("Mend the name of the gateway: {trouble}", trouble=trouble),
        why=text("an MX record with this name would send the domain's mail astray"),
        system=System.DNS,
        steps=(
            text(
                "In the zone of the gateway's name, give it A and AAAA records with its own addresses, and no others."
            ),
            text("If its addresses are others, correct [gateway] addresses in seppcheck.toml."),
            text("Look again: `seppcheck {phase} --only dns-mx --only dns-ptr`.", phase=phase.phase.value),
            text("Then plan anew: `seppcheck plan {phase}`.", phase=phase.value),
        ),
        needs=Milestone.HOLD_OFF if phase is PlanPhase.COMPLETION else None,
    )


def _wait(domain: Domain, mx: MxRecords, history: RunHistory | None, gateway: Gateway) -> Wait:
    return Wait(
        summary=text("Wait until the old MX record of {domain} has run down everywhere", domain=domain.name),
        why=text("others may deliver to the old hosts for that long"),
        system=System.DNS,
        seconds=max(_present_ttl(mx), _recorded_ttl(history, gateway)),
        needs=Milestone.MX_MOVED,
        reaches=Milestone.MX_SETTLED,
    )


def _present_ttl(mx: MxRecords) -> int:
    ttls = [each.answer.ttl for each in mx.servers if each.answer.ttl is not None]
    return max(ttls, default=LOW_TTL)


def _recorded_ttl(history: RunHistory | None, gateway: Gateway) -> int:
    """Return the TTL of the last run that saw another record than the gateway's."""
    for run in sorted(history.runs if history else (), key=lambda run: run.at, reverse=True):
        hosts = {mail_exchanger(value) for server in run.mx or () for value in server.values}
        if hosts - set(gateway.names):
            return max((server.ttl for server in run.mx or () if server.ttl is not None), default=LOW_TTL)
    return 0


def _settle(mx: MxRecords, history: RunHistory | None, gateway: Gateway, now: Now) -> Iterator[Step]:
    """Yield the wait that is left where the record has moved already."""
    over = settling(mx, history, gateway.names, now.at).at
    if over is not None and over > now.at:
        yield Wait(
            summary=text("Wait until the old MX record of {domain} has run down everywhere", domain=mx.domain),
            why=text("others may deliver to the old hosts for that long"),
            system=System.DNS,
            until=over,
            needs=Milestone.MX_MOVED,
            reaches=Milestone.MX_SETTLED,
        )

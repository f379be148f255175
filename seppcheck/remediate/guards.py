"""What no plan may do, whoever wrote it: these guards cannot be switched off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address

from seppcheck.errors import UserError
from seppcheck.judgement.address_ranges import holds_any
from seppcheck.model.changes import DnsImage, ExchangeImage, PlanPhase
from seppcheck.model.dns import GatewayAddresses, ReverseDns, mail_exchanger
from seppcheck.model.evidence import Unavailable
from seppcheck.model.mailflow import Bearing, Classified, MailFlow, Role, Side, having
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.targets import Site
from seppcheck.model.text import Message, text
from seppcheck.planning.dns_images import unquoted
from seppcheck.planning.exchange_images import Noun
from seppcheck.remediate.fresh import Look

_OWN = frozenset({Role.INLINE, Role.SPARE, Role.PARALLEL})
"""Roles of the objects that the guide names, and of what parallel mode left."""
_CREATED = frozenset({Noun.INBOUND_CONNECTOR, Noun.OUTBOUND_CONNECTOR, Noun.TRANSPORT_RULE})
_OF_THE_RULE = frozenset(
    {
        *("Name", "Comments", "Priority", "State", "Mode", "SetAuditSeverity", "SenderAddressLocation"),
        *("RuleErrorAction", "SentToScope", "SenderDomainIs", "FromScope", "RouteMessageOutboundConnector"),
        *("SetHeaderName", "SetHeaderValue", "ExceptIfSCLOver"),
    }
)
_NO_PROOF = text("it removes what is kept for the way back before the proof that mail flows")
_STRANGER = text("it works on an object without a Guid that no earlier change of the plan makes")


def refuse_forbidden(plan: MigrationPlan, taken: Look) -> None:
    """Refuse a plan that would touch what is none of its business.

    Args:
        plan: every change of it is looked at, whichever is asked for.
        taken: holds `mail-flow`, `gateway-addresses` and `reverse-dns`.

    Raises:
        UserError: naming each change and why.
    """
    site = taken.request.settings.site
    faults = [fault for change in plan.changes if change.writes for fault in _faults(change, site, taken)]
    faults += [_about(change, _STRANGER) for change in plan.changes if change.writes and _is_stranger(plan, change)]
    faults += [_about(change, _NO_PROOF) for change in plan.changes if _removes_without_proof(plan, change, taken)]
    if faults:
        raise UserError("this plan is refused: {faults}", faults=tuple(faults))


def _faults(change: PlannedChange, site: Site, taken: Look) -> Iterator[Message]:
    for image in (change.before, change.after):
        if isinstance(image, DnsImage):
            yield from (_about(change, why) for why in _dns_faults(image, site, taken))
    if isinstance(change.before, DnsImage) or isinstance(change.after, DnsImage):
        yield from (_about(change, why) for why in _replacement_faults(change, site))
    else:
        yield from (_about(change, why) for why in _exchange_faults(change, taken))


def _removes_without_proof(plan: MigrationPlan, change: PlannedChange, taken: Look) -> bool:
    """Tell whether a plan would take the way back before it was proven that mail flows."""
    before = _object(change.before)
    if not change.writes or before is None or change.after is not None:
        return False
    if plan.phase is PlanPhase.COMPLETION:
        return not any(each.proof for each in plan.changes[: plan.changes.index(change)])
    return _role(before, taken) is Role.PARALLEL


def _role(image: ExchangeImage, taken: Look) -> Role | None:
    flow = taken.get("mail-flow", taken.request.settings.site.tenant)
    if not isinstance(flow, MailFlow) or image.type not in _CREATED:
        return None
    return next((each.role for each in having(_side(flow, image)) if _same_guid(each.entry.guid, image.guid)), None)


def _is_stranger(plan: MigrationPlan, change: PlannedChange) -> bool:
    """Tell whether a change works on an object that is known by its name alone, and that the plan does not make."""
    before, after = _object(change.before), _object(change.after)
    if before is None:
        return False
    if before.guid:
        return after is not None and after.guid not in ("", before.guid)
    made: set[tuple[str, str]] = set()
    for each in plan.changes[: plan.changes.index(change)]:
        one, other = _object(each.before), _object(each.after)
        if each.writes and other is not None and (one is None or _named(one) in made):
            made.add(_named(other))
    return _named(before) not in made


def _named(image: ExchangeImage) -> tuple[str, str]:
    return image.type, image.name.lower()


def _about(change: PlannedChange, why: Message) -> Message:
    return text("change {id} ({summary}): {why}", id=change.id, summary=change.summary, why=why)


def _dns_faults(image: DnsImage, site: Site, taken: Look) -> Iterator[Message]:
    if (image.name, image.type) not in {*_records_of(site), *_pointers(site, taken)}:
        yield text(
            "{type} of {name} is none of the records that this program may write: MX, SPF, _dmarc, the DKIM selector, "
            "MTA-STS and TLSA of the domains, and the gateway's PTR",
            type=image.type,
            name=image.name,
        )


def _records_of(site: Site) -> Iterator[tuple[str, str]]:
    for domain in site.domains:
        yield domain.name, "MX"
        yield domain.name, "TXT"
        yield f"_dmarc.{domain.name}", "TXT"
        yield f"_mta-sts.{domain.name}", "TXT"
        if domain.dkim_selector:
            yield f"{domain.dkim_selector}._domainkey.{domain.name}", "TXT"
    for name in site.gateway.names:
        yield f"_25._tcp.{name}", "TLSA"


def _pointers(site: Site, taken: Look) -> Iterator[tuple[str, str]]:
    """Yield the PTR records of the gateway's addresses, and where aliases into classless zones lead (RFC 2317)."""
    reverse = taken.get("reverse-dns", site.gateway)
    for address in _addresses(taken):
        yield ip_address(address).reverse_pointer, "PTR"
    for entry in reverse.entries if isinstance(reverse, ReverseDns) else ():
        yield from ((alias.rstrip("."), "PTR") for alias in entry.pointer.aliases)


def _addresses(taken: Look) -> list[str]:
    gateway = taken.request.settings.site.gateway
    known = taken.get("gateway-addresses", gateway)
    configured = [address for node in gateway.nodes for address in node.addresses]
    return [*configured, *(known.addresses if isinstance(known, GatewayAddresses) else ())]


def _replacement_faults(change: PlannedChange, site: Site) -> Iterator[Message]:
    before, after = _rrset(change.before), _rrset(change.after)
    image = after or before
    if image is None or (before and after and (before.name, before.type) != (after.name, after.type)):
        yield text("it names two different records")
        return
    if image.type == "MX":
        yield from _mx_faults(before, after, site)
    apex = image.name in {domain.name for domain in site.domains}
    if image.type == "TXT" and apex and _others(before) != _others(after):
        yield text("it would change TXT records of {name} that are no SPF", name=image.name)


def _rrset(image: object) -> DnsImage | None:
    return image if isinstance(image, DnsImage) else None


def _mx_faults(before: DnsImage | None, after: DnsImage | None, site: Site) -> Iterator[Message]:
    if after is None or not after.values:
        yield text("an MX record is only ever replaced, never deleted")
        return
    hosts = {mail_exchanger(value) for value in after.values}
    same = before is not None and {mail_exchanger(value) for value in before.values} == hosts
    if not same and not hosts <= set(site.gateway.names):
        yield text("the MX record would name {hosts}, not the gateway alone", hosts=sorted(hosts))


def _others(image: DnsImage | None) -> list[str]:
    values = map(unquoted, image.values) if image else ()
    return sorted(value for value in values if value.split(" ", 1)[0].lower() != "v=spf1")


def _exchange_faults(change: PlannedChange, taken: Look) -> Iterator[Message]:
    before, after = _object(change.before), _object(change.after)
    image = before or after
    if image is None or (before and after and before.type != after.type):
        yield text("it names no object of Exchange, or two different ones")
    elif image.type == Noun.CONNECTION_FILTER:
        yield from _filter_faults(before, after, taken)
    elif image.type not in _CREATED:
        yield text("this program does not write objects of type {type}", type=image.type)
    elif before is None and after is not None:
        yield from _new_faults(after, taken)
    elif before is not None and before.guid:
        yield from owner_faults(before, taken)


def _object(image: object) -> ExchangeImage | None:
    return image if isinstance(image, ExchangeImage) else None


def _new_faults(image: ExchangeImage, taken: Look) -> Iterator[Message]:
    """What is made anew is one of the guide's objects: partner connectors with the gateway, and the rule to them."""
    names = {name.lower() for name in taken.request.settings.site.gateway.names}
    if image.type == Noun.TRANSPORT_RULE:
        if not image.properties.get("RouteMessageOutboundConnector") or set(image.properties) - _OF_THE_RULE:
            yield text("a new rule has the properties that the guide gives rule 200, and no others")
    elif str(image.properties.get("ConnectorType")) != "Partner":
        yield text("a new connector is of type Partner, as the guide has it")
    elif image.type == Noun.OUTBOUND_CONNECTOR and not names >= set(map(str.lower, _list(image, "SmartHosts"))):
        yield text("a new outbound connector leads to the gateway, and to nobody else")


def _list(image: ExchangeImage, name: str) -> Iterable[str]:
    value = image.properties.get(name)
    return map(str, value) if isinstance(value, (list, tuple)) else ()


def owner_faults(image: ExchangeImage, taken: Look) -> Iterator[Message]:
    """Yield why an object that is there, known by its Guid, must not be touched."""
    flow = taken.get("mail-flow", taken.request.settings.site.tenant)
    side = _side(flow, image) if isinstance(flow, MailFlow) else None
    unseen = flow if isinstance(flow, Unavailable) else side
    if side is None or isinstance(unseen, Unavailable):
        why = unseen.detail if isinstance(unseen, Unavailable) else "-"
        yield text("whose {name} is cannot be seen, so it is not touched: {why}", name=image.name, why=why)
        return
    found = next((each for each in having(side) if _same_guid(each.entry.guid, image.guid)), None)
    if found is not None and not _is_ours(found):
        yield text("{name} is not the gateway's ({role}), so it is not touched", name=image.name, role=found.role.value)
    elif found is None and _exists(image, taken):
        yield text("{name} has nothing to do with the gateway, so it is not touched", name=image.name)


def _side(flow: MailFlow, image: ExchangeImage) -> Side:
    sides = {
        Noun.INBOUND_CONNECTOR: flow.inbound,
        Noun.OUTBOUND_CONNECTOR: flow.outbound,
        Noun.TRANSPORT_RULE: flow.rules,
    }
    return sides[Noun(image.type)]


def _same_guid(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _is_ours(found: Classified) -> bool:
    stray = found.role is Role.STRAY and found.heading is not None
    gone = (Bearing.GATEWAY, Bearing.NOWHERE)
    return found.role in _OWN or (stray and found.heading is not None and found.heading.bearing in gone)


def _exists(image: ExchangeImage, taken: Look) -> bool:
    kinds: Mapping[str, str] = {
        Noun.INBOUND_CONNECTOR: "inbound-connectors",
        Noun.OUTBOUND_CONNECTOR: "outbound-connectors",
        Noun.TRANSPORT_RULE: "transport-rules",
    }
    found = taken.get(kinds[image.type], taken.request.settings.site.tenant)
    return any(_same_guid(entry.guid, image.guid) for entry in getattr(found, "objects", ()))


def _filter_faults(before: ExchangeImage | None, after: ExchangeImage | None, taken: Look) -> Iterator[Message]:
    """Of a connection filter only entries that hold an address of the gateway may leave the allow list."""
    if before is None or after is None:
        yield text("a connection filter policy is neither made nor removed")
        return
    changed = {name for name in after.properties if after.properties[name] != before.properties.get(name)}
    one, other = set(_list(before, "IPAllowList")), set(_list(after, "IPAllowList"))
    foreign = [entry for entry in one - other if not holds_any(entry, _addresses(taken))]
    if changed - {"IPAllowList"} or other - one or foreign:
        yield text("of a connection filter policy only addresses of the gateway are taken off the allow list")

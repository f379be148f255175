"""A tenant that refuses what Exchange refuses: read as evidence, planned for, changed in the order of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from remediations.enhanced_filtering import look_past_the_gateway
from remediations.inbound_connector import take_mail_from_the_gateway
from remediations.inbound_connector_tls import demand_the_gateways_certificate
from remediations.outbound_connector import lead_outgoing_mail_to_the_gateway
from remediations.outbound_connector_tls import demand_a_trusted_certificate
from remediations.parallel_connectors import remove_the_connectors_of_parallel_mode
from remediations.parallel_rules import take_the_rules_of_parallel_mode_away
from remediations.transport_rule import send_outgoing_mail_to_the_connector
from seppcheck.api import (
    Bearing,
    Change,
    Classified,
    Each,
    Evidence,
    ExchangeImage,
    ExchangeObject,
    Heading,
    InboundConnectors,
    MailFlow,
    ManagedDomains,
    ManualStep,
    MxRecords,
    Noun,
    Now,
    OutboundConnectors,
    PlanPhase,
    Proposal,
    Reason,
    Role,
    SenderCertificate,
    Site,
    SmtpCertificate,
    Tenant,
    TransportRules,
    Unavailable,
    host_name,
    image_of,
    text,
)
from seppcheck.engine.gather import Key, key_of
from seppcheck.engine.plan import Remedy
from seppcheck.engine.propose import propose
from seppcheck.exchange.objects import normalised
from seppcheck.lab.exchange.commands import CMDLETS
from seppcheck.lab.exchange.tenant import Kept
from seppcheck.lab.exchange.tenant import Tenant as LabTenant
from seppcheck.model.changes import Proposed
from seppcheck.model.checks import MARK
from seppcheck.model.evidence import Provenance, Record
from seppcheck.model.exchange import AcceptedDomains
from seppcheck.model.remediations import Remediation
from seppcheck.planning.exchange_commands import Command, alteration, completion, creation, removal
from seppcheck.remediate.comparison import difference
from seppcheck.remediate.ordering import Placed, in_order
from seppcheck.sources.connector_roles import Ours, inbound_role, other_host, outbound_role, prefer_configured
from seppcheck.sources.rule_roles import Connectors, rule_roles
from tests.checks.exchange_objects import GATEWAY_ADDRESS
from tests.checks.mail_flow import SITE

T = TypeVar("T")

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NOW = Now(AT)
ALIAS, GONE, OTHER = "mail-gw.example.org", "old.example.com", "gateway.other.example"
HEADINGS: Mapping[str, Heading] = {
    ALIAS: Heading(ALIAS, Bearing.GATEWAY, (GATEWAY_ADDRESS,)),
    GONE: Heading(GONE, Bearing.NOWHERE),
}
"""Where other hosts lead; those that are not listed lead elsewhere."""
PLANNERS = (
    take_the_rules_of_parallel_mode_away,
    remove_the_connectors_of_parallel_mode,
    take_mail_from_the_gateway,
    lead_outgoing_mail_to_the_gateway,
    demand_a_trusted_certificate,
    send_outgoing_mail_to_the_connector,
    demand_the_gateways_certificate,
    look_past_the_gateway,
)
"""Those that write to connectors and rules, in the order of the checks that they answer."""
MISSING = Unavailable(Reason.NOT_COLLECTED, text("nobody looked"))


def lab() -> LabTenant:
    """An empty tenant."""
    return LabTenant("example.onmicrosoft.com", "5b7f7a0e-0000-4000-8000-000000000000", lambda: AT)


_UNTOLD = ("Guid", "When", "Identity", "Id", "Distinguished", "Immutable", "IsValid", "Description", "Is", "Recipient")


@dataclass(repr=False)
class World:
    """The tenant, and what else planners look at."""

    tenant: LabTenant = field(default_factory=lab)
    site: Site = SITE
    certificates: Mapping[str, SenderCertificate] = field(default_factory=dict)
    mx: Mapping[str, MxRecords] = field(default_factory=dict)
    managed: ManagedDomains | Unavailable = MISSING
    shown: SmtpCertificate | Unavailable = MISSING

    def __repr__(self) -> str:
        """The objects with what is set, as a test that fails shows them."""
        lines = [
            f"{kind} { ({k: v for k, v in each.properties.items() if v and not k.startswith(_UNTOLD)}) }"
            for kind, found in (("in", self.inbound), ("out", self.outbound), ("rule", self.rules))
            for each in found.objects
        ]
        names = {domain: each.certificate.common_names for domain, each in self.certificates.items()}
        return "\n".join((str(self.site.tenant), str(names), *lines))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def named(self, **names: tuple[str, ...]) -> World:
        """The same world with names of inline objects in the configuration."""
        return replace(self, site=replace(self.site, tenant=Tenant(self.site.tenant.name, **names)))

    def run(self, cmdlet: str, **parameters: Any) -> dict[str, Any]:
        """Run a command that makes something, and return what it made."""
        (made,) = CMDLETS[cmdlet](self.tenant, parameters)
        return made

    @property
    def inbound(self) -> InboundConnectors:
        return InboundConnectors(_objects(self.tenant.inbound), "lab", AT)

    @property
    def outbound(self) -> OutboundConnectors:
        return OutboundConnectors(_objects(self.tenant.outbound), "lab", AT)

    @property
    def rules(self) -> TransportRules:
        return TransportRules(_objects(self.tenant.rules), "lab", AT)

    @property
    def each_certificate(self) -> Each[SenderCertificate]:
        return Each(tuple((domain, self.certificates.get(domain.name, MISSING)) for domain in self.site.domains))

    @property
    def each_mx(self) -> Each[MxRecords]:
        return Each(tuple((domain, self.mx.get(domain.name, MISSING)) for domain in self.site.domains))

    @property
    def flow(self) -> MailFlow:
        """The tenant as the source classifies it."""
        return flow_of(self.site, self.each_certificate, self.inbound, self.outbound, self.rules)


def _objects(kept: Kept) -> tuple[ExchangeObject, ...]:
    return tuple(normalised(each) for each in kept.objects)


def flow_of(
    site: Site,
    certificates: Each[SenderCertificate],
    inbound: InboundConnectors,
    outbound: OutboundConnectors,
    rules: TransportRules,
) -> MailFlow:
    """Classify with the functions of the source; DNS says what HEADINGS says."""
    ours = Ours(
        frozenset(site.gateway.names),
        frozenset(address for node in site.gateway.nodes for address in node.addresses),
        True,
        frozenset(domain.name for domain in site.domains),
        frozenset(host_name(cn) for _, each in certificates.present for cn in each.certificate.common_names),
    )
    names = site.tenant
    incoming = [inbound_role(each, ours, names.inbound_connectors) for each in inbound.objects]
    outgoing = [outbound_role(each, ours, names.outbound_connectors) for each in outbound.objects]
    left = prefer_configured(map(_headed, filter(None, incoming)), names.inbound_connectors)
    right = prefer_configured(map(_headed, filter(None, outgoing)), names.outbound_connectors)
    found = rule_roles(rules.objects, Connectors(outbound.objects, right), names.transport_rules)
    return MailFlow(left, right, found, "lab", AT)


def _headed(each: Classified) -> Classified:
    if each.role is not Role.STRAY:
        return each
    host = other_host(each.entry)
    return replace(each, heading=HEADINGS.get(host, Heading(host, Bearing.ELSEWHERE, ("198.51.100.7",))))


def planned(world: World, phase: PlanPhase) -> list[Placed]:
    """What the planners propose, in the order of the plan; a crash of one fails the test."""
    found = _proposed(world, phase)
    return list(in_order(Placed(each.check, each.target, step) for each in found for step in each.steps))


def notes(world: World, phase: PlanPhase) -> str:
    """What the planners say besides."""
    return "\n".join(str(note) for each in _proposed(world, phase) for note in each.notes)


def _proposed(world: World, phase: PlanPhase) -> list[Proposed]:
    return [proposal(planner, world, phase) for planner in PLANNERS]


def proposal(planner: Callable[..., Proposal], world: World, phase: PlanPhase | str = PlanPhase.CUTOVER) -> Proposed:
    """What one planner proposes; a crash of it fails the test."""
    marked: Remediation = getattr(planner, MARK)
    found = propose(Remedy(marked, world.site.tenant), world.site, PlanPhase(phase), NOW, _records(world))
    assert found.missing is None, str(found.missing)
    return found


def _records(world: World) -> Mapping[Key, Record]:
    site = world.site
    contents: list[tuple[type[Evidence], Any, Any]] = [
        (InboundConnectors, site.tenant, world.inbound),
        (OutboundConnectors, site.tenant, world.outbound),
        (TransportRules, site.tenant, world.rules),
        (MailFlow, site.tenant, world.flow),
        (AcceptedDomains, site.tenant, MISSING),
        (ManagedDomains, site.gateway, world.managed),
        (SmtpCertificate, site.gateway, world.shown),
        *((SenderCertificate, domain, each) for domain, each in world.each_certificate.items),
        *((MxRecords, domain, each) for domain, each in world.each_mx.items),
    ]
    seen = Provenance("lab", AT)
    return {key_of(kind.kind, about): Record(kind.kind, about, seen, content) for kind, about, content in contents}


def changes(proposed: Proposed) -> list[Change]:
    return [each for each in proposed.steps if isinstance(each, Change)]


def manual_steps(proposed: Proposed) -> list[ManualStep]:
    return [each for each in proposed.steps if isinstance(each, ManualStep)]


def only(steps: Iterable[T]) -> T:
    """The one step that there is."""
    (step,) = steps
    return step


def properties(image: object) -> Mapping[str, object]:
    """What an image of an object of Exchange holds."""
    assert isinstance(image, ExchangeImage)
    return image.properties


def carry_out(world: World, change: Change) -> None:
    """Make a change as `apply` does: what is there has to be as the plan says, and Exchange has to accept it."""
    before, after = _exchange(change.before), _exchange(change.after)
    present = _present(world, before) if before else None
    assert difference(before, present) is None, (change.summary, difference(before, present))
    for command in _commands(world, present, after):
        CMDLETS[command.cmdlet](world.tenant, command.parameters)
    if after is not None:
        assert difference(after, _present(world, after)) is None, change.summary


def take_back(world: World, change: Change) -> None:
    """Make a change backwards."""
    carry_out(world, replace(change, before=change.after, after=change.before))


def _exchange(image: object) -> ExchangeImage | None:
    assert image is None or isinstance(image, ExchangeImage)
    return image


def _commands(world: World, present: ExchangeImage | None, after: ExchangeImage | None) -> Iterator[Command]:
    if present is None:
        assert after is not None
        yield creation(after)
        made = _present(world, after)
        assert made is not None
        yield from completion(after, made.guid)
    elif after is None:
        yield removal(present)
    else:
        yield from alteration(present, after)


def _present(world: World, image: ExchangeImage) -> ExchangeImage | None:
    """Find an object by its Guid; one that was made anew, or by this plan, by its name."""
    kept = {
        Noun.INBOUND_CONNECTOR: world.tenant.inbound,
        Noun.OUTBOUND_CONNECTOR: world.tenant.outbound,
        Noun.TRANSPORT_RULE: world.tenant.rules,
    }[Noun(image.type)]
    found = (kept.match(image.guid) if image.guid else None) or kept.named(image.name)
    return image_of(Noun(image.type), normalised(found)) if found else None


def state_of(world: World) -> dict[str, list[dict[str, object]]]:
    """Every object as people see it, without Guid and times; rules in their order."""
    inbound = (dict(image_of(Noun.INBOUND_CONNECTOR, each).properties) for each in world.inbound.objects)
    outbound = (dict(image_of(Noun.OUTBOUND_CONNECTOR, each).properties) for each in world.outbound.objects)
    return {
        "inbound": sorted(inbound, key=lambda each: str(each["Name"])),
        "outbound": sorted(outbound, key=lambda each: str(each["Name"])),
        "rules": [dict(image_of(Noun.TRANSPORT_RULE, each).properties) for each in world.rules.objects],
    }

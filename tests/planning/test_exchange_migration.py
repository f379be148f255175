"""All planners of Exchange Online together: from any tenant to inline mode, step by step, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import HealthCheck, event, given, settings

from checks.enhanced_filtering import exchange_judges_the_sender_before_the_gateway
from checks.inbound_connector import tenant_takes_mail_from_the_gateway
from checks.inbound_connector_tls import connector_accepts_the_gateways_certificate_alone
from checks.outbound_connector import exchange_hands_outgoing_mail_to_the_gateway
from checks.outbound_connector_tls import exchange_demands_a_trusted_certificate_of_the_gateway
from checks.parallel_connectors import no_connector_of_parallel_mode_is_left
from checks.parallel_rules import no_transport_rule_of_parallel_mode_is_left
from checks.transport_rule import outgoing_mail_is_sent_to_the_connector
from seppcheck.api import (
    Change,
    Each,
    Finding,
    ManualStep,
    Outcome,
    Phase,
    PlanPhase,
    Result,
    Role,
    RunHistory,
    SeenRun,
    SeenServer,
)
from tests.checks.evidence import MICROSOFT, addresses, answer, findings, mx
from tests.checks.exchange_objects import GATEWAY_NAME
from tests.remediations.exchange_makers import OTHERS
from tests.remediations.exchange_simulation import (
    AT,
    MISSING,
    NOW,
    World,
    carry_out,
    planned,
    state_of,
    take_back,
)
from tests.remediations.exchange_tenants import worlds

MANY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def seen(hours: float, host: str) -> SeenRun:
    return SeenRun(AT - timedelta(hours=hours), (SeenServer("ns1", "192.0.2.1", 300, (f"10 {host}.",)),))


MOVED = (seen(5, MICROSOFT), seen(2, GATEWAY_NAME))


def judged(world: World, phase: Phase) -> Iterator[tuple[str, Result]]:
    """Every check that these planners answer, once the MX records have moved and settled."""
    site, flow, tenant, gateway = world.site, world.flow, world.site.tenant, world.site.gateway
    moved = Each(tuple((domain, mx(answer(f"10 {GATEWAY_NAME}."))) for domain in site.domains))
    history = Each(tuple((domain, RunHistory(domain.name, MOVED)) for domain in site.domains))
    yield "parallel-rules", no_transport_rule_of_parallel_mode_is_left(tenant, flow, phase)
    yield "parallel-connectors", no_connector_of_parallel_mode_is_left(tenant, flow, phase)
    yield "outbound-connector", exchange_hands_outgoing_mail_to_the_gateway(tenant, gateway, flow, addresses(), site)
    yield "outbound-connector-tls", exchange_demands_a_trusted_certificate_of_the_gateway(tenant, flow, world.shown)
    yield "inbound-connector", tenant_takes_mail_from_the_gateway(tenant, gateway, flow, moved, history, phase, NOW)
    yield (
        "inbound-connector-tls",
        connector_accepts_the_gateways_certificate_alone(
            tenant, gateway, flow, world.each_certificate, world.managed, site
        ),
    )
    yield "transport-rule", outgoing_mail_is_sent_to_the_connector(tenant, flow, world.managed, MISSING, site, NOW)
    yield "enhanced-filtering", exchange_judges_the_sender_before_the_gateway(tenant, flow)


def wrong(world: World, phase: Phase) -> list[tuple[str, str]]:
    """What fails; advice counts when it is warned, for there the planner mends it."""
    return [
        (check, str(finding.summary))
        for check, result in judged(world, phase)
        for finding in findings(result)
        if finding.outcome is Outcome.FAILED and not is_kept_for_the_way_back(world, finding, phase)
    ]


def is_kept_for_the_way_back(world: World, finding: Finding, phase: Phase) -> bool:
    """Tell whether a cutover leaves it on purpose: a stray that leads to the gateway, idle or disabled."""
    flow = world.flow
    strays = [each for side in (flow.inbound, flow.outbound, flow.rules) for each in side if each.role is Role.STRAY]
    kept = {each.name for each in strays if "State" not in each.entry.properties or each.enabled is False}
    return phase is Phase.CUTOVER and finding.subject in kept


@dataclass
class Applied:
    """What was done of a plan, in order, and whether that was all of it."""

    done: list[Change]
    whole: bool = True


def applied(world: World, phase: PlanPhase) -> Applied:
    """Plan, and carry out as far as a program can: it ends at the first step that people do."""
    found = Applied([])
    for each in planned(world, phase):
        if isinstance(each.step, ManualStep):
            event(f"{phase} stopped by {each.check}")
            return replace(found, whole=False)
        assert isinstance(each.step, Change)
        had_a_way = has_a_way_out(world)
        carry_out(world, each.step)
        assert has_a_way_out(world) or not had_a_way, each.step.summary
        found.done.append(each.step)
    return found


def has_a_way_out(world: World) -> bool:
    """Tell whether an enabled rule sends outgoing mail to an enabled connector."""
    on = {o["Name"] for o in world.tenant.outbound.objects if o["Enabled"]}
    rules = (rule for rule in world.tenant.rules.objects if rule["State"] == "Enabled" and rule["Mode"] == "Enforce")
    return any(rule["RouteMessageOutboundConnector"] in on and rule["SetHeaderValue"] == "outbound" for rule in rules)


def others(world: World) -> list[object]:
    found = [*world.inbound.objects, *world.outbound.objects, *world.rules.objects]
    kept = ({k: v for k, v in each.properties.items() if k != "Priority"} for each in found if each.name in OTHERS)
    return sorted(kept, key=lambda each: str(each["Name"]))


@MANY
@given(worlds())
def test_a_plan_for_any_tenant_is_accepted_step_by_step_and_mends_what_failed(world: World) -> None:
    foreign = others(world)

    if applied(world, PlanPhase.CUTOVER).whole:
        assert wrong(world, Phase.CUTOVER) == []
        assert planned(world, PlanPhase.CUTOVER) == []

        assert applied(world, PlanPhase.COMPLETION).whole
        assert wrong(world, Phase.VERIFICATION) == []
        assert planned(world, PlanPhase.COMPLETION) == []

    assert others(world) == foreign


@MANY
@given(worlds())
def test_the_way_back_is_accepted_step_by_step_and_ends_where_it_began(world: World) -> None:
    before = state_of(world)
    done = [*applied(world, PlanPhase.CUTOVER).done, *applied(world, PlanPhase.COMPLETION).done]

    for change in reversed(done):
        take_back(world, change)

    assert state_of(world) == before

from __future__ import annotations

from typing import Any

import pytest

from seppcheck.model.dns import MxRecords
from seppcheck.model.evidence import Record, Unavailable
from seppcheck.model.mail import MailSamples
from seppcheck.model.mailflow import Role
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import Failed, Finding, Inconclusive, Passed, Warned
from seppcheck.model.run import Run, Skipped
from seppcheck.model.smtp import Greeting, SmtpGreeting
from seppcheck.model.targets import Domain, Target
from seppcheck.model.text import text
from seppcheck.reports.route import Leg, LegState, few
from seppcheck.reports.route_legs import route_of
from tests.reports.exchange_side import flow, hold, inbound, outbound, parallel_flow, record, rule, sample
from tests.reports.runs import DOMAINS, GATEWAY, TENANT, mx_records, result, run_of

CHECKS: dict[str, Target] = {
    "dns-mx": DOMAINS[0],
    "inbound-connector": TENANT,
    "inbound-connector-tls": TENANT,
    "sender-certificate": DOMAINS[0],
    "transport-rule": TENANT,
    "outbound-connector": TENANT,
    "outbound-connector-tls": TENANT,
    "smtp-certificate": GATEWAY,
    "dns-ptr": GATEWAY,
    "smtp-helo": GATEWAY,
    "gateway-mta": GATEWAY,
    "gateway-smarthost": DOMAINS[0],
    "delivery-hold": DOMAINS[0],
    "parallel-rules": TENANT,
    "parallel-connectors": TENANT,
}
MOVED: tuple[Record, ...] = (
    *(record(mx_records(domain, f"{GATEWAY.name}."), domain) for domain in DOMAINS),
    record(SmtpGreeting(25, (Greeting(GATEWAY.name, "203.0.113.25", 220, ("secure.example.org",)),)), GATEWAY),
)


def finished(*more: Record, phase: Phase = Phase.VERIFICATION, without: tuple[str, ...] = (), **wrong: Finding) -> Run:
    """Return a run in which every check passed but those that are named, with `_` for `-`."""
    results = [
        result(check, target, wrong.get(check.replace("-", "_"), Passed("fine", subject="it")))
        for check, target in CHECKS.items()
        if check not in without
    ]
    return run_of(results, phase=phase, records=(*MOVED, *more))


def states(run: Run) -> list[str]:
    return [leg.state.value for leg in route_of(run).legs]


def words(leg: Leg) -> str:
    return "; ".join(map(str, leg.facts))


def test_a_finished_move_is_in_order_on_every_leg_and_names_its_objects() -> None:
    route = route_of(finished(record(flow(), TENANT)))
    assert {leg.state for leg in route.legs} == {LegState.SEEN}
    assert [thing.names for thing in route.inbound[2].things] == [("[SEPPmail] Appliance -> ExchangeOnline",)]
    assert [thing.names[0] for thing in route.outbound[0].things] == [
        "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail",
        "[SEPPmail] ExchangeOnline -> Appliance",
    ]
    assert not route.parallel
    assert route.detour is None
    assert route.held is None


@pytest.mark.parametrize(
    ("check", "leg"),
    [
        ("dns_mx", 2),
        ("inbound_connector", 3),
        ("inbound_connector_tls", 3),
        ("sender_certificate", 3),
        ("transport_rule", 4),
        ("outbound_connector", 4),
        ("outbound_connector_tls", 4),
        ("smtp_certificate", 4),
        ("dns_ptr", 5),
        ("smtp_helo", 5),
        ("gateway_mta", 5),
        ("gateway_smarthost", 5),
    ],
)
def test_a_check_decides_its_leg_alone(check: str, leg: int) -> None:
    for finding, state in (
        (Failed("no"), "broken"),
        (Inconclusive("who knows", reason=Reason.TIMEOUT), "unseen"),
        (Warned("hm"), "warned"),
    ):
        wrong: dict[str, Any] = {check: finding}
        found = states(finished(record(flow(), TENANT), **wrong))
        assert found == [state if number == leg else "seen" for number in range(1, 6)]


def test_a_leg_is_not_proven_when_one_of_its_checks_was_not_run() -> None:
    run = finished(record(flow(), TENANT), without=("outbound-connector-tls", "dns-mx"))
    assert states(run) == ["seen", "unseen", "seen", "unseen", "seen"]


def test_nothing_is_proven_without_results_and_evidence() -> None:
    assert set(states(run_of((), phase=Phase.VERIFICATION))) == {"unseen"}


def test_before_the_cutover_what_no_check_judges_is_not_due_unless_it_was_left_out() -> None:
    without = tuple(check for check in CHECKS if check not in ("dns-ptr", "smtp-helo", "gateway-mta"))
    run = finished(record(flow(), TENANT), phase=Phase.READINESS, without=without)
    assert states(run) == ["seen", "seen", "later", "later", "later"]
    left = run_of(
        run.results,
        phase=Phase.READINESS,
        records=run.records,
        skipped=(Skipped("sender-certificate", "--skip"),),
    )
    assert states(left)[2] == "unseen"


@pytest.mark.parametrize(
    ("phase", "finding", "state"),
    [
        (Phase.CUTOVER, Warned("not moved yet"), "elsewhere"),
        (Phase.VERIFICATION, Failed("not moved"), "broken"),
        (Phase.CUTOVER, Failed("half moved"), "broken"),
    ],
)
def test_an_mx_record_at_microsoft_is_the_way_past_the_gateway(phase: Phase, finding: Finding, state: str) -> None:
    host = "example-org.mail.protection.outlook.com"
    run = finished(record(mx_records(DOMAINS[0], host), DOMAINS[0]), phase=phase, dns_mx=finding)
    route = route_of(run)
    assert route.inbound[1].state.value == state
    assert route.detour is not None
    assert (route.detour.hosts, route.detour.domains) == ((host,), 1)
    assert str(route.inbound[1].extent) == "1 of 3 domains"


def test_a_silent_gateway_is_not_proven_to_be_reached() -> None:
    silent = record(SmtpGreeting(25, (Greeting(GATEWAY.name, "203.0.113.25"),)), GATEWAY)
    leg = route_of(finished(silent)).inbound[1]
    assert leg.state is LegState.UNSEEN
    assert "no greeting: 203.0.113.25" in words(leg)


def test_a_hold_that_should_be_there_holds_back_what_leaves_the_gateway() -> None:
    route = route_of(finished(record(flow(), TENANT), hold(DOMAINS[0], "true"), phase=Phase.CUTOVER))
    assert [leg.state.value for leg in route.legs] == ["seen", "seen", "held", "seen", "held"]
    assert str(route.held) == "mail of 1 of 3 domains is held back"
    assert [leg.held for leg in route.legs] == [False, False, True, False, True]


def test_a_forgotten_hold_breaks_what_leaves_the_gateway() -> None:
    held = (hold(DOMAINS[0], "true"), hold(DOMAINS[1], "false"))
    run = finished(record(flow(), TENANT), *held, delivery_hold=Failed("mail is being refused"))
    assert states(run) == ["seen", "seen", "broken", "seen", "broken"]
    assert "disable_delivery holds back the mail of example.org" in words(route_of(run).inbound[2])


@pytest.mark.parametrize(
    ("finding", "state"),
    [(Failed("not held"), "warned"), (Inconclusive("unknown"), "unseen"), (Passed("fine"), "seen")],
)
def test_a_hold_that_is_missing_or_unknown_is_no_good_news(finding: Finding, state: str) -> None:
    found = states(finished(record(flow(), TENANT), phase=Phase.CUTOVER, delivery_hold=finding))
    assert found == ["seen", "seen", state, "seen", state]


def test_leftovers_of_parallel_mode_are_drawn_as_such() -> None:
    left = Failed("left over", subject="old inbound")
    route = route_of(finished(record(parallel_flow(), TENANT), parallel_connectors=left))
    out, back = route.parallel
    assert [thing.names[0] for thing in out.leg.things] == [
        "[SEPPmail] - 100 Route incoming e-mails to SEPPmail",
        "old outbound",
    ]
    assert (back.leg.state, back.inward, out.inward) == (LegState.LEFTOVER, True, False)
    assert out.leg.state is LegState.UNSEEN, "no finding speaks of it"


@pytest.mark.parametrize(("state", "drawn"), [("Enabled", LegState.PARALLEL), ("Disabled", LegState.LATER)])
def test_before_the_cutover_parallel_mode_is_in_use(state: str, drawn: LegState) -> None:
    tenant = flow((), (), (rule("old", Role.PARALLEL, state),))
    run = finished(record(tenant, TENANT), phase=Phase.READINESS, without=("parallel-rules", "parallel-connectors"))
    (left,) = route_of(run).parallel
    assert left.leg.state is drawn


def test_what_is_idle_during_the_cutover_is_said_to_be() -> None:
    tenant = flow(rules=(rule("old", Role.PARALLEL, "Disabled"),))
    run = finished(record(tenant, TENANT), phase=Phase.CUTOVER, parallel_rules=Warned("idle", subject="old"))
    (left,) = route_of(run).parallel
    assert left.leg.state is LegState.IDLE
    assert "disabled: old" in words(left.leg)


def test_what_could_not_be_read_of_exchange_is_said() -> None:
    why = Unavailable(Reason.PERMISSION_MISSING, text("the app lacks a role"))
    route = route_of(finished(record(flow(rules=why), TENANT)))
    assert "transport rule: not known, the app lacks a role" in words(route.outbound[0])
    assert "outbound connector: [SEPPmail]" in words(route.outbound[0])
    without = route_of(finished())
    assert "inbound connector: not known, Exchange Online was not asked" in words(without.inbound[2])


def test_objects_beside_the_inline_ones_are_told() -> None:
    tenant = flow((inbound("other", role=Role.WILDCARD),), (outbound(), outbound("spare", role=Role.SPARE)))
    route = route_of(finished(record(tenant, TENANT)))
    assert "inbound connector: none for inline mode" in words(route.inbound[2])
    assert "takes mail from any host of a wildcard: other" in words(route.inbound[2])
    assert "leads to the gateway as well: spare" in words(route.outbound[0])


@pytest.mark.parametrize(("outgoing", "leg"), [(False, 3), (True, 5)])
def test_a_real_message_that_went_another_way_warns_of_its_leg(outgoing: bool, leg: int) -> None:
    mail = record(MailSamples((sample("a.eml", "remote.example", outgoing=outgoing),)), GATEWAY)
    run = finished(record(flow(), TENANT), mail)
    seen = result("mail-route", GATEWAY, Warned("a.eml went parallel", subject="a.eml"))
    run = run_of((*run.results, seen), phase=Phase.VERIFICATION, records=run.records)
    assert states(run) == ["warned" if number == leg else "seen" for number in range(1, 6)]
    assert "a.eml went parallel" in words(route_of(run).legs[leg - 1])


def test_problems_are_linked_worst_first() -> None:
    run = finished(
        record(flow(), TENANT), delivery_hold=Inconclusive("unknown"), sender_certificate=Failed("does not match")
    )
    leg = route_of(run).inbound[2]
    assert [found.check for found in leg.problems] == ["sender-certificate", "delivery-hold"]
    assert str(leg.extent) == "1 of 3 domains"


def test_hundreds_of_domains_are_counted_in_one_route() -> None:
    domains = tuple(Domain(f"d{number}.example") for number in range(300))
    mx: list[MxRecords] = [mx_records(domain, "elsewhere.example.") for domain in domains]
    run = run_of((), phase=Phase.VERIFICATION, records=[record(each, d) for each, d in zip(mx, domains, strict=True)])
    assert len(route_of(run).legs) == 5
    assert str(route_of(run).inbound[1].facts[0]).endswith("and 294 more")


def test_few_names_each_once() -> None:
    assert str(few(["a", "b", "a"])) == "a, b"
    assert str(few(map(str, range(9)))) == "0, 1, 2, 3, 4, 5 and 3 more"

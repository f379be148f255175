from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_mx import mail_from_the_internet_goes_to_the_gateway
from remediations.dns_mx import move_the_mx_record
from remediations.dns_mx_ttl import lower_the_ttl_of_mx
from seppcheck.api import (
    Change,
    DnsAnswer,
    DnsImage,
    Gateway,
    GatewayAddresses,
    ManualStep,
    Milestone,
    MxRecords,
    NodeAddresses,
    PlanPhase,
    Proposal,
    Reason,
    RunHistory,
    SeenRun,
    SeenServer,
    Unavailable,
    Wait,
    text,
)
from tests.checks.evidence import (
    CLUSTER,
    DAY,
    DOMAIN,
    GATEWAY,
    IPV4,
    MICROSOFT,
    NAME,
    NOW,
    OTHER,
    addresses,
    answer,
    history,
    host,
    mx,
    no,
    outcome,
)
from tests.remediations.dns_simulation import change_of, kinds, mx_after
from tests.remediations.fact_simulation import notes, told

OLD = f"0 {MICROSOFT}."
MOVED = f"10 {NAME}."
PLANS = [PlanPhase.CUTOVER, PlanPhase.COMPLETION]
NO_HISTORY = Unavailable(Reason.NOT_COLLECTED, text("no history"))
UNKNOWN = Unavailable(Reason.TIMEOUT, text("no resolver answered"))
SECOND = host("secure2.example.org", answer("192.0.2.26"))
BOTH = GatewayAddresses((*addresses().nodes, NodeAddresses("secure2.example.org", ("192.0.2.26",), True, SECOND)))


def plan(
    records: MxRecords,
    phase: PlanPhase = PlanPhase.CUTOVER,
    known: GatewayAddresses | Unavailable | None = None,
    runs: RunHistory | Unavailable = NO_HISTORY,
    gateway: Gateway = GATEWAY,
) -> Proposal:
    return move_the_mx_record(DOMAIN, gateway, records, known or addresses(), runs, phase, NOW)


def old(ttl: int = 300) -> MxRecords:
    return mx(answer(OLD, ttl=ttl), answer(OLD, ttl=ttl))


def wait_of(proposal: Proposal) -> Wait:
    (wait,) = [each for each in proposal if isinstance(each, Wait)]
    return wait


def seen(at: timedelta, value: str, ttl: int) -> SeenRun:
    return SeenRun(NOW.at - at, (SeenServer("ns1.example.org", "192.0.2.1", ttl, (value,)),))


def test_in_completion_nothing_is_moved_but_the_way_to_do_it_is_told() -> None:
    found = plan(old(), PlanPhase.COMPLETION)
    assert kinds(found) == ["Note"]
    assert "seppcheck plan cutover" in str(found[0].text)  # type: ignore[union-attr]  # it is a note


def test_the_record_is_replaced_after_the_parallel_rules_are_off() -> None:
    phase = PlanPhase.CUTOVER
    found = plan(old(), phase)
    change = change_of(found)
    assert kinds(found) == ["Change", "Wait"]
    assert change.before == DnsImage("example.org", "MX", 300, (OLD,))
    assert change.after == DnsImage("example.org", "MX", 300, (MOVED,))
    assert (change.needs, change.reaches) == (Milestone.PARALLEL_OFF, Milestone.MX_MOVED)
    assert (wait_of(found).needs, wait_of(found).reaches) == (Milestone.MX_MOVED, Milestone.MX_SETTLED)


def test_a_cluster_has_the_names_of_all_its_nodes() -> None:
    change = change_of(plan(old(), known=BOTH, gateway=CLUSTER))
    assert isinstance(change.after, DnsImage)
    assert change.after.values == (MOVED, "10 secure2.example.org.")


def test_a_low_ttl_stays_and_a_high_one_becomes_300() -> None:
    low, high = change_of(plan(old(60))).after, change_of(plan(old(3600))).after
    assert isinstance(low, DnsImage)
    assert isinstance(high, DnsImage)
    assert (low.ttl, high.ttl) == (60, 300)


@pytest.mark.parametrize(
    ("records", "runs", "seconds"),
    [
        (old(60), NO_HISTORY, 60),
        (mx(answer(OLD, ttl=60), answer(OLD, ttl=900)), NO_HISTORY, 900),
        (old(60), history(seen(2 * DAY, OLD, 7200), seen(DAY, OLD, 3600)), 3600),
        (old(4000), history(seen(DAY, OLD, 3600)), 4000),
        (old(60), history(seen(DAY, MOVED, 3600)), 60),
        (mx(answer(), answer()), NO_HISTORY, 300),
    ],
)
def test_afterwards_the_old_ttl_is_waited_out(records: MxRecords, runs: RunHistory | Unavailable, seconds: int) -> None:
    assert wait_of(plan(records, runs=runs)).seconds == seconds


def test_without_any_record_one_is_made() -> None:
    change = change_of(plan(mx(answer(), answer())))
    assert change.before is None
    assert change.after == DnsImage("example.org", "MX", 300, (MOVED,))


def test_a_mixture_that_all_servers_share_is_replaced_as_a_whole() -> None:
    change = change_of(plan(mx(answer(OLD, MOVED), answer(MOVED, OLD))))
    assert change.before == DnsImage("example.org", "MX", 300, (OLD, MOVED))


@pytest.mark.parametrize("phase", PLANS)
def test_a_record_that_moved_a_while_ago_needs_nothing(phase: PlanPhase) -> None:
    runs = history(seen(3 * DAY, OLD, 300), seen(DAY, MOVED, 300))
    assert plan(mx(answer(MOVED), answer(MOVED)), phase, runs=runs) == []


def test_a_record_that_moved_just_now_is_waited_for_until_the_old_one_has_run_down() -> None:
    runs = history(seen(DAY, OLD, 3600), seen(timedelta(minutes=10), MOVED, 300))
    wait = wait_of(plan(mx(answer(MOVED), answer(MOVED)), runs=runs))
    assert (wait.until, wait.seconds) == (NOW.at + timedelta(minutes=50), None)
    assert wait.reaches is Milestone.MX_SETTLED


def test_a_silent_server_does_not_stop_what_has_moved_and_is_told() -> None:
    found = plan(mx(answer(MOVED), no("timeout")), runs=history(seen(DAY, MOVED, 300)))
    assert kinds(found) == ["Note"]
    assert "ns2.example.org" in notes(found)


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (mx(answer(OLD), answer(MOVED)), "do not say the same"),
        (mx(answer(OLD), no("timeout")), "could not be asked"),
        (mx(no("nxdomain"), no("nxdomain")), "does not exist"),
        (mx(*2 * (answer(OLD, aliases=("x.example.net",)),)), "an alias of x.example.net"),
        (mx(answer("0 ."), answer("0 .")), "null MX"),
    ],
)
def test_what_a_program_must_not_replace_is_for_people_in_its_place(records: MxRecords, says: str) -> None:
    found = plan(records)
    assert kinds(found) == ["ManualStep", "ManualStep", "Wait"]
    mend, move = (each for each in found if isinstance(each, ManualStep))
    assert says in told(mend)
    assert (mend.needs, mend.reaches) == (None, None)
    assert (move.needs, move.reaches) == (Milestone.PARALLEL_OFF, Milestone.MX_MOVED)
    assert move.after == DnsImage("example.org", "MX", 300, (MOVED,))


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (addresses(host(NAME, answer("198.51.100.9"))), "resolves to 198.51.100.9"),
        (addresses(host(NAME, answer(IPV4, aliases=(OTHER,)))), f"alias of {OTHER}"),
        (addresses(host(NAME, answer(), answer())), "has no address"),
        (addresses(host(NAME, no("servfail"))), "could not be looked up"),
        (UNKNOWN, "no resolver answered"),
    ],
)
def test_a_name_that_does_not_lead_to_the_gateway_is_mended_first(
    known: GatewayAddresses | Unavailable, says: str
) -> None:
    found = plan(old(), known=known)
    assert kinds(found) == ["ManualStep", "ManualStep", "Wait"]
    assert isinstance(found[0], ManualStep)
    assert says in told(found[0])
    assert not any(isinstance(each, Change) for each in found)


def test_in_a_completion_a_wrong_address_does_not_hold_up_the_release() -> None:
    wrong = host(NAME, answer("198.51.100.9"))
    runs = history(seen(DAY, MOVED, 300))
    (step,) = plan(mx(answer(MOVED), answer(MOVED), hosts=[wrong]), PlanPhase.COMPLETION, runs=runs)
    assert isinstance(step, ManualStep)
    assert step.needs is Milestone.HOLD_OFF


hosts = st.sampled_from([OLD, MOVED, f"20 {OTHER}.", f"5 {MICROSOFT}."])
answers = st.builds(lambda values, ttl: answer(*values, ttl=ttl), st.lists(hosts, unique=True), st.integers(0, 10**6))


@given(said=answers)
def test_planned_and_applied_the_check_passes_and_nothing_is_left_to_change(said: DnsAnswer) -> None:
    phase = PlanPhase.CUTOVER
    records = mx(said, said)
    for change in lower_the_ttl_of_mx(DOMAIN, records, phase):  # in the same plan, before
        assert isinstance(change, Change)
        records = mx_after(records, change)
    found = plan(mx(said, said), phase)
    for change in (each for each in found if isinstance(each, Change)):
        records = replace(mx_after(records, change), hosts=(host(),))
    judged = mail_from_the_internet_goes_to_the_gateway(DOMAIN, GATEWAY, records, addresses(), phase.phase)
    assert outcome(judged) == "passed"
    assert {each for each in kinds(plan(records, phase)) if each != "Wait"} == set()

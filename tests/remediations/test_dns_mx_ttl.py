from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_mx_ttl import mx_ttl_is_low
from remediations.dns_mx_ttl import lower_the_ttl_of_mx
from seppcheck.api import DnsImage, ManualStep, MxRecords, PlanPhase, Proposal
from tests.checks.evidence import DOMAIN, MICROSOFT, NS1, NS1_IPV6, NS2, answer, mx, mx_records, no, outcome, served
from tests.remediations.dns_simulation import change_of, kinds, mx_after
from tests.remediations.fact_simulation import step_of, told

PLANS = [PlanPhase.READINESS, PlanPhase.CUTOVER]
OLD = f"0 {MICROSOFT}."


def plan(records: MxRecords, phase: PlanPhase = PlanPhase.READINESS) -> Proposal:
    return lower_the_ttl_of_mx(DOMAIN, records, phase)


@pytest.mark.parametrize("phase", PLANS)
def test_a_high_ttl_is_lowered_and_the_values_stay(phase: PlanPhase) -> None:
    change = change_of(plan(mx(answer(OLD, ttl=3600), answer(OLD, ttl=3600)), phase))
    assert change.before == DnsImage("example.org", "MX", 3600, (OLD,))
    assert change.after == DnsImage("example.org", "MX", 300, (OLD,))
    assert (change.needs, change.reaches) == (None, None)


def test_servers_with_the_same_record_and_other_ttls_agree() -> None:
    change = change_of(plan(mx(answer(OLD, ttl=300), answer(OLD, ttl=86400))))
    assert isinstance(change.before, DnsImage)
    assert change.before.ttl == 86400


@pytest.mark.parametrize("records", [mx(answer(OLD), answer(OLD, ttl=60)), mx(answer(), answer())])
def test_a_low_ttl_and_no_record_at_all_need_nothing(records: MxRecords) -> None:
    assert plan(records) == []


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (mx(answer(OLD, ttl=3600), answer("10 other.example.net.", ttl=3600)), "do not say the same of the MX"),
        (mx(answer(OLD, ttl=3600), answer()), "do not say the same of the MX"),
        (mx(answer(OLD, ttl=3600), no("timeout")), "ns2.example.org (192.0.2.2) could not be asked"),
        (mx(answer(OLD), no("refused")), "refuses to answer"),
        (mx(no("nxdomain"), no("nxdomain")), "does not exist"),
        (mx(answer(aliases=("x.example.net",)), answer(aliases=("x.example.net",))), "an alias of x.example.net"),
    ],
)
def test_what_the_servers_do_not_say_alike_is_for_people(records: MxRecords, says: str) -> None:
    step = step_of(plan(records, PlanPhase.CUTOVER))
    assert says in told(step)
    assert "seppcheck plan cutover" in told(step)
    assert step.after is None


def test_a_server_that_is_only_noted_stands_in_nobodys_way() -> None:
    records = mx_records(
        served(NS1, answer(OLD, ttl=3600)), served(NS1_IPV6, no("no-route")), served(NS2, answer(OLD, ttl=3600))
    )
    assert kinds(plan(records)) == ["Change"]


@given(
    ttls=st.lists(st.integers(0, 2**31 - 1), min_size=2, max_size=2),
    values=st.lists(st.sampled_from([OLD, "5 a.example.net.", "10 b.example.net."]), min_size=1, unique=True),
)
def test_planned_and_applied_the_check_passes_and_nothing_is_left_to_plan(ttls: list[int], values: list[str]) -> None:
    records = mx(*(answer(*values, ttl=ttl) for ttl in ttls))
    found = plan(records)
    if found:
        assert not isinstance(found[0], ManualStep)
        after = mx_after(records, change_of(found))
        assert {each.answer.values for each in after.servers} == {tuple(sorted(values))}
        records = after
    assert outcome(mx_ttl_is_low(DOMAIN, records)) == "passed"
    assert plan(records) == []

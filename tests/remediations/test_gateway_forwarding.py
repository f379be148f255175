from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.gateway_forwarding import mail_is_handed_to_the_tenant
from remediations.gateway_forwarding import forward_to_the_tenant
from seppcheck.api import Forwarding, MxRecords, PlanPhase, Proposal, Reason, Unavailable, text
from tests.checks.evidence import MICROSOFT, NAME, answer, mx, outcome
from tests.checks.gateway_facts import DOMAIN, SEEN
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import opens_the_menu, step_of, told

AT_MICROSOFT = mx(answer(f"0 {MICROSOFT}."), answer(f"0 {MICROSOFT}."))
MOVED = mx(answer(f"10 {NAME}."), answer(f"10 {NAME}."))
UNSEEN = Unavailable(Reason.TIMEOUT, text("no resolver answered"))


def plan(
    forwarding: Forwarding, records: MxRecords | Unavailable = AT_MICROSOFT, phase: PlanPhase = PlanPhase.READINESS
) -> Proposal:
    return forward_to_the_tenant(DOMAIN, forwarding, records, phase)


@pytest.mark.parametrize(
    "forwarding", [Forwarding(f"[{MICROSOFT}]", None, SEEN), Forwarding(MICROSOFT.upper(), mx_lookup=False, voice=SEEN)]
)
def test_the_tenants_host_without_a_lookup_needs_nothing(forwarding: Forwarding) -> None:
    assert plan(forwarding) == []


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (AT_MICROSOFT, f"Enter, with the square brackets: [{MICROSOFT}]"),
        (MOVED, "as in [example-org.mail.protection.outlook.com]"),
        (UNSEEN, "as in [example-org.mail.protection.outlook.com]"),
    ],
)
def test_the_host_is_the_one_that_the_mx_record_names_as_long_as_it_does(
    records: MxRecords | Unavailable, says: str
) -> None:
    step = step_of(plan(Forwarding("10.0.0.1", mx_lookup=False, voice=SEEN), records))
    assert says in told(step)
    assert "Enter again: 10.0.0.1" in told(step)
    assert opens_the_menu(step, "gateway-forwarding")


def test_a_host_that_is_right_already_stays_and_gets_its_brackets() -> None:
    other = "other-org.mail.protection.outlook.com"
    step = step_of(plan(Forwarding(other, None, SEEN)))
    assert f"[{other}]" in told(step)


@given(
    host=st.sampled_from(["", "10.0.0.1", MICROSOFT, f"[{MICROSOFT}]", "example.org"]),
    lookup=st.sampled_from([None, True, False]),
)
def test_entered_as_told_the_check_passes_and_nothing_is_left_to_plan(host: str, lookup: bool | None) -> None:
    forwarding = Forwarding(host, lookup, SEEN)
    found = plan(forwarding)
    if found:
        (entry,) = [str(each) for each in step_of(found).steps if str(each).startswith("Enter")]
        forwarding = replace(forwarding, host=entry.rpartition(" ")[2])
    assert outcome(mail_is_handed_to_the_tenant(DOMAIN, forwarding)) == "passed"
    assert plan(forwarding) == []


def test_in_a_cutover_it_is_only_told() -> None:
    assert kinds(plan(Forwarding("example.org", mx_lookup=True, voice=SEEN), phase=PlanPhase.CUTOVER)) == ["Note"]

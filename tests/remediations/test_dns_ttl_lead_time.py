from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_ttl_lead_time import low_ttl_has_been_in_force_long_enough
from remediations.dns_ttl_lead_time import wait_for_the_low_ttl
from seppcheck.api import MxRecords, Note, Now, Phase, PlanPhase, Proposal, SeenRun, System, Wait
from tests.checks.evidence import DAY, DOMAIN, GATEWAY, NAME, NOW, answer, history, mx, no, outcome, seen, spf
from tests.remediations.fact_simulation import notes

LOW = mx(answer("0 old.example.net."), answer("0 old.example.net."))
HIGH = mx(answer("0 old.example.net.", ttl=3600), answer("0 old.example.net."))
SPF = spf(answer("v=spf1 -all"))
HOUR = timedelta(hours=1)


def plan(*runs: SeenRun, phase: PlanPhase = PlanPhase.CUTOVER, records: MxRecords = LOW, now: Now = NOW) -> Proposal:
    return wait_for_the_low_ttl(DOMAIN, GATEWAY, records, SPF, history(*runs), phase, now)


def ago(duration: timedelta) -> object:
    return NOW.at - duration


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_an_open_gate_needs_nothing(phase: PlanPhase) -> None:
    assert plan(seen(NOW.at - DAY, 300, 300), phase=phase) == []


def test_a_closed_gate_is_waited_for_before_everything() -> None:
    (wait,) = plan(seen(NOW.at - 4 * HOUR, 300, 300))
    assert isinstance(wait, Wait)
    assert (wait.until, wait.seconds) == (NOW.at + 20 * HOUR, None)
    assert (wait.needs, wait.reaches, wait.system) == (None, None, System.DNS)


@pytest.mark.parametrize(("before", "hours"), [(3600, 24), (172800, 48)])
def test_where_this_plan_lowers_the_ttl_the_wait_counts_from_then(before: int, hours: int) -> None:
    (wait,) = plan(seen(NOW.at - 2 * DAY, before, before), records=HIGH)
    assert isinstance(wait, Wait)
    assert (wait.until, wait.seconds) == (None, hours * 3600)


def test_without_history_a_day_is_waited_from_now() -> None:
    (wait,) = plan()
    assert isinstance(wait, Wait)
    assert wait.until == NOW.at + DAY


def test_readiness_tells_when_the_record_may_move() -> None:
    found = plan(seen(NOW.at - 4 * HOUR, 300, 300), phase=PlanPhase.READINESS)
    assert notes(found) == "the MX record of example.org may move at 2026-11-25 04:00 UTC"


def test_readiness_tells_how_long_after_the_ttl_is_lowered() -> None:
    found = plan(seen(NOW.at - DAY, 172800), phase=PlanPhase.READINESS, records=HIGH)
    assert all(isinstance(each, Note) for each in found)
    assert "48 h after the TTL was lowered" in notes(found)


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_a_moved_record_and_no_record_at_all_need_no_wait(phase: PlanPhase) -> None:
    moved = mx(answer(f"10 {NAME}."), answer(f"10 {NAME}."))
    assert plan(phase=phase, records=moved) == []
    nothing = wait_for_the_low_ttl(DOMAIN, GATEWAY, mx(answer()), spf(answer()), history(), phase, NOW)
    assert nothing == []


@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.lists(st.sampled_from([60, 300, 301, 90000, None]), min_size=1, max_size=2)),
        max_size=6,
    )
)
def test_when_the_wait_is_over_the_check_passes(past: list[tuple[int, list[int | None]]]) -> None:
    runs = sorted((seen(NOW.at - hours * HOUR, *ttls) for hours, ttls in past), key=lambda run: run.at)
    found = plan(*runs)
    now = NOW
    for wait in found:
        assert isinstance(wait, Wait)
        assert wait.until is not None
        runs, now = [*runs, seen(NOW.at, 300, 300)], Now(wait.until)
    judged = low_ttl_has_been_in_force_long_enough(DOMAIN, GATEWAY, LOW, SPF, history(*runs), now, Phase.CUTOVER)
    assert outcome(judged) == "passed"
    assert plan(*runs, now=now) == []


def test_a_silent_server_does_not_shorten_the_wait() -> None:
    records = mx(answer("0 old.example.net."), no("timeout"))
    (wait,) = plan(seen(NOW.at - 4 * HOUR, 300, None), records=records)
    assert isinstance(wait, Wait)
    assert wait.until == NOW.at + DAY

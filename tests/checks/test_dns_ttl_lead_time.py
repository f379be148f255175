from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_ttl_lead_time import low_ttl_has_been_in_force_long_enough
from seppcheck.api import DnsAnswer, DnsStatus, MxRecords, Now, Phase, Result, SeenRun, SeenServer, SpfRecords, text
from tests.checks.evidence import (
    DAY,
    DOMAIN,
    GATEWAY,
    NAME,
    NOW,
    NS1,
    NS1_IPV6,
    NS2,
    answer,
    findings,
    history,
    mx,
    mx_records,
    no,
    outcome,
    outcomes,
    reasons,
    seen,
    sentences,
    served,
    spf,
)

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LOW_MX, LOW_SPF = mx(answer("0 old.example.net."), answer("0 old.example.net.")), spf(answer("v=spf1 -all"))
PHASES = [Phase.READINESS, Phase.CUTOVER]


def judge(
    *runs: SeenRun,
    phase: Phase = Phase.CUTOVER,
    now: datetime = NOW.at,
    current: MxRecords = LOW_MX,
    current_spf: SpfRecords = LOW_SPF,
) -> Result:
    return low_ttl_has_been_in_force_long_enough(DOMAIN, GATEWAY, current, current_spf, history(*runs), Now(now), phase)


def ago(duration: timedelta) -> datetime:
    return NOW.at - duration


def opening(result: Result) -> object:
    return dict(findings(result)[0].summary.parameters)["opens"]


@pytest.mark.parametrize("phase", PHASES)
def test_a_day_of_low_ttl_opens_the_gate(phase: Phase) -> None:
    result = judge(seen(ago(24 * HOUR), 300, 300), phase=phase)
    assert outcomes(result) == ["passed"]
    assert findings(result)[0].requirement is None  # the check has one number, and the framework fills it in


def test_a_second_less_is_a_warning_in_readiness_and_a_failure_in_cutover() -> None:
    run = seen(ago(24 * HOUR - SECOND), 300, 300)
    assert outcome(judge(run, phase=Phase.READINESS)) == "warned"
    assert outcome(judge(run, phase=Phase.CUTOVER)) == "failed"
    assert opening(judge(run)) == NOW.at + SECOND


def test_the_highest_ttl_seen_before_counts_if_it_is_more_than_a_day() -> None:
    runs = [seen(ago(10 * DAY), 300, 172800), seen(ago(9 * DAY), 3600, 3600), seen(ago(47 * HOUR), 300, 300)]
    result = judge(*runs)
    assert outcome(result) == "failed"
    assert opening(result) == NOW.at + HOUR
    assert outcome(judge(*runs, now=NOW.at + HOUR)) == "passed"


def test_the_old_ttl_of_spf_counts_like_that_of_mx() -> None:
    runs = [seen(ago(5 * DAY), 300, spf_ttls=[172800]), seen(ago(47 * HOUR), 300)]
    assert opening(judge(*runs)) == NOW.at + HOUR
    still_high = judge(seen(ago(2 * DAY), 300), current_spf=spf(answer("v=spf1 -all", ttl=3600)))
    assert outcome(still_high) == "failed"


def test_without_history_readiness_counts_from_this_run() -> None:
    result = judge(phase=Phase.READINESS)
    assert outcomes(result) == ["warned"]
    assert opening(result) == NOW.at + DAY


def test_without_history_cutover_is_inconclusive() -> None:
    result = judge()
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"no-history"}


def test_a_run_that_only_saw_the_hold_is_no_history() -> None:
    assert reasons(judge(SeenRun(ago(2 * DAY), hold="true"))) == {"no-history"}


def test_a_ttl_that_is_high_now_closes_the_gate_from_now_on() -> None:
    high = mx(answer("0 old.example.net.", ttl=172800))
    for phase, expected in zip(PHASES, ("warned", "failed"), strict=True):
        result = judge(seen(ago(10 * DAY), 300), phase=phase, current=high)
        assert outcomes(result) == [expected]
        assert "lower it first" in sentences(result)
        assert opening(result) == NOW.at + 2 * DAY
    assert outcome(judge(current=high)) == "failed"  # no history could make it open


def test_a_high_ttl_in_between_sets_it_back() -> None:
    runs = [seen(ago(5 * DAY), 300), seen(ago(3 * DAY), 301), seen(ago(23 * HOUR), 300)]
    assert opening(judge(*runs)) == NOW.at + HOUR


def test_a_silent_server_in_an_earlier_run_neither_opens_nor_breaks() -> None:
    between = [seen(ago(3 * DAY), 300, 300), seen(ago(2 * DAY), 300, None), seen(ago(HOUR), 300, 300)]
    assert outcome(judge(*between)) == "passed"
    first = [seen(ago(3 * DAY), 300, None), seen(ago(HOUR), 300, 300)]
    assert opening(judge(*first)) == ago(HOUR) + DAY


def test_a_high_ttl_beside_a_silent_server_sets_it_back() -> None:
    runs = [seen(ago(3 * DAY), 300, 300), seen(ago(2 * DAY), None, 3600), seen(ago(HOUR), 300, 300)]
    assert opening(judge(*runs)) == ago(HOUR) + DAY


def test_a_run_that_looked_at_half_of_it_opens_nothing() -> None:
    half = SeenRun(ago(3 * DAY), mx=seen(NOW.at, 300).mx)
    assert opening(judge(half)) == NOW.at + DAY


def test_an_address_without_a_route_or_beside_an_answer_does_not_make_a_run_silent() -> None:
    servers = (
        SeenServer(*NS1, 300, ("0 old.example.net.",)),
        SeenServer(*NS1_IPV6, None, (), "timeout"),
        SeenServer("ns2.example.org", "2001:db8::2", None, (), "no-route"),
    )
    assert outcome(judge(SeenRun(ago(DAY), servers, servers))) == "passed"


def test_a_server_that_refused_an_address_was_not_whole() -> None:
    servers = (SeenServer(*NS1, 300, ("0 old.example.net.",)), SeenServer(*NS1_IPV6, None, (), "dns-error"))
    assert outcome(judge(SeenRun(ago(DAY), servers, servers))) == "failed"


def test_a_record_without_a_ttl_was_not_seen_to_be_low() -> None:
    servers = (SeenServer(*NS1, None, ("0 old.example.net.",)),)
    assert outcome(judge(SeenRun(ago(DAY), servers, servers))) == "failed"


def test_a_server_that_is_silent_now_is_never_green() -> None:
    silent = mx(answer("0 old.example.net."), no("timeout"))
    result = judge(seen(ago(DAY), 300), current=silent)
    assert outcome(result) == "inconclusive"
    assert reasons(result) == {"timeout"}


@pytest.mark.parametrize("phase", PHASES)
def test_an_mx_that_moved_already_is_not_applicable(phase: Phase) -> None:
    moved = mx(answer(f"10 {NAME}.", ttl=3600))
    result = judge(current=moved, phase=phase)
    assert outcomes(result) == ["not-applicable"]
    assert reasons(result) == {"condition-absent"}


def test_moved_at_some_servers_is_not_moved() -> None:
    some = mx(answer(f"10 {NAME}."), answer("0 old.example.net."))
    assert reasons(judge(current=some)) == {"no-history"}
    assert reasons(judge(current=mx(answer(f"10 {NAME}."), answer()))) == {"no-history"}
    unsure = mx(answer(f"10 {NAME}."), no("timeout"))
    assert outcome(judge(current=unsure)) == "inconclusive"


def test_without_spf_the_mx_counts_alone() -> None:
    none = spf(DnsAnswer(DnsStatus.ANSWER, (), 86400), answer())
    run = SeenRun(ago(DAY), seen(NOW.at, 300).mx, (SeenServer(*NS1, None), SeenServer(*NS2, None)))
    assert outcome(judge(run, current_spf=none)) == "passed"


def test_without_mx_and_spf_there_is_nothing_to_wait_for() -> None:
    result = judge(current=mx(answer()), current_spf=spf(answer()))
    assert outcome(result) == "not-applicable"
    assert reasons(result) == {"no-such-record"}
    assert outcome(judge(current=mx(no("timeout")), current_spf=spf(answer()))) == "inconclusive"


def test_a_domain_that_does_not_exist_fails() -> None:
    assert outcome(judge(current=mx(no("nxdomain")), current_spf=spf(no("nxdomain")))) == "failed"


def test_nobody_heard_is_inconclusive() -> None:
    assert outcome(judge(seen(ago(9 * DAY), 300), current=mx_records(), current_spf=LOW_SPF)) == "inconclusive"
    only = mx_records(served(NS1_IPV6, no("no-route")))
    assert outcome(judge(seen(ago(9 * DAY), 300), current=only)) == "inconclusive"


def test_a_high_ttl_that_a_fast_clock_dated_into_the_future_is_not_forgotten() -> None:
    past = (seen(NOW.at - 3 * DAY, 300, 300), seen(NOW.at + timedelta(minutes=10), 86400, 86400))
    assert outcomes(judge(*past)) == ["failed"]


def test_a_run_of_the_future_does_not_count() -> None:
    assert reasons(judge(seen(NOW.at + DAY, 300))) == {"no-history"}


def test_the_time_is_told_to_people() -> None:
    told = judge(seen(ago(23 * HOUR), 300))
    assert str(text("{opens}", opens=NOW.at + HOUR)) in sentences(told)


TTLS = st.lists(st.sampled_from([None, 60, 300, 301, 3600, 90000, 200000]), min_size=2, max_size=2)
RUNS = st.lists(st.tuples(st.integers(1, 12 * 86400), TTLS), min_size=1, max_size=8, unique_by=lambda run: run[0])


@given(RUNS)
def test_the_gate_opens_at_the_exact_second(recorded: list[tuple[int, list[int | None]]]) -> None:
    runs = [seen(ago(timedelta(seconds=before)), *ttls) for before, ttls in sorted(recorded, reverse=True)]
    opens = expected_opening(sorted(recorded, reverse=True))
    assert opening(judge(*runs)) == opens
    assert outcome(judge(*runs)) == ("passed" if opens <= NOW.at else "failed")
    if opens > NOW.at and low_before(recorded):
        assert outcome(judge(*runs, now=opens - SECOND)) == "failed"
        assert outcome(judge(*runs, now=opens)) == "passed"


def low_before(recorded: list[tuple[int, list[int | None]]]) -> bool:
    """Whether the time counts from an earlier run, so that it stands still while the clock goes on."""
    return expected_since(sorted(recorded, reverse=True)) is not None


def expected_since(recorded: list[tuple[int, list[int | None]]]) -> int | None:
    """By the words of the requirement: the first whole run after the last one over 300."""
    after = [ttls for _, ttls in recorded]
    last_high = max((i for i, ttls in enumerate(after) if any(t and t > 300 for t in ttls)), default=-1)
    return next((i for i in range(last_high + 1, len(after)) if None not in after[i]), None)


def expected_opening(recorded: list[tuple[int, list[int | None]]]) -> datetime:
    since = expected_since(recorded)
    start = NOW.at if since is None else ago(timedelta(seconds=recorded[since][0]))
    before = [ttl for _, ttls in recorded[:since] for ttl in ttls if ttl is not None]
    return start + max(DAY, timedelta(seconds=max(before, default=0)))

from __future__ import annotations

from datetime import timedelta

from seppcheck.judgement.lead_time import lead_time
from tests.checks.evidence import DAY, NOW, answer, history, mx, no, seen, spf

LOW = mx(answer("0 old.example.net."), answer("0 old.example.net."))
SPF = spf(answer("v=spf1 -all"))
HOUR = timedelta(hours=1)


def test_it_counts_from_the_first_low_run_and_lasts_a_day_at_least() -> None:
    lead = lead_time(LOW, SPF, history(seen(NOW.at - 9 * HOUR, 3600), seen(NOW.at - 5 * HOUR, 300)), NOW.at)
    assert lead is not None
    assert (lead.since, lead.wait, lead.opens) == (NOW.at - 5 * HOUR, DAY, NOW.at + 19 * HOUR)
    assert (lead.highest, lead.recorded) == (300, True)
    assert [lead.over(NOW.at + hours * HOUR) for hours in (18, 19)] == [False, True]


def test_it_lasts_for_the_highest_ttl_that_was_seen_before() -> None:
    lead = lead_time(LOW, SPF, history(seen(NOW.at - 9 * HOUR, 172800)), NOW.at)
    assert lead is not None
    assert (lead.since, lead.wait) == (NOW.at, 2 * DAY)


def test_a_high_ttl_and_a_silent_server_have_not_begun() -> None:
    high = lead_time(mx(answer("0 old.example.net.", ttl=900)), SPF, history(), NOW.at)
    silent = lead_time(mx(answer("0 old.example.net."), no("timeout")), SPF, history(), NOW.at)
    for lead in (high, silent):
        assert lead is not None
        assert (lead.since, lead.opens, lead.over(NOW.at + 9 * DAY)) == (None, NOW.at + DAY, False)
    assert high is not None
    assert (high.highest, high.recorded) == (900, False)


def test_without_either_record_there_is_no_lead_time() -> None:
    assert lead_time(mx(answer()), spf(no("timeout")), history(), NOW.at) is None

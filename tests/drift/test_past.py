"""What a baseline remembers stands in for a history that is lost, and invents nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from seppcheck.drift.past import Past, past_of, remembering
from seppcheck.model.dns import DnsAnswer, DnsStatus, MxRecords, ServerAnswer, ZoneServers
from seppcheck.model.evidence import Provenance, Record
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain, Gateway, Site

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
DOMAIN = Domain("kunde.test")
SITE = Site(Gateway("gw.test"), (DOMAIN,))
HERE, THERE = "10 gw.test.", "0 kunde-test.mail.protection.outlook.com."


def seen(hours: float, value: str | None = None, hold: str | None = None) -> SeenRun:
    mx = None if value is None else (SeenServer("ns", "192.0.2.1", 300, (value,)),)
    return SeenRun(NOW - timedelta(hours=hours), mx, None, hold)


def history(*runs: SeenRun) -> Record:
    return Record("run-history", DOMAIN, Provenance("history", NOW), RunHistory(DOMAIN.name, runs))


def mx_now(value: str) -> Record:
    answer = ServerAnswer("ns", "192.0.2.1", DnsAnswer(DnsStatus.ANSWER, (value,), 300))
    found = MxRecords(DOMAIN.name, ZoneServers("kunde.test", ("ns",)), (answer,))
    return Record("mx-records", DOMAIN, Provenance("dns", NOW), found)


def past(*records: Record, earlier: Mapping[str, Past] | None = None) -> Past:
    run = Run(Phase.DRIFT, SITE, (), {}, NOW, NOW, NOW, records=records)
    return past_of(run, earlier or {})[DOMAIN.name]


def hours_ago(moment: datetime | None) -> float | None:
    return None if moment is None else (NOW - moment) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("runs", "now", "new", "other", "held"),
    [
        ((seen(9, THERE), seen(5, HERE), seen(2, HERE)), HERE, 5, 9, None),
        ((seen(9, THERE), seen(8, THERE), seen(5, HERE, "true"), seen(2, HERE)), HERE, 5, 8, 5),
        ((seen(9, THERE, "true"), seen(8, hold="true")), HERE, 0, 9, 8),
        ((seen(9, HERE), seen(7, THERE), seen(5, HERE), seen(3, THERE)), HERE, 5, 7, None),
        ((), HERE, 0, None, None),
        ((seen(4, HERE),), HERE, 4, None, None),
        ((), THERE, None, 0, None),
    ],
)
def test_it_keeps_the_runs_that_decide_how_old_the_hold_may_be(
    runs: tuple[SeenRun, ...], now: str, new: float | None, other: float | None, held: float | None
) -> None:
    found = past(history(*runs), mx_now(now))
    assert hours_ago(found.new_mx and found.new_mx.at) == new
    assert hours_ago(found.other_mx and found.other_mx.at) == other
    assert hours_ago(found.hold_last_true) == held


def test_a_lost_history_is_remembered_from_the_baseline() -> None:
    kept = past(history(seen(9, THERE), seen(5, HERE), seen(4, hold="true")), mx_now(HERE))
    (record,) = remembering((history(),), {DOMAIN.name: kept})
    assert isinstance(record.content, RunHistory)
    assert [hours_ago(run.at) for run in record.content.runs] == [9, 5, 4]
    for records in ((record, mx_now(HERE)), (mx_now(HERE),), ()):
        assert past(*records, earlier={DOMAIN.name: kept}) == kept, "it is accepted again without loss"


def test_what_the_history_still_has_is_not_remembered_twice() -> None:
    runs = (seen(9, THERE), seen(5, HERE, "true"))
    (record,) = remembering((history(*runs),), {DOMAIN.name: past(history(*runs), mx_now(HERE))})
    assert isinstance(record.content, RunHistory)
    assert record.content.runs == runs


def test_other_evidence_stays_as_it_is() -> None:
    records = (mx_now(HERE), history())
    assert remembering(records, {}) == records

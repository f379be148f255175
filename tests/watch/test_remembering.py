from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seppcheck.model.dns import MxRecords
from seppcheck.model.evidence import Provenance, Record
from seppcheck.model.results import Failed, Passed
from seppcheck.model.run import Run
from seppcheck.watch.remembering import Recorder
from tests.reports.runs import DOMAINS, GATEWAY, NOW, mx_records, result, run_of


def seeing(host: str, *, fresh: bool = True, passed: bool = True) -> Run:
    evidence = mx_records(DOMAINS[0], host)
    record = Record(MxRecords.kind, DOMAINS[0], Provenance("dns", NOW if fresh else NOW.replace(year=2025)), evidence)
    results = (result("dns-ptr", GATEWAY, Passed("fine") if passed else Failed("bad")),)
    return replace(run_of(results), records=(record,), started_at=NOW, judged_at=NOW)


def recorded(*runs: Run) -> list[Mapping[str, Any]]:
    written: list[Mapping[str, Any]] = []
    recorder = Recorder(written.append)
    for run in runs:
        recorder.note(run)
    recorder.finish()
    recorder.finish()
    return written


def test_the_first_the_last_and_what_differs_are_recorded() -> None:
    old, new = seeing("old.example"), seeing("new.example")
    assert len(recorded(old)) == 1
    assert len(recorded(old, old, old, old)) == 2
    assert len(recorded(old, old, new, new, new)) == 3
    assert len(recorded(old, old, new)) == 2


def test_another_verdict_is_recorded() -> None:
    assert len(recorded(seeing("old.example"), seeing("old.example", passed=False))) == 2


def test_a_round_that_asked_for_no_mx_record_leaves_nothing_behind() -> None:
    assert recorded(seeing("old.example", fresh=False)) == []

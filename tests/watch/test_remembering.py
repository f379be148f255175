from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from seppcheck.errors import UserError
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


def test_what_could_not_be_written_is_written_with_a_later_round() -> None:
    written: list[Mapping[str, Any]] = []
    full = True

    def write(document: Mapping[str, Any]) -> None:
        if full:
            raise UserError("the disk is full")
        written.append(document)

    def hosts() -> list[str]:
        values = [seen["domains"][DOMAINS[0].name]["mx"]["servers"][0]["values"][0] for seen in written]
        return [value.split()[-1].rstrip(".") for value in values]

    recorder = Recorder(write)
    for run in (seeing("old.example"), seeing("new.example"), seeing("new.example")):
        with pytest.raises(UserError):
            recorder.note(run)
    full = False
    recorder.note(seeing("new.example"))
    assert hosts() == ["old.example", "new.example"], "each sight once, in the order of time"
    full = True
    with pytest.raises(UserError):
        recorder.finish()
    full = False
    recorder.finish()
    assert hosts() == ["old.example", "new.example", "new.example"]

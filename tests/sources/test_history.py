"""The source `history`: documents of the session to evidence about one domain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from seppcheck.model.checks import MARK
from seppcheck.model.evidence import Unavailable
from seppcheck.model.history import RunHistory
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Session
from seppcheck.model.targets import Domain
from seppcheck.settings import Settings
from seppcheck.sources.history import run_history

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SEEN = {
    "schema_version": 1,
    "at": "2026-11-23T08:00:00Z",
    "domains": {
        "example.org": {
            "mx": {"servers": [{"server": "ns1.example.org", "address": "192.0.2.1", "ttl": 60, "values": ["0 ."]}]}
        }
    },
    "hold": {},
}


def session(*documents: dict[str, Any]) -> Session:
    return Session(Settings(), lambda: AT, 60.0, documents)


async def test_it_tells_what_earlier_runs_saw_and_where_that_is_written() -> None:
    found = await run_history(Domain("example.org"), session(SEEN))
    assert isinstance(found, RunHistory)
    assert [run.at.isoformat() for run in found.runs] == ["2026-11-23T08:00:00+00:00"]
    assert found.asked == ".seppcheck/history"


async def test_no_history_is_an_answer_too() -> None:
    found = await run_history(Domain("example.org"), session())
    assert isinstance(found, RunHistory)
    assert found.runs == ()


async def test_a_damaged_document_of_a_bundle_is_malformed() -> None:
    found = await run_history(Domain("example.org"), session({"domains": {"example.org": {"mx": []}}}))
    assert isinstance(found, Unavailable)
    assert found.reason is Reason.MALFORMED


def test_its_name_is_the_one_that_a_replay_may_ask() -> None:
    assert getattr(run_history, MARK).name == "history"

"""The history folder: what a run leaves behind, and what later runs make of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck import history
from seppcheck.errors import UserError
from seppcheck.model.dns import DnsAnswer, DnsStatus, MxRecords, ServerAnswer, SpfRecords, ZoneServers
from seppcheck.model.evidence import Provenance, Record, Unavailable
from seppcheck.model.facts import Voice
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.history import SeenServer
from seppcheck.model.outcomes import Assurance, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain, Gateway, Site
from seppcheck.model.text import text

AT = datetime(2026, 11, 24, 8, 0, 7, tzinfo=UTC)
DOMAIN = Domain("example.org")
ZONE = ZoneServers("example.org", ("ns1.example.org",))


def a_run(at: datetime = AT) -> Run:
    return Run(Phase.READINESS, Site(Gateway("secure.example.org"), (DOMAIN,)), (), {}, at, at, at)


def record(content: Any, kind: str = "mx-records") -> Record:
    return Record(kind, DOMAIN, Provenance("dns", AT), content)


def answered(number: int, status: DnsStatus, *values: str, ttl: int | None = None) -> ServerAnswer:
    return ServerAnswer(f"ns{number}.example.org", f"192.0.2.{number}", DnsAnswer(status, values, ttl))


MX = MxRecords(
    "example.org",
    ZONE,
    (
        answered(1, DnsStatus.ANSWER, "10 secure.example.org.", ttl=300),
        answered(2, DnsStatus.TIMEOUT),
        answered(3, DnsStatus.NO_ROUTE),
    ),
)
SPF = SpfRecords("example.org", ZONE, (answered(1, DnsStatus.NODATA), answered(2, DnsStatus.SERVFAIL)))


def document(moment: datetime = AT, /, **more: object) -> dict[str, Any]:
    return {**history.document_of(a_run(moment), [record(MX), record(SPF, "spf-records")]), **more}


def test_a_run_leaves_what_its_servers_served() -> None:
    ns1 = {"server": "ns1.example.org", "address": "192.0.2.1"}
    ns2 = {"server": "ns2.example.org", "address": "192.0.2.2"}
    ns3 = {"server": "ns3.example.org", "address": "192.0.2.3"}
    assert document() == {
        "schema_version": 1,
        "at": "2026-11-24T08:00:07Z",
        "phase": "readiness",
        "verdict": "inconclusive",
        "domains": {
            "example.org": {
                "mx": {
                    "servers": [
                        {**ns1, "ttl": 300, "values": ["10 secure.example.org."]},
                        {**ns2, "ttl": None, "values": [], "reason": "timeout"},
                        {**ns3, "ttl": None, "values": [], "reason": "no-route"},
                    ]
                },
                "spf": {
                    "servers": [
                        {**ns1, "ttl": None, "values": []},
                        {**ns2, "ttl": None, "values": [], "reason": "dns-error"},
                    ]
                },
            }
        },
        "hold": {},
    }


def test_what_was_not_gathered_is_not_recorded() -> None:
    missing = record(Unavailable(Reason.TIMEOUT, text("nobody answered")))
    assert history.document_of(a_run(), [missing])["domains"] == {}
    assert list(history.document_of(a_run(), [record(SPF, "spf-records")])["domains"]["example.org"]) == ["spf"]


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = history.write(tmp_path / "new" / "history", document())
    assert path.name == "20261124T080007Z.json"
    documents, notes = history.read(path.parent)
    assert documents == (document(),)
    assert notes == ()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_it_becomes_evidence_again() -> None:
    (run,) = history.run_history(DOMAIN, [document(hold={"example.org": "true"})], "folder").runs
    assert run.at == AT
    assert run.mx == tuple(map(SeenServer.of, MX.servers))
    assert run.spf == tuple(map(SeenServer.of, SPF.servers))
    assert run.hold == "true"


def test_runs_that_did_not_see_the_domain_are_none_of_its_history() -> None:
    evidence = history.run_history(Domain("example.net"), [document()], ".seppcheck/history")
    assert evidence.runs == ()
    assert evidence.asked == ".seppcheck/history"


def test_a_record_that_a_run_did_not_look_at_is_unknown_not_empty() -> None:
    half = document(domains={"example.org": {"mx": {"servers": []}}})
    (run,) = history.run_history(DOMAIN, [half]).runs
    assert run.mx == ()
    assert run.spf is None
    assert run.hold is None


@given(st.lists(st.integers(0, 10**8), unique=True, max_size=6))
def test_runs_come_oldest_first(seconds: list[int]) -> None:
    documents = [document(AT - timedelta(seconds=each)) for each in seconds]
    runs = history.run_history(DOMAIN, documents).runs
    assert [run.at for run in runs] == sorted(AT - timedelta(seconds=each) for each in seconds)


def test_two_runs_in_one_second_are_both_kept(tmp_path: Path) -> None:
    paths = {history.write(tmp_path, document()) for _ in range(3)}
    assert {path.name for path in paths} == {f"20261124T08000{n}Z.json" for n in (7, 8, 9)}
    documents, _ = history.read(tmp_path)
    assert [each["at"] for each in documents] == ["2026-11-24T08:00:07Z"] * 3


def test_runs_at_the_same_time_do_not_overwrite_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: history.write(tmp_path, document()), range(24)))
    assert len(paths) == 24
    assert len(history.read(tmp_path)[0]) == 24
    assert not list(tmp_path.glob("*.part"))


def test_old_runs_are_forgotten_and_foreign_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    history.write(tmp_path, document(AT - history.KEPT - timedelta(seconds=1)))
    history.write(tmp_path, document(AT - history.KEPT))
    newest = history.write(tmp_path, document())
    kept = (AT - history.KEPT).strftime("%Y%m%dT%H%M%SZ.json")
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", kept, newest.name}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"schema_version": 1, "schema_version": 1}',
        b'{"schema_version": NaN}',
        json.dumps(document(schema_version=2)).encode(),
        json.dumps(document(at="yesterday")).encode(),
        json.dumps(document(at="2026-11-24T08:00:07")).encode(),
        json.dumps(document(at=7)).encode(),
        json.dumps(document(domains=[])).encode(),
        json.dumps(document(domains={"example.org": {"mx": {"servers": [{"server": "x"}]}}})).encode(),
        json.dumps(document(hold={"example.org": "perhaps"})).encode(),
        b"[" * 100_000,
    ],
)
def test_an_unreadable_file_is_noted_and_left_out(tmp_path: Path, content: bytes) -> None:
    history.write(tmp_path, document())
    (tmp_path / "20261123T080000Z.json").write_bytes(content)
    documents, notes = history.read(tmp_path)
    assert documents == (document(),)
    assert len(notes) == 1
    assert "20261123T080000Z.json is left out" in str(notes[0])


@pytest.mark.parametrize("ttl", [True, "300", 1.5, -1])
def test_a_ttl_that_is_no_number_of_seconds_is_not_believed(tmp_path: Path, ttl: object) -> None:
    servers = [{"server": "ns1.example.org", "address": "192.0.2.1", "ttl": ttl, "values": []}]
    (tmp_path / "20261123T080000Z.json").write_text(
        json.dumps(document(domains={"example.org": {"mx": {"servers": servers}}})), encoding="utf-8"
    )
    assert history.read(tmp_path)[0] == ()


def test_a_directory_with_a_runs_name_is_noted(tmp_path: Path) -> None:
    (tmp_path / "20261123T080000Z.json").mkdir()
    documents, notes = history.read(tmp_path)
    assert documents == ()
    assert len(notes) == 1


def test_runs_of_one_second_are_read_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    verdicts = ["passed", "failed", "inconclusive", "passed"]
    for verdict in verdicts:
        history.write(tmp_path, document(verdict=verdict))
    assert [each["verdict"] for each in history.read(tmp_path)[0]] == verdicts


def test_the_newest_runs_are_read_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = history.write(tmp_path, document()).stat().st_size
    history.write(tmp_path, document(AT + timedelta(hours=1)))
    history.write(tmp_path, document(AT + timedelta(hours=2)))
    monkeypatch.setattr(history, "_LIMIT_OF_ALL", 2 * size)
    documents, notes = history.read(tmp_path)
    assert [each["at"] for each in documents] == ["2026-11-24T09:00:07Z", "2026-11-24T10:00:07Z"]
    assert "20261124T080007Z.json is left out" in str(notes[0])


def test_a_folder_that_is_not_there_is_an_empty_history(tmp_path: Path) -> None:
    assert history.read(tmp_path / "none") == ((), ())


def test_a_file_in_place_of_the_folder_is_noted_and_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    documents, notes = history.read(tmp_path / "file")
    assert documents == ()
    assert len(notes) == 1
    with pytest.raises(UserError, match="cannot be written"):
        history.write(tmp_path / "file", document())


def test_a_document_that_is_none_is_a_value_error() -> None:
    for broken in ({}, {"domains": []}, document(at=7), document(domains={"example.org": {"mx": 7}})):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever its words, a damaged bundle must not crash the source
            history.run_history(DOMAIN, [broken])


@pytest.mark.parametrize(
    ("whole", "interrupted", "marked"), [(True, False, False), (False, False, True), (True, True, True)]
)
def test_a_run_that_was_limited_or_interrupted_is_marked(whole: bool, interrupted: bool, marked: bool) -> None:
    content = history.document_of(replace(a_run(), interrupted=interrupted, whole=whole), ())
    assert ("whole" in content) is marked
    assert content.get("whole", False) is False


@pytest.mark.parametrize(
    ("at_customer", "at_domain", "remembered"),
    [("true", "false", {"example.org": "true"}), ("false", None, {"example.org": "false"}), ("default", None, {})],
)
def test_a_run_remembers_the_hold_although_it_was_written_before_the_run(
    at_customer: str, at_domain: str | None, remembered: dict[str, str]
) -> None:
    voice = Voice(Assurance.ATTESTED, "gateway-record.toml", AT - timedelta(hours=5), "A. Admin")
    hold = DeliveryHold("kunde", at_customer, at_domain, None, None, voice)
    run = replace(a_run(), records=(record(hold, "delivery-hold"),))

    assert history.document_of(run, ())["hold"] == remembered

"""The journal survives whatever ends the process, and says what was really done."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seppcheck.errors import UserError
from seppcheck.model.changes import ChangeKind, PlanPhase, System
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.remediate import journal
from seppcheck.remediate.journal import alone

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOON


def planned(identifier: str) -> PlannedChange:
    return PlannedChange(
        id=identifier,
        check="gateway-smarthost",
        requirements=("A1",),
        system=System.GATEWAY,
        kind=ChangeKind.MANUAL,
        summary="empty the field",
        why="the gateway delivers itself",
        target="kunde.example",
        target_kind="domain",
        steps=("Mail System",),
    )


PLAN = MigrationPlan(
    phase=PlanPhase.CUTOVER,
    language="en",
    gateway="secure.example.org",
    tenant="example.onmicrosoft.com",
    domains=("kunde.example",),
    created_at=NOON,
    judged_at=NOON,
    changes=(planned("1"), planned("2")),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plan.json.journal.jsonl"


def test_it_lies_beside_the_plan_under_its_whole_name() -> None:
    assert journal.journal_of(Path("night/plan.json")) == Path("night/plan.json.journal.jsonl")


def test_what_was_noted_is_read_again(path: Path) -> None:
    begun = journal.begin(path, PLAN, clock)
    begun.note("intent", "1")
    begun.note("done", "1", already=True)
    begun.note("wait", "2", until="2026-11-24T12:05:00Z")
    found = journal.read(path)
    assert found is not None
    assert found.plan == PLAN
    assert found.of("1").done == NOON
    assert found.of("1").already
    assert found.of("2").until == datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
    assert not found.rolled_back


def test_the_first_line_is_the_whole_plan(path: Path) -> None:
    journal.begin(path, PLAN, clock)
    document = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert document["phase"] == "cutover"
    assert [change["id"] for change in document["changes"]] == ["1", "2"]


def test_an_object_made_anew_is_known_under_its_new_guid(path: Path) -> None:
    begun = journal.begin(path, PLAN, clock)
    begun.note("undone", "1", instead_of="old", guid="new")
    found = journal.read(path)
    assert found is not None
    assert found.guids == {"old": "new"}
    assert found.rolled_back


def test_without_a_file_nothing_was_begun(path: Path) -> None:
    assert journal.read(path) is None


def whole_journal(path: Path) -> bytes:
    begun = journal.begin(path, PLAN, clock)
    begun.note("intent", "1")
    begun.note("done", "1")
    begun.note("intent", "2")
    return path.read_bytes()


def test_a_file_cut_at_any_byte_tells_what_was_finished_before(path: Path) -> None:
    content = whole_journal(path)
    ends = [place for place, octet in enumerate(content) if octet == ord("\n")]
    for cut in range(len(content) + 1):
        path.write_bytes(content[:cut])
        found = journal.read(path)
        lines = sum(end < cut for end in ends)
        if lines == 0:
            assert found is None
            continue
        assert found is not None
        assert (found.of("1").intent is not None) is (lines >= 2)
        assert (found.of("1").done is not None) is (lines >= 3)
        assert (found.of("2").intent is not None) is (lines >= 4)


def test_it_goes_on_behind_a_torn_line_as_if_that_had_never_been(path: Path) -> None:
    content = whole_journal(path)
    path.write_bytes(content[:-10])
    found = journal.read(path)
    assert found is not None
    journal.go_on(path, found, clock).note("intent", "2")
    again = journal.read(path)
    assert again is not None
    assert again.of("2").intent == NOON
    assert len(path.read_bytes().splitlines()) == 4


def test_a_last_line_that_is_no_json_is_a_torn_one(path: Path) -> None:
    content = whole_journal(path)
    path.write_bytes(content + b'{"event": "do\n')
    found = journal.read(path)
    assert found is not None
    journal.go_on(path, found, clock)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "line",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"event": "done", "id": "9", "at": "2026-11-24T12:00:00Z"}',
        b'{"event": "explode", "id": "1", "at": "2026-11-24T12:00:00Z"}',
        b'{"event": "done", "id": "1", "at": "yesterday"}',
        b'{"event": "done", "id": "1", "at": "2026-11-24T12:00:00"}',
        b'{"event": "wait", "id": "1", "at": "2026-11-24T12:00:00Z"}',
        b'{"event": "done", "id": "1", "at": 7}',
    ],
)
def test_a_damaged_line_in_the_middle_is_named(path: Path, line: bytes) -> None:
    content = whole_journal(path).splitlines(keepends=True)
    path.write_bytes(b"".join((*content[:2], line + b"\n", *content[2:])))
    with pytest.raises(UserError, match="line 3"):
        journal.read(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(noise=st.binary(max_size=200))
def test_noise_is_told_as_such_and_never_a_traceback(path: Path, noise: bytes) -> None:
    path.write_bytes(noise)
    try:
        found = journal.read(path)
    except UserError:
        return
    assert found is None


def test_a_folder_in_its_place_is_an_error_for_people(path: Path) -> None:
    path.mkdir()
    with pytest.raises(UserError, match=r"plan\.json\.journal\.jsonl"):
        journal.begin(path, PLAN, clock)


def test_every_line_is_on_the_disk_before_the_next_thing_happens(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real: Callable[[int], None] = os.fsync

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_size)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    begun = journal.begin(path, PLAN, clock)
    begun.note("intent", "1")
    assert synced[-1] == path.stat().st_size
    assert len(synced) >= 2


def hold(path: Path, holding: object, done: object) -> None:
    with alone(path):
        holding.set()  # type: ignore[attr-defined]
        done.wait(30)  # type: ignore[attr-defined]


def test_a_second_process_is_refused_and_a_killed_one_holds_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    holding, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(path, holding, done))
    other.start()
    try:
        assert holding.wait(30)
        with pytest.raises(UserError, match="another seppcheck"), alone(path):
            raise AssertionError("both hold it")
        other.kill()
        other.join(30)
        with alone(path):
            pass
    finally:
        other.kill()
        other.join(30)

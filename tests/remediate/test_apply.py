"""Carrying out a plan and taking it back: at whatever moment the process ends, a clean end is reached."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from seppcheck.errors import UserError
from seppcheck.model.changes import ChangeKind, FactImage, System
from seppcheck.model.facts import Voice
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.outcomes import Assurance
from seppcheck.model.plans import Backwards, PlannedChange
from seppcheck.model.targets import Domain
from seppcheck.model.text import text
from seppcheck.remediate import apply as apply_module
from seppcheck.remediate import backwards, forwards, journal
from seppcheck.remediate.apply import End, apply, refuse_unready
from seppcheck.remediate.rollback import refuse_unready_back, rollback
from seppcheck.remediate.work import Work
from seppcheck.remediate.worlds import WorldFault
from tests.remediate.memory_world import (
    MX,
    MX_NEW,
    NIGHT,
    NOON,
    RENAMED,
    Clock,
    Fate,
    Killed,
    Memory,
    change,
    first_world,
    work_of,
)


@pytest.fixture(autouse=True)
def no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world in memory has nothing to audit at the end."""
    monkeypatch.setattr(apply_module, "_checked", lambda work: None)
    monkeypatch.setattr(backwards, "door_still_closed", lambda request: None)
    monkeypatch.setattr(forwards, "not_held", lambda request, change: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plan.json.journal.jsonl"


def to_the_end(path: Path, memory: Memory, clock: Clock, step: Callable[[Work], End]) -> End:
    """Go on until nothing has to be waited for; what is told to wait does."""
    for _ in range(5):
        end = step(work_of(path, memory, clock))
        if end.stop is None or end.stop.code != 3:
            return end
        clock.later(61)
    raise AssertionError("it never ends")


def finished() -> object:
    memory = first_world()
    for each in NIGHT:
        if each.before is not None or each.after is not None:
            present = memory.read(each.before) if each.before else None  # type: ignore[arg-type]  # the night's images are writable
            memory.write(present, each.after)  # type: ignore[arg-type]  # as above
    return memory.state


def test_a_plan_is_carried_out_in_order_and_waits_where_it_must(path: Path) -> None:
    memory, clock = first_world(), Clock()
    end = apply(work_of(path, memory, clock))
    assert end.stop is not None
    assert end.stop.code == 3
    assert "12:01" in str(end.stop.message)
    clock.later(61)
    end = apply(work_of(path, memory, clock))
    assert end.stop is None
    assert memory.state == finished()
    assert memory.writes == 5


def test_a_wait_is_not_over_a_second_early(path: Path) -> None:
    memory, clock = first_world(), Clock()
    apply(work_of(path, memory, clock))
    clock.later(60)
    end = apply(work_of(path, memory, clock))
    assert end.stop is not None
    assert end.stop.code == 3


def test_rolling_back_gives_the_first_state_again(path: Path) -> None:
    memory, clock = first_world(), Clock()
    first = memory.state
    to_the_end(path, memory, clock, apply)
    end = to_the_end(path, memory, clock, rollback)
    assert end.stop is None
    assert memory.state == first


def test_after_the_mx_moved_back_nothing_else_is_undone_before_its_ttl_is_over(path: Path) -> None:
    memory, clock = first_world(), Clock()
    to_the_end(path, memory, clock, apply)
    end = rollback(work_of(path, memory, clock))
    assert end.stop is not None
    assert end.stop.code == 3
    assert memory.rrsets["kunde.example", "MX"] == MX
    assert any(found.name == "200 (parallel)" for found in memory.objects.values())


def counted(run: Callable[[Fate], None]) -> int:
    fate = Fate()
    run(fate)
    return fate.count


def killed_apply_then(
    path: Path, at: int, second: Callable[[Work], End], *, before: Callable[[Path, Memory, Clock], None] | None = None
) -> tuple[Memory, End]:
    memory, clock = first_world(), Clock()
    first = apply
    if before is not None:
        before(path, memory, clock)
        first = second
    memory.fate = Fate(at)
    with suppress(Killed):
        to_the_end(path, memory, clock, first)
    memory.fate = Fate()
    clock.later(61)
    return memory, to_the_end(path, memory, clock, second)


def points(path: Path) -> int:
    def run(fate: Fate) -> None:
        memory = first_world()
        memory.fate = fate
        to_the_end(path, memory, Clock(), apply)

    found = counted(run)
    path.unlink()
    return found


def test_killed_at_any_point_it_goes_on_to_the_same_end(path: Path) -> None:
    for at in range(1, points(path) + 1):
        memory, end = killed_apply_then(path, at, apply)
        assert end.stop is None, (at, str(end.stop))
        assert memory.state == finished(), at
        path.unlink()


def test_killed_at_any_point_it_rolls_back_to_the_first_state(path: Path) -> None:
    for at in range(1, points(path) + 1):
        memory, end = killed_apply_then(path, at, rollback)
        assert end.stop is None, (at, str(end.stop))
        assert memory.state == first_world().state, at
        path.unlink(missing_ok=True)


def test_a_rollback_killed_at_any_point_goes_on(path: Path) -> None:
    def applied(path: Path, memory: Memory, clock: Clock) -> None:
        to_the_end(path, memory, clock, apply)

    def run(fate: Fate) -> None:
        memory, clock = first_world(), Clock()
        applied(path, memory, clock)
        memory.fate = fate
        to_the_end(path, memory, clock, rollback)

    total = counted(run)
    path.unlink()
    assert total > 20
    for at in range(1, total + 1):
        memory, end = killed_apply_then(path, at, rollback, before=applied)
        assert end.stop is None, (at, str(end.stop))
        assert memory.state == first_world().state, at
        path.unlink()


@pytest.mark.parametrize("number", range(5))
def test_a_refused_step_stops_it_and_it_goes_on_later(path: Path, number: int) -> None:
    memory, clock = first_world(), Clock()
    real = memory.write
    count = iter(range(100))

    def write(before: object, after: object) -> None:
        if next(count) == number:
            raise WorldFault(text("it does not want to"))
        real(before, after)  # type: ignore[arg-type]  # handed on as it came

    memory.write = write  # type: ignore[method-assign]  # fails once
    end = to_the_end(path, memory, clock, apply)
    assert end.stop is not None
    assert end.stop.code == 1
    assert "it does not want to" in str(end.stop.message)
    assert to_the_end(path, memory, clock, apply).stop is None
    assert memory.state == finished()


@pytest.mark.parametrize("took_effect", [False, True])
def test_a_time_out_is_looked_into_and_never_repeated_blindly(path: Path, *, took_effect: bool) -> None:
    memory, clock = first_world(), Clock()
    memory.faults, memory.after_effect = [WorldFault(text("no answer in time"), unclear=True)], took_effect
    end = apply(work_of(path, memory, clock))
    assert end.stop is not None
    assert end.stop.code == (3 if took_effect else 1)
    assert to_the_end(path, memory, clock, apply).stop is None
    assert memory.state == finished()
    assert memory.writes == 5


def test_a_change_that_somebody_made_already_is_done_and_not_undone(path: Path) -> None:
    memory, clock = first_world(), Clock()
    memory.rrsets["kunde.example", "MX"] = MX_NEW
    to_the_end(path, memory, clock, apply)
    assert memory.writes == 4
    to_the_end(path, memory, clock, rollback)
    assert memory.rrsets["kunde.example", "MX"] == MX_NEW
    assert memory.objects["g-old"].name == "200"


def test_what_changed_in_between_is_not_overwritten(path: Path) -> None:
    memory, clock = first_world(), Clock()
    memory.rrsets["kunde.example", "MX"] = replace(MX, values=("5 other.example.",))
    end = apply(work_of(path, memory, clock))
    assert end.stop is not None
    assert end.stop.code == 1
    assert "other.example" in str(end.stop.message)
    assert memory.rrsets["kunde.example", "MX"].values == ("5 other.example.",)


def test_what_changed_since_is_not_rolled_back_over(path: Path) -> None:
    memory, clock = first_world(), Clock()
    to_the_end(path, memory, clock, apply)
    memory.rrsets["kunde.example", "MX"] = replace(MX, values=("5 other.example.",))
    end = to_the_end(path, memory, clock, rollback)
    assert end.stop is not None
    assert end.stop.code == 1
    assert memory.rrsets["kunde.example", "MX"].values == ("5 other.example.",)


def test_what_a_tenant_never_makes_again_is_named_and_the_rest_goes_on(path: Path) -> None:
    memory, clock = first_world(), Clock()
    removals = (change("1", memory.objects["g-old"], None), change("2", MX, replace(MX, ttl=30)))
    apply(work_of(path, memory, clock, removals))
    real = memory.write

    def write(before: object, after: object) -> None:
        if before is None:
            raise WorldFault(text("EX505293"), for_good=True)
        real(before, after)  # type: ignore[arg-type]  # handed on as it came

    memory.write = write  # type: ignore[method-assign]  # refuses for good
    end = rollback(work_of(path, memory, clock, removals))
    assert end.stop is not None
    assert end.stop.code == 1
    assert "step 1" in str(end.stop.message)
    assert memory.rrsets["kunde.example", "MX"] == MX
    assert rollback(work_of(path, memory, clock, removals)).stop is not None, "it says so again"


def test_an_object_made_anew_is_found_under_its_new_guid(path: Path) -> None:
    memory, clock = first_world(), Clock()
    first = memory.state
    old = memory.objects["g-old"]
    off = replace(old, properties={**old.properties, "State": "Disabled"})
    changes = (change("1", old, off), change("2", off, None, needs=("1",)))
    apply(work_of(path, memory, clock, changes))
    assert "g-old" not in memory.objects
    assert rollback(work_of(path, memory, clock, changes)).stop is None
    assert memory.state == first
    record = journal.read(path)
    assert record is not None
    assert record.guids == {"g-old": "made-1"}


def test_an_object_that_another_journal_made_anew_counts_by_name_and_content(path: Path) -> None:
    memory, clock = first_world(), Clock()
    first = memory.state
    to_the_end(path, memory, clock, apply)
    gone = memory.objects.pop("g-old")
    memory.objects["new-guid"] = replace(gone, guid="new-guid")
    assert to_the_end(path, memory, clock, rollback).stop is None
    assert memory.state == first


def test_single_changes_are_carried_out_and_the_rest_is_left(path: Path) -> None:
    memory, clock = first_world(), Clock()
    end = apply(work_of(path, memory, clock), ("1",))
    assert end.stop is None
    assert end.left == ("2", "3", "4", "5", "6")
    assert memory.writes == 1


def test_a_single_change_does_not_come_before_what_it_needs(path: Path) -> None:
    work = work_of(path, first_world(), Clock())
    with pytest.raises(UserError, match="needs 3"):
        refuse_unready(work, [change for change in NIGHT if change.id in ("1", "4")])


def test_what_was_refused_and_then_made_by_somebody_is_theirs_and_not_undone(path: Path) -> None:
    memory, clock = first_world(), Clock()
    memory.faults = [WorldFault(text("no"))]
    assert apply(work_of(path, memory, clock)).stop is not None
    memory.objects["g-old"] = replace(memory.objects["g-old"], name="200 (parallel)", properties=RENAMED.properties)
    to_the_end(path, memory, clock, apply)
    assert to_the_end(path, memory, clock, rollback).stop is None
    assert memory.objects["g-old"].name == "200 (parallel)"


def test_an_object_that_only_bears_the_name_of_what_was_made_is_left_alone(path: Path) -> None:
    memory, clock = first_world(), Clock()
    to_the_end(path, memory, clock, apply)
    made = next(guid for guid, found in memory.objects.items() if found.name == "200")
    stranger = replace(memory.objects.pop(made), guid="g-stranger")
    memory.objects["g-stranger"] = stranger
    end = to_the_end(path, memory, clock, rollback)
    assert end.stop is not None
    assert end.stop.code == 1
    assert memory.objects["g-stranger"] == stranger


def test_nothing_is_undone_where_something_is_no_longer_as_it_was_left(path: Path) -> None:
    memory, clock = first_world(), Clock()
    to_the_end(path, memory, clock, apply)
    del memory.objects["g-old"]
    state = memory.state
    with pytest.raises(UserError, match="nothing is undone"):
        refuse_unready_back(work_of(path, memory, clock))
    assert memory.state == state


def test_a_ttl_that_a_provider_chose_is_no_reason_to_wait_for_ever(path: Path) -> None:
    memory, clock = first_world(), Clock()
    memory.rrsets["kunde.example", "MX"] = replace(MX_NEW, ttl=3600)
    assert to_the_end(path, memory, clock, apply).stop is None
    assert memory.rrsets["kunde.example", "MX"].ttl == 3600


def by_hand(identifier: str, before: FactImage | None, after: FactImage | None, *undo: str) -> PlannedChange:
    return replace(
        change(identifier, MX, MX_NEW),
        kind=ChangeKind.MANUAL,
        system=System.GATEWAY,
        before=before,
        after=after,
        inverse=Backwards(after, before, undo),
        steps=("do it",),
    )


DOMAIN = Domain("kunde.example")
ON, OFF = (FactImage("delivery-hold", DOMAIN, {"customer_value": value}) for value in ("true", "false"))


@dataclass
class Shown:
    """What the gateway's record shows, instead of a look at the world."""

    hold: str
    at: datetime = NOON

    def get(self, kind: str, target: object) -> object:
        voice = Voice(Assurance.ATTESTED, "gateway-record.toml", self.at, "Lena")
        return DeliveryHold("kunde", self.hold, None, False, "false", voice)


def record_shows(monkeypatch: pytest.MonkeyPatch, hold: str, at: datetime = NOON) -> None:
    for module in (forwards, backwards):
        monkeypatch.setattr(module, "evidence_for", lambda request, changes: Shown(hold, at))


@pytest.mark.parametrize("before", [OFF, None], ids=["known before", "unknown before"])
def test_a_manual_step_is_back_only_when_it_shows(
    path: Path, monkeypatch: pytest.MonkeyPatch, before: FactImage | None
) -> None:
    memory, clock, steps = first_world(), Clock(), (by_hand("1", before, ON, "set it back"),)
    record_shows(monkeypatch, "true")
    assert apply(work_of(path, memory, clock, steps)).stop is None
    end = rollback(work_of(path, memory, clock, steps))
    assert end.stop is not None
    assert end.stop.code == 3
    assert "set it back" in str(end.stop.message)
    record_shows(monkeypatch, "false")
    assert rollback(work_of(path, memory, clock, steps)).stop is None


def test_what_was_written_down_before_the_step_is_no_proof_of_the_way_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, clock, steps = first_world(), Clock(), (by_hand("1", OFF, ON, "set it back"),)
    record_shows(monkeypatch, "false")
    end = apply(work_of(path, memory, clock, steps))
    assert end.stop is not None
    assert end.stop.code == 3
    record_shows(monkeypatch, "false", NOON - timedelta(hours=1))
    end = rollback(work_of(path, memory, clock, steps))
    assert end.stop is not None
    assert "write it down anew" in str(end.stop.message)


def test_a_step_that_no_evidence_shows_is_confirmed_by_rolling_back_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, clock, steps = first_world(), Clock(), (by_hand("1", None, None, "take it out"),)
    monkeypatch.setattr(forwards, "done_by_hand", lambda work, change: None)
    assert apply(work_of(path, memory, clock, steps)).stop is None
    end = rollback(work_of(path, memory, clock, steps))
    assert end.stop is not None
    assert "take it out" in str(end.stop.message)
    assert rollback(work_of(path, memory, clock, steps)).stop is None

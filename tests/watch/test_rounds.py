"""How a watch waits, and when it may say that it reached what it was to watch for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from seppcheck.choices import Choices, request_of
from seppcheck.engine.next import GO
from seppcheck.engine.rhythm import USUAL, Rhythm
from seppcheck.model.phases import Phase
from seppcheck.model.results import Passed
from seppcheck.model.run import Run
from seppcheck.model.text import Message
from seppcheck.model.watching import Entry, Night, StateKind
from seppcheck.run import Request
from seppcheck.watch import rounds
from seppcheck.watch.rounds import Watch, Watcher
from tests.reports.runs import GATEWAY, NOW, result, run_of


@dataclass
class Turns:
    """A clock that goes on whenever somebody reads it, and somebody who waits so many times and then has enough."""

    per_reading: timedelta
    patience: int = 50
    now: datetime = NOW
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        self.now += self.per_reading
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) >= self.patience:
            raise KeyboardInterrupt
        self.now += timedelta(seconds=max(seconds, 0))


def watch_of(
    clock: Callable[[], datetime], folder: Path, monkeypatch: pytest.MonkeyPatch, look: Callable[[Request], Run]
) -> Watch:
    def concluded(request: Request, phase: Phase) -> Run:
        del phase
        return look(request)

    monkeypatch.chdir(folder)
    monkeypatch.setattr(rounds, "concluded", concluded)
    request = request_of(Choices(("example.org",), gateway="secure.example.org"), clock, "en")
    return Watch(request, Phase.CUTOVER, Rhythm(), "somebody", Watcher(on_round, on_entry, on_problem))


def on_round(night: Night) -> None:
    del night


def on_entry(night: Night, entry: Entry) -> None:
    del night, entry


def on_problem(problem: Message) -> None:
    del problem


def in_order(request: Request, *, go: bool = False) -> Run:
    run = run_of((result("dns-ptr", GATEWAY, Passed("fine")),))
    return replace(run, phase=Phase.CUTOVER, judged_at=request.clock(), next=GO if go else None, requirements={})


@pytest.mark.parametrize("seconds", [0.3, 1.3, 4.7, 6.1])
def test_a_clock_that_moves_between_two_readings_lets_nobody_wait_for_less_than_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    turns = Turns(per_reading=timedelta(seconds=seconds), patience=100)
    night = watch_of(turns, tmp_path, monkeypatch, in_order).until(None, turns.wait)
    assert night is not None
    assert night.run.judged_at > NOW + 3 * USUAL, "it went on from round to round"
    assert min(turns.waited) >= 0


def test_a_clock_that_is_set_back_leads_to_a_round_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(per_reading=timedelta(0))
    looked: list[datetime] = []

    def look(request: Request) -> Run:
        looked.append(request.clock())
        return in_order(request)

    def wait(seconds: float) -> None:
        turns.wait(seconds)
        if len(turns.waited) == 2:
            turns.now -= timedelta(hours=1)
        if len(looked) == 2:
            raise KeyboardInterrupt

    watch_of(turns, tmp_path, monkeypatch, look).until(StateKind.GO, wait)
    assert looked == [NOW, NOW - timedelta(hours=1) + timedelta(seconds=2)]
    assert len(turns.waited) == 3

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from seppcheck.model.text import text
from seppcheck.model.watching import Night
from seppcheck.reports.watch_board import Board
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_run
from tests.reports.nights import CANNOT_TELL, GO, NO_GO, ZURICH, Stream, calm_night, hostile_night, night_of
from tests.reports.runs import NOW


def board(night: Night | None, width: int = 100, height: int = 40, encoding: str = "utf-8", **more: object) -> str:
    stream = Stream(encoding, terminal=True)
    console = Console(file=stream, width=width, height=height, color_system=None, force_terminal=True)
    now = more.pop("now", NOW)
    console.print(Board(night, now, "en", zone=ZURICH, **more))  # type: ignore[arg-type]
    return stream.written


def test_go_or_no_go_comes_first_with_its_reason() -> None:
    lines = board(replace(calm_night(), state=CANNOT_TELL)).splitlines()
    assert lines[0].startswith("seppcheck · 2026-11-24 08:00:00 UTC (09:00:00 +01:00)")
    assert lines[3].strip() == "? CANNOT TELL"
    assert lines[4] == "Cannot tell: ns2 is silent"


def test_it_counts_down_to_the_moments_in_both_times() -> None:
    shown = board(calm_night())
    assert "12:31  example.org: the MX record may move at 2026-11-24 08:12 UTC (09:12 +01:00)" in shown
    assert "0:31  example.org" in board(calm_night(), now=NOW + timedelta(minutes=12))
    assert "0:00  example.org" in board(calm_night(), now=NOW + timedelta(minutes=20))


def test_what_was_not_to_be_had_and_what_is_old_is_marked_with_its_age() -> None:
    assert "Exchange Online: 0:00 ago, and not everything was to be had; again in 5:00" in board(calm_night())
    shown = board(calm_night(), now=NOW + timedelta(seconds=81))
    assert "MX records: 1:21 ago, which is old" in shown


def test_go_does_not_outlive_what_it_rests_on() -> None:
    assert "✔ GO" in board(calm_night(), now=NOW + timedelta(seconds=80))
    slept = board(calm_night(), now=NOW + timedelta(seconds=81))
    assert "? CANNOT TELL" in slept
    assert "what was seen is old, wait for the next look. Before: Go: move the MX now" in slept
    assert "✘ NO GO" in board(replace(calm_night(), state=NO_GO), now=NOW + timedelta(hours=8))


def test_a_round_under_way_and_a_problem_are_told() -> None:
    shown = board(calm_night(), looking=True, problem=text("the disk is full"))
    assert "looking" in shown.splitlines()[0]
    assert "the disk is full" in shown


def test_before_anything_was_seen_it_says_so() -> None:
    assert "The first look is under way" in board(None)


@pytest.mark.parametrize("height", [6, 12, 24, 60])
@pytest.mark.parametrize("width", [20, 50, 200])
def test_a_small_window_is_never_overrun_and_keeps_the_state(width: int, height: int) -> None:
    for night in (calm_night(), hostile_night()):
        lines = board(night, width, height).splitlines()
        assert len(lines) < height
        assert max(map(len, lines)) <= width
        assert any("GO" in line for line in lines)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_an_encoding_without_symbols_gets_others(encoding: str) -> None:
    shown = board(calm_night(), encoding=encoding)
    assert "✔ GO" in shown if encoding == "utf-8" else "+ GO" in shown
    assert ("No go → Cannot tell" if encoding == "utf-8" else "No go -> Cannot tell") in shown


def test_hostile_text_is_seen_and_not_obeyed() -> None:
    for night in (hostile_night(), night_of(hostile_run(), GO)):
        shown = board(night, width=3000)
        assert not [live for live in LIVE_ON_A_TERMINAL if live in shown]
        assert r"\x1b" in shown

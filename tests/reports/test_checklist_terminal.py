from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seppcheck.model.checklist import Checklist, NextKind, NextStep, State
from seppcheck.model.text import text
from seppcheck.reports.checklist_terminal import write_checklist
from seppcheck.reports.checklist_words import PLAIN_SYMBOLS, STATES, SYMBOLS
from seppcheck.reports.times import both
from tests.reports.checklists import BY_HAND, COMMAND, LATER, WAIT, checklist_of, hostile_checklist
from tests.reports.hostile import LIVE_ON_A_TERMINAL
from tests.reports.test_terminal import Stream


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(checklist: Checklist, stream: Stream | None = None, *, only_next: bool = False, quiet: bool = False) -> str:
    stream = stream or Stream()
    write_checklist(checklist, stream, only_next=only_next, quiet=quiet)
    return stream.written


def test_how_far_it_is_and_what_comes_next_stand_first() -> None:
    lines = shown(checklist_of(COMMAND)).splitlines()
    assert lines[0] == "In the night of the cutover"
    assert "8 steps of the guide: 1 done, 1 due, 1 blocked, 1 waiting, 1 cannot be seen" in " ".join(lines)
    assert lines.index("Next: Plan the night") < lines.index("Preparation")


def test_every_step_has_its_state_as_sign_and_word() -> None:
    written = " ".join(shown(checklist_of()).split())
    for state in State:
        assert f"{SYMBOLS[state]} " in written
        assert f"says for example.org. [{STATES[state]}]" in written


def test_a_step_says_what_was_seen_by_whom_until_when_and_how_it_is_done() -> None:
    written = " ".join(shown(checklist_of()).split())
    assert "seen of P1: a banner attested: gateway-record.toml, Erika, 2026-11-24 20:00 UTC" in written
    assert "on the gateway: Mail System > example.org by hand, in `seppcheck plan cutover`" in written
    assert f"until {both(LATER)}" in written
    assert "No answer in time." in written
    assert "The guide does this; seppcheck does that, because." in written


def test_what_was_left_out_is_told() -> None:
    assert "dane-tlsa is left out: --skip dane-*" in shown(checklist_of())


def test_the_next_thing_is_told_with_all_that_is_needed() -> None:
    lines = shown(checklist_of(), only_next=True).splitlines()
    assert lines[1] == "Hold the mail of example.org back: disable_delivery = true (A2)"
    assert "  1) On the gateway, open: Customers > example > Extended Fields > disable_delivery" in lines
    assert 'customers.example.extended_fields.disable_delivery = "true"' in lines
    assert any('domains."example.org".certificate' in line for line in lines)
    assert "  After that: seppcheck apply cutover.json --resume" in lines
    assert not any("Preparation" in line for line in lines)


def test_a_command_can_be_copied_as_it_stands() -> None:
    lines = shown(checklist_of(COMMAND), only_next=True).splitlines()
    assert "seppcheck plan cutover --out 'my plan.json'" in lines


def test_a_wait_says_until_when() -> None:
    assert f"Wait until {both(LATER)}." in " ".join(shown(checklist_of(WAIT), only_next=True).split())


def test_who_comes_back_at_the_minute_that_was_shown_does_not_come_too_early() -> None:
    written = shown(checklist_of(replace(WAIT, until=LATER + timedelta(seconds=1))), only_next=True)
    assert f"Wait until {both(LATER + timedelta(minutes=1))}." in " ".join(written.split())


def test_in_one_line_it_says_how_far_it_is_and_what_comes_next() -> None:
    assert shown(checklist_of(COMMAND), quiet=True) == "In the night of the cutover. Next: Plan the night\n"


def test_when_all_is_done_nothing_asks_for_more() -> None:
    done = NextStep(kind=NextKind.FINISHED, title=text("Everything is done."))
    written = shown(checklist_of(done), only_next=True)
    assert "Everything is done." in written
    assert "ask again" not in written


def test_in_german_the_chapters_stand_under_the_guides_own_headings() -> None:
    german = shown(checklist_of(language="de"))
    assert "\nVorarbeiten\n" in german
    assert "in the guide" not in german
    assert "Warum: nothing is lost" in shown(checklist_of(language="de"), only_next=True)


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "latin-1"])
def test_a_terminal_without_the_signs_gets_plain_ones(encoding: str) -> None:
    written = shown(checklist_of(), Stream(encoding))
    for state in State:
        assert f"  {PLAIN_SYMBOLS[state]} " in written


@pytest.mark.parametrize("step", [BY_HAND, COMMAND, WAIT], ids=lambda step: step.kind.value)
@pytest.mark.parametrize("only_next", [True, False])
def test_hostile_text_stays_dead(step: NextStep, only_next: bool) -> None:
    written = shown(hostile_checklist(step), Stream(terminal=False), only_next=only_next)
    for live in LIVE_ON_A_TERMINAL:
        assert live not in written
    assert "owned" in written

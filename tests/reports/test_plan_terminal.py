from __future__ import annotations

import re
from pathlib import Path

import pytest

from seppcheck.model.plans import MigrationPlan
from seppcheck.plan_document import fingerprint_of
from seppcheck.reports.plan_terminal import write_plan
from tests.reports.hostile import LIVE_ON_A_TERMINAL, hostile_plan
from tests.reports.plans import by_hand, completion_plan, cutover_plan, plan_of
from tests.reports.test_terminal import Stream


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(plan: MigrationPlan, stream: Stream | None = None, path: Path | None = None) -> str:
    stream = stream or Stream()
    write_plan(plan, stream, path)
    return stream.written


def test_the_head_says_for_what_for_whom_how_much_and_when() -> None:
    head = shown(cutover_plan()).split("\n\n")[0]
    assert head.splitlines() == [
        "Plan of the cutover. Steps: 12 (9 automatic, 1 by hand, 2 to wait for)",
        "  gateway secure.example.org",
        "  tenant example.onmicrosoft.com",
        "  2 domains: example.org, example.net",
        "  judged at 2026-11-24 08:00 UTC, fingerprint:",
        f"  {fingerprint_of(cutover_plan())}",
    ]


def test_steps_stand_in_order_under_the_ids_that_only_takes() -> None:
    numbers = re.findall(r"(?m)^ ?(\d+)\. Do what step (\d+) does \[", shown(cutover_plan()))
    assert numbers == [(str(number), str(number)) for number in range(1, 13)]


def test_a_step_says_who_why_what_until_when_and_the_way_back() -> None:
    written = shown(cutover_plan())
    assert (
        " 9. Do what step 9 does [automatic, DNS]\n"
        "    Why: the guide wants it\n"
        "    Others may see for 60 minutes what was there before.\n"
        "    Changed: MX records of example.org\n"
        "      - MX: 0 example-org.mail.protection.outlook.com.\n"
        "      + MX: 10 secure.example.org.\n"
        "    Undo: automatic.\n"
    ) in written
    assert "    Do not stop here: two rules route mail, and it goes round in a circle\n" in written
    assert "    It is over on 2026-11-25 08:00 UTC.\n" in written
    assert "    Undo: not possible.\n" in written


def test_what_is_to_be_copied_stands_alone_on_its_line_without_a_blank_before_it() -> None:
    assert "    2) Enter this as disable_delivery:\n\ntrue\n\n    3) Click Save.\n" in shown(cutover_plan())


def test_what_is_to_be_copied_is_never_wrapped_nor_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    value = "x" * 5000
    assert f"\n{value}\n" in shown(plan_of(by_hand("1", steps=(f"Enter:\n{value}",))))


def test_notes_what_was_not_seen_and_the_next_command_stand_at_the_end() -> None:
    written = shown(cutover_plan(), path=Path("cutover.json"))
    order = [
        "Notes\n",
        "Could not look",
        "No answer in time. Run again",
        "? dns-ptr secure.example.org: 192.0.2.53 did",
    ]
    places = [written.index(part) for part in order]
    assert places == sorted(places)
    assert written.endswith("Once it is reviewed: `seppcheck apply cutover.json`\n")


def test_a_command_that_shows_the_plan_itself_names_no_next_one() -> None:
    stream = Stream()
    write_plan(cutover_plan(), stream, with_next=False)
    assert "apply" not in stream.written


def test_a_plan_of_nothing_says_so_and_names_no_command() -> None:
    written = shown(plan_of())
    assert written.startswith("Plan of the cutover. There is nothing to do.\n")
    assert "apply" not in written


def test_clearing_up_has_a_heading_of_its_own() -> None:
    assert "\nWhat was kept for the way back goes\n\n3. Do what step 3 does" in shown(completion_plan())


def test_a_pipe_gets_no_colour_and_a_terminal_does() -> None:
    assert "\x1b" not in shown(cutover_plan())
    assert "\x1b[33m" in shown(cutover_plan(), Stream(terminal=True))


@pytest.mark.parametrize("columns", [30, 60, 80])
def test_a_narrow_terminal_shows_everything(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = [line for line in shown(cutover_plan()).splitlines() if "sha256:" not in line]
    assert max(map(len, lines)) <= columns
    joined = "".join("".join(lines).split())
    assert "-MX:0example-org.mail.protection.outlook.com.+MX:10secure.example.org." in joined


@pytest.mark.parametrize("terminal", [True, False])
def test_hostile_text_is_seen_and_not_obeyed(terminal: bool) -> None:
    written = shown(hostile_plan(), Stream(terminal=terminal))
    for live in LIVE_ON_A_TERMINAL:
        assert live not in written
    assert r"\x1b" in written
    assert r"\u202e" in written


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_encoding_that_lacks_characters_is_no_obstacle(encoding: str) -> None:
    assert "Do what step 12 does" in shown(hostile_plan(), Stream(encoding))

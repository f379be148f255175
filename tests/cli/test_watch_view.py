"""What is seen of a watch: a board on a terminal, lines elsewhere, and the bell."""

from __future__ import annotations

from pathlib import Path

import pytest

from seppcheck.choices import Choices, request_of
from seppcheck.cli.manner import Shown
from seppcheck.cli.watch_view import View
from seppcheck.model.watching import Night
from tests.reports.nights import GO, NO_GO, Stream, calm_night, night_of
from tests.reports.runs import NOW, mixed_run


def shown(
    stream: Stream, night: Night, *protocols: Path, quiet: bool = False, no_progress: bool = False, bell: bool = True
) -> str:
    request = request_of(Choices(("example.org",), gateway="secure.example.org"), lambda: NOW, "en")
    with View(request, stream, protocols, shown=Shown(quiet, no_progress), bell=bell) as view:
        for entry in night.entries:
            view.watcher.round(night)
            view.watcher.entry(night, entry)
        view.finish(night)
    return stream.written


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm")


def test_it_rings_when_the_state_changes_and_at_nothing_else() -> None:
    assert shown(Stream(terminal=True), calm_night()).count("\a") == 2
    assert shown(Stream(terminal=True), night_of(mixed_run(), NO_GO, NO_GO, GO, GO)).count("\a") == 1
    assert shown(Stream(terminal=True), night_of(mixed_run(), GO)).count("\a") == 0


def test_it_rings_not_where_that_is_unwanted_and_not_into_a_file() -> None:
    assert "\a" not in shown(Stream(terminal=True), calm_night(), bell=False)
    assert "\a" not in shown(Stream(), calm_night())


def test_a_terminal_gets_a_board_on_a_screen_of_its_own_and_gets_its_own_back() -> None:
    written = shown(Stream(terminal=True), calm_night())
    assert "\x1b[?1049h" in written
    assert written.rindex("\x1b[?1049l") > written.rindex("GO")
    assert "[Cannot tell → Go]" not in written


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_draw_gets_lines(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    written = shown(Stream(terminal=True), calm_night())
    assert "\x1b" not in written
    assert "[Cannot tell → Go] Go: move the MX now" in written
    assert written.count("\a") == 2


def test_no_color_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    written = shown(Stream(terminal=True), calm_night())
    assert "\x1b[31" not in written
    assert "\x1b[1;31" not in written


def test_without_progress_nothing_moves_and_with_quiet_nothing_is_said() -> None:
    assert "\x1b[?1049h" not in shown(Stream(terminal=True), calm_night(), no_progress=True)
    assert "[Cannot tell → Go]" in shown(Stream(), calm_night())
    assert shown(Stream(), calm_night(), quiet=True) == ""


def test_a_protocol_is_written_whole_at_every_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    def written(path: Path, content: str) -> None:
        seen.append((path.name, content))

    monkeypatch.setattr("seppcheck.cli.watch_view.write_text", written)
    shown(Stream(), calm_night(), tmp_path / "night.md", tmp_path / "night.html")
    assert [name for name, _ in seen] == ["night.md", "night.html"] * 4
    assert all(content.endswith(("</html>\n", ".\n")) for _, content in seen)

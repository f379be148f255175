"""What is seen of a watch: the board or lines, the bell, and the protocols."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import click
from rich.live import Live

from seppcheck.cli.manner import Shown
from seppcheck.errors import UserError
from seppcheck.files import write_text
from seppcheck.locale import translator
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Entry, Night
from seppcheck.reports.console import console_for
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.watch_board import Board
from seppcheck.reports.watch_html import to_html
from seppcheck.reports.watch_lines import write_entry
from seppcheck.reports.watch_markdown import to_markdown
from seppcheck.run import Request
from seppcheck.watch.rounds import Wait, Watcher

_BELL = "\a"
_REFRESHED = 1.0
"""How often the board is drawn anew, in hertz: a countdown needs no more."""


class View:
    """Shows a watch. On a terminal it is a board, elsewhere a line a change."""

    def __init__(
        self, request: Request, stream: TextIO, protocols: Iterable[Path], *, shown: Shown, bell: bool
    ) -> None:
        """Prepare; nothing is shown yet.

        Args:
            request: whose clock and language count.
            stream: where the board or the lines go; it rings only where it is a terminal.
            protocols: files that are written anew at every change.
            shown: whether there may be a board, or lines at all.
            bell: whether to ring.
        """
        self._request = request
        self._stream = stream
        self._protocols = tuple(protocols)
        self._bell = bell and stream.isatty()
        self._quiet = shown.quiet
        self._night: Night | None = None
        self._problem: Message | None = None
        self._resting = False
        self._written = False
        console = console_for(stream)
        self._live: Live | None = None
        if not (shown.quiet or shown.no_progress) and console.is_terminal and not console.is_dumb_terminal:
            self._live = Live(
                console=console,
                screen=True,
                get_renderable=self._board,
                refresh_per_second=_REFRESHED,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def __enter__(self) -> Self:
        for path in self._protocols:
            if kept := _set_aside(path):
                told = text("an earlier protocol was there; it is kept as {file}", file=kept)
                click.echo(f"seppcheck: {self._say(told)}", err=True)
        if self._live:
            self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    @property
    def watcher(self) -> Watcher:
        """Who is told of everything."""
        return Watcher(self._on_round, self._on_entry, self._on_problem)

    def waiting(self, wait: Wait) -> Wait:
        """Return a way to wait during which the board says that nobody is looking."""

        def rest(seconds: float) -> None:
            self._resting = True
            try:
                wait(seconds)
            finally:
                self._resting = False

        return rest

    def finish(self, night: Night) -> None:
        """Write the protocols a last time; where one cannot be, it is told, and the verdict stands."""
        if self._live:
            self._live.stop()
        self._night = night
        self._write(night)
        if self._problem is not None:
            click.echo(f"seppcheck: {self._say(self._problem)}", err=True)

    def _on_round(self, night: Night) -> None:
        self._night = night
        if self._live:
            self._live.refresh()

    def _on_entry(self, night: Night, entry: Entry) -> None:
        self._write(night)
        if self._bell and entry.rings:
            self._stream.write(_BELL)
            self._stream.flush()
        if not self._live and not self._quiet:
            write_entry(entry, self._stream, self._request.language)

    def _on_problem(self, problem: Message) -> None:
        self._problem = problem

    def _write(self, night: Night) -> None:
        """Write the protocols. The first failure is refused; later ones are told, and the watch goes on."""
        for path in self._protocols:
            try:
                write_text(path, _protocol(path, night))
            except UserError as error:
                if not self._written:
                    raise
                self._problem = error.message
        self._written = True

    def _board(self) -> Board:
        return Board(
            self._night,
            self._request.clock(),
            self._request.language,
            looking=not self._resting,
            problem=self._problem,
        )

    def _say(self, message: Message) -> str:
        return for_terminal(message.render(translator(self._request.language)), sys.stderr.encoding or "utf-8")


def _protocol(path: Path, night: Night) -> str:
    return to_html(night) if path.suffix.lower().startswith(".htm") else to_markdown(night)


def _set_aside(path: Path) -> Path | None:
    """Move an earlier night's protocol out of the way, and return where it is: it belongs to a ticket.

    Raises:
        UserError: when it cannot be moved.
    """
    if not path.is_file():
        return None
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
        kept = path.with_name(f"{path.stem}.{written}{path.suffix}")
        path.replace(kept)
    except OSError as error:
        raise UserError("{path} cannot be written: {problem}", path=path, problem=error.strerror or error) from error
    return kept

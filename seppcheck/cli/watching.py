"""`seppcheck cutover --watch`: what its options mean together."""

from __future__ import annotations

import getpass
import platform
import sys
from dataclasses import fields, replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from seppcheck.choices import Choices
from seppcheck.cli import Context
from seppcheck.cli.manner import Look, Looked, Manner, Shown
from seppcheck.cli.outputs import Outputs, spare
from seppcheck.engine.rhythm import LEAST, USUAL, Rhythm
from seppcheck.errors import UserError
from seppcheck.files import STDOUT
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Ending, Night, StateKind
from seppcheck.run import Request
from seppcheck.settings.file import DEFAULT

_LONGEST = timedelta(hours=1)
_MARKDOWN, _HTML = (".md", ".markdown"), (".html", ".htm")
_OPTIONS = {
    "watch": click.option("--watch", is_flag=True, help="Look again and again, until Ctrl-C: go or no go, on a board."),
    "interval": click.option(
        "--interval",
        type=float,
        metavar="SECONDS",
        help=f"With --watch: how often the MX records are looked up; {USUAL.total_seconds():g} unless told otherwise.",
    ),
    "until": click.option("--until", type=click.Choice(["go", "done"]), help="With --watch: end when it may be said."),
    "protocol": click.option(
        "--protocol",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="With --watch: write the protocol of the night, as FILE.md or FILE.html; may be repeated.",
    ),
    "bell": click.option("--bell/--no-bell", default=None, help="With --watch: ring when go turns to no go, or back."),
}


def _choose(given: dict[str, Any], choices: Choices, outputs: Outputs) -> Look | None:
    """Return how to watch, or None where that is not asked for.

    Raises:
        UserError: for options that do not go together.
    """
    if not given["watch"]:
        for name, value in given.items():
            if value not in (None, (), False) or (name == "bell" and value is not None):
                raise UserError("--{option} goes with --watch alone", option=name)
        return None
    if choices.offline:
        raise UserError(
            "--watch and --evidence without --config: a replay never changes; name the configuration with --config, "
            "or leave --watch away"
        )
    rhythm = _rhythm(given["interval"])
    protocols = _protocols(given["protocol"], choices, outputs)
    wanted = StateKind(given["until"]) if given["until"] else None
    bell = given["bell"] is not False

    def look(context: Context, request: Request, phase: Phase, shown: Shown) -> Looked:
        from seppcheck.cli.watch_view import View  # noqa: PLC0415 - the board is loaded for those who look at it
        from seppcheck.watch.rounds import Watch  # noqa: PLC0415 - as above

        stream = sys.stderr if outputs.stdout_is_taken else sys.stdout
        with View(request, stream, protocols, shown=shown, bell=bell) as view:
            watch = Watch(request, phase, rhythm, _who(), view.watcher)
            night = watch.until(wanted, view.waiting(context.wait))
            if night is None:
                raise KeyboardInterrupt
            view.finish(night)
        reached = night.state.kind is not StateKind.CANNOT_TELL and (wanted is None or night.ended is Ending.REACHED)
        if not reached:
            click.echo(f"seppcheck: {context.say(_unreached(night, wanted))}", err=True)
        return Looked(_told_alike(night), night.earlier, reached)

    return look


def _unreached(night: Night, wanted: StateKind | None) -> Message:
    if wanted is None:
        return text("the watch ended with: {state}", state=night.state.sentence)
    return text(
        "--until {wanted}: not reached. The watch ended with: {state}", wanted=wanted, state=night.state.sentence
    )


def _told_alike(night: Night) -> Run:
    """Return the last run such that its reports promise no more than the watch did, which knows of rules and ages."""
    if night.state.kind.is_green or night.run.next is None:
        return night.run
    return replace(night.run, next=None, notes=(*night.run.notes, night.state.sentence))


def _rhythm(seconds: float | None) -> Rhythm:
    if seconds is None:
        return Rhythm()
    if not LEAST.total_seconds() <= seconds <= _LONGEST.total_seconds():
        raise UserError(
            "--interval {seconds}: from {least} to {most} seconds; the name servers that are asked are other people's",
            seconds=f"{seconds:g}",
            least=f"{LEAST.total_seconds():g}",
            most=f"{_LONGEST.total_seconds():g}",
        )
    return Rhythm(timedelta(seconds=seconds))


def _protocols(paths: tuple[Path, ...], choices: Choices, outputs: Outputs) -> tuple[Path, ...]:
    for path in paths:
        if path.suffix.lower() not in (*_MARKDOWN, *_HTML):
            raise UserError("--protocol {file}: its name must end in .md or .html", file=path)
    for one, other in combinations((*paths, *_files(outputs)), 2):
        if one.resolve() == other.resolve():
            raise UserError("two outputs cannot both go to {file}: give each a file of its own", file=one)
    spare(paths, [*choices.evidence, choices.config or DEFAULT])
    return paths


def _files(outputs: Outputs) -> tuple[Path, ...]:
    given = (getattr(outputs, field.name) for field in fields(outputs))
    return tuple(path for path in given if isinstance(path, Path) and path != STDOUT)


def _who() -> str:
    """Return who watches, and on which machine: the protocol says so."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name, as in containers
        user = "?"
    return f"{user}@{platform.node() or '?'}"


WATCHING = Manner(_OPTIONS, _choose)

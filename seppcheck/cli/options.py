"""The options that every command with a run takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from seppcheck.settings.file import DEFAULT

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_RUN_OPTIONS = (
    click.argument("domains", nargs=-1, metavar="[DOMAIN]..."),
    click.option("--config", type=_FILE, help=f"The configuration; {DEFAULT} unless told otherwise."),
    click.option("--gateway", metavar="NAME", help="The gateway's name; overrides the configuration's."),
    click.option("--only", multiple=True, metavar="GLOB", help="Run only checks whose id matches."),
    click.option("--skip", multiple=True, metavar="GLOB", help="Leave out checks whose id matches."),
    click.option("--plugins", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins."),
    click.option("--evidence", multiple=True, type=_FILE, metavar="BUNDLE", help="Judge recorded evidence."),
    click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale."),
    click.option("--no-progress", is_flag=True, help="Show no progress."),
)


def run_options(function: F) -> F:
    """Add the options that every command with a run takes."""
    for option in reversed(_RUN_OPTIONS):
        function = option(function)
    return function

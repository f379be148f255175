"""Every command of the program, from click."""

from __future__ import annotations

from collections.abc import Iterator

import click

from seppcheck.cli import cli


def every_command(group: click.Group | None = None, name: str = "seppcheck") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, by its full name, in the order of `seppcheck --help`."""
    group = group or cli
    context = click.Context(group)
    for below in group.list_commands(context):
        command = group.get_command(context, below)
        if isinstance(command, click.Group):
            yield from every_command(command, f"{name} {below}")
        elif command is not None:
            yield f"{name} {below}", command

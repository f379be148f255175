"""reference/commands.md: every command with its options, from click."""

from __future__ import annotations

from collections.abc import Iterator

import click

from seppcheck.model.text import Message, text
from tools.reference.command_tree import every_command
from tools.reference.exit_codes import CODES
from tools.reference.speaking import NOTHING, Speaker, code, joined


def page(say: Speaker) -> str:
    """Return the page."""
    return joined(_lines(say))


def _lines(say: Speaker) -> Iterator[str]:
    yield f"# {say(text('The commands'))}"
    yield ""
    yield say(
        text(
            "The report goes to standard output; progress, questions and errors go to standard error. `-` as FILE is "
            "standard output, which then carries nothing else. Every command knows --help."
        )
    )
    yield ""
    for name, command in every_command():
        yield from _section(say, name, command)


def _section(say: Speaker, name: str, command: click.Command) -> Iterator[str]:
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    usage = " ".join([name, "[OPTIONS]", *(each.make_metavar(click.Context(command)) for each in arguments)])
    yield f"## {name}"
    yield ""
    yield code(usage)
    yield ""
    yield say(_one_line(command.help))
    yield ""
    options = [each for each in command.params if isinstance(each, click.Option)]
    rows = ([_names(each, command), say(_one_line(each.help)), _default(each)] for each in options)
    if options:
        yield from say.table([text("option"), text("meaning"), text("default")], rows)
    key = name.removeprefix("seppcheck ")
    yield f"{say(text('Exit codes'))}: {_codes(say, key)}"
    yield ""


def _codes(say: Speaker, name: str) -> str:
    return "; ".join(f"**{number}** {say(meaning)}" for number, meaning in sorted(CODES.get(name, {}).items()))


def _one_line(words: str | None) -> Message:
    return Message(" ".join((words or "").split()))


def _names(option: click.Option, command: click.Command) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(command))}"
    repeated = " ..." if option.multiple else ""
    return code(f"{', '.join(option.opts)}{value}{repeated}")


def _default(option: click.Option) -> str:
    given = option.to_info_dict()["default"]
    plain = isinstance(given, (str, int, float)) and not option.is_flag and not isinstance(given, bool)
    return code(str(given)) if plain or hasattr(given, "parts") else NOTHING

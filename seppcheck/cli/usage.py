"""What the command line refuses, in one sentence of our own: what is wrong, and where the options are told."""

from __future__ import annotations

import click

from seppcheck.errors import UserError
from seppcheck.model.text import Message, text
from seppcheck.toml_files.faults import nearest


class Commands(click.Group):
    """A group that names the nearest command, and to which no command at all is a mistake: it must not end with 0."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the command.

        Raises:
            UserError: for nothing.
        """
        if not args and not ctx.resilient_parsing:
            raise UserError(
                "which command? There are: {names}; `{command} --help` tells what they do",
                names=self.list_commands(ctx),
                command=ctx.command_path,
            )
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command.

        Raises:
            UserError: for one that there is not.
        """
        known = self.list_commands(ctx)
        if not args[0].startswith("-") and args[0] not in known:
            if close := nearest(args[0], known):
                raise UserError("there is no command {name}; did you mean {nearest}?", name=args[0], nearest=close)
            raise UserError("there is no command {name}; there are: {names}", name=args[0], names=known)
        return super().resolve_command(ctx, args)


def refusal(error: click.ClickException) -> Message:
    """Say what click refuses. Its own sentences speak no German and do not say where to read on."""
    match error:
        case click.NoSuchOption(possibilities=[close, *_]):
            return text("there is no option {name}; did you mean {nearest}?", name=error.option_name, nearest=close)
        case click.UsageError(ctx=click.Context() as context):
            return text("{problem}; see `{command} --help`", problem=_problem(error), command=context.command_path)
    return text("{problem}", problem=error.format_message())


def _problem(error: click.ClickException) -> Message:
    match error:
        case click.NoSuchOption():
            return text("there is no option {name}", name=error.option_name)
        case click.MissingParameter(param=click.Parameter() as parameter):
            return text("{parameter} is missing", parameter=_name(parameter, error))
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as parameter):
            return text("{parameter} must be one of {choices}", parameter=_name(parameter, error), choices=choices)
        case click.BadParameter(param=click.Parameter() as parameter):
            return text("{parameter}: {problem}", parameter=_name(parameter, error), problem=error.message.rstrip("."))
    return text("{problem}", problem=error.format_message().rstrip("."))


def _name(parameter: click.Parameter, error: click.BadParameter) -> str:
    return parameter.get_error_hint(error.ctx).replace("'", "")

"""`seppcheck lab`: a small world on loopback, until Ctrl-C or around one command."""

from __future__ import annotations

import time
from pathlib import Path

import click

from seppcheck.cli import PASSED, Context
from seppcheck.errors import UserError
from seppcheck.scenarios import SCENARIOS, named
from seppcheck.scenarios.shape import Scenario

DEFAULT_FOLDER = "seppcheck-lab"
_SEPARATOR = "--"
_TERMINATED = 143


class _Around(click.Command):
    """Keeps what follows the first `--` as the command to run: click alone would call its first word SCENARIO."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own, around = args, None
        if _SEPARATOR in args:
            at = args.index(_SEPARATOR)
            own, around = args[:at], tuple(args[at + 1 :])
        rest = super().parse_args(ctx, own)
        ctx.params["around"] = around
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


@click.command(
    "lab",
    cls=_Around,
    help="Start a small world on loopback: name servers, a gateway with SMTP and REST, and an Exchange Online. A ready "
    "seppcheck.toml is written into its folder. It runs until Ctrl-C; or around COMMAND, whose working directory "
    "the folder is and whose exit code is passed on.",
    epilog="Scenarios: " + "; ".join(f"{scenario.name} ({scenario.summary})" for scenario in SCENARIOS.values()) + ".",
)
@click.argument("scenario", default="ready", metavar="[SCENARIO]")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    metavar="DIR",
    help="The lab's folder; it is kept.",
)
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def command(
    context: Context, scenario: str, folder: Path, lang: str | None, around: tuple[str, ...] | None = None
) -> int:
    """Run the lab."""
    del lang  # read before parsing, for every message
    chosen = named(scenario)
    if around == ():
        raise UserError("there is no command after `--`; without one, leave the `--` away")
    return _run(context, chosen, folder, around)


def _run(context: Context, scenario: Scenario, folder: Path, around: tuple[str, ...] | None) -> int:
    from seppcheck.lab.command import run  # noqa: PLC0415 - with its servers it would slow `lab --help` down
    from seppcheck.lab.signals import Terminated, termination  # noqa: PLC0415 - for the same reason
    from seppcheck.lab.world import running  # noqa: PLC0415 - for the same reason

    try:
        with termination(), running(scenario, folder, clock=context.clock) as lab:
            if around is not None:
                return run(around, folder)
            click.echo("\n".join(context.say(line) for line in lab.introduction))
            while True:
                time.sleep(1)
    except Terminated:
        return PASSED if around is None else _TERMINATED
    except KeyboardInterrupt:
        if around is not None:
            raise
        return PASSED  # it is how a lab is meant to end

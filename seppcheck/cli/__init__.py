"""The command line. Each command is a file of its own and is imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click

from seppcheck import __version__
from seppcheck.cli.usage import Commands, refusal
from seppcheck.clock import Clock, utc_now
from seppcheck.errors import UserError
from seppcheck.locale import default_language, translator
from seppcheck.model.text import Message, text
from seppcheck.reports.encoders import for_terminal

PASSED, FAILED, USAGE, INCONCLUSIVE, BUG = 0, 1, 2, 3, 70
"""Exit codes: see the README's table."""

_COMMANDS = {
    "guide": text("the vendor's guide as a checklist: what is done, what is due, what comes next"),
    "readiness": text("may we start? Run the checks that are due before the move"),
    "cutover": text("is every step of tonight done, and in the right order?"),
    "verification": text("is it finished, is nothing left over?"),
    "drift": text("is it still so? Compare with the accepted baseline"),
    "baseline": text("accept the present state as the baseline of drift"),
    "plan": text("what would be done, step by step, to be reviewed; nothing is changed"),
    "apply": text("carry out a reviewed plan, each step on record and proven"),
    "rollback": text("undo what an apply really did"),
    "collect": text("gather evidence only, for another machine or another day"),
    "attest": text("write down what the gateway's menus show, as evidence"),
    "init": text("write seppcheck.toml by discovery and questions"),
    "config": text("check the configuration, or print its schema"),
    "list": text("the checks"),
    "explain": text("one check's manual page"),
    "lab": text("a small world on loopback to try everything on"),
}
"""Every command with its line of help; its file is imported only when it is called."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every command is handed: the clock, the language that messages are in, and how to wait for seconds."""

    clock: Clock = utc_now
    language: str = "en"
    wait: Callable[[float], None] = time.sleep

    def say(self, message: Message) -> str:
        """Return a message in the reader's language, fit for a terminal."""
        return for_terminal(message.render(translator(self.language)))


class _LazyGroup(Commands):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [*_COMMANDS]  # list() is the command of that name, once it was called

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"seppcheck.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        context = ctx.obj if isinstance(ctx.obj, Context) else Context()
        with formatter.section(context.say(text("Commands"))):
            formatter.write_dl([(name, context.say(line)) for name, line in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seppcheck")
def cli() -> None:
    """Audit the move of a SEPPmail gateway from parallel to inline operation with Exchange Online."""


def main(
    argv: Sequence[str] | None = None, *, clock: Clock = utc_now, wait: Callable[[float], None] = time.sleep
) -> int:
    """Run one command and return its exit code. Nothing that a user can cause ends in a traceback."""
    arguments = [*(sys.argv[1:] if argv is None else argv)]  # not list(): see above
    context = Context(clock, _language(arguments), wait)
    _tolerate_odd_terminals()
    try:
        code = cli.main(arguments, prog_name="seppcheck", standalone_mode=False, obj=context)
    except UserError as error:
        return _complain("\nseppcheck: ".join(map(context.say, error.messages)), USAGE)
    except click.ClickException as error:
        return _complain(context.say(refusal(error)), USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _complain(context.say(text("interrupted; nothing was concluded")), INCONCLUSIVE)
    except BrokenPipeError:
        forget_stdout()
        return INCONCLUSIVE
    except Exception:  # noqa: BLE001 - the last resort: a bug of ours, told with its details in a file
        return _complain(context.say(_bug(traceback.format_exc())), BUG)
    return code if isinstance(code, int) else PASSED


def run() -> None:
    """Start from the console script."""
    sys.exit(main())


def _language(arguments: Sequence[str]) -> str:
    """Return `--lang` before anything is parsed, for the messages of the parser itself."""
    for word, following in pairwise([*arguments, ""]):
        if word == "--":
            break
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if value in ("en", "de"):
            return value
    return default_language(os.environ)


def _tolerate_odd_terminals() -> None:
    """Let a terminal that lacks a character show its code instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def forget_stdout() -> None:
    """Keep the interpreter from complaining at exit about a reader that went away."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - lives until the process ends


def _complain(sentence: str, code: int) -> int:
    click.echo(f"seppcheck: {sentence}", err=True)
    return code


def _bug(details: str) -> Message:
    handle, name = tempfile.mkstemp(prefix="seppcheck-bug-", suffix=".txt", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"seppcheck {__version__}, Python {sys.version}\n{details}")
    return text("a bug in seppcheck itself; nothing was concluded. The details are in {file}", file=Path(name))

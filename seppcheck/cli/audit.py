"""Running a phase's checks and reporting: what readiness, cutover and verification have in common."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import click

from seppcheck.choices import Choices, request_of, with_baseline
from seppcheck.cli import FAILED, INCONCLUSIVE, PASSED, Context
from seppcheck.cli.options import run_options
from seppcheck.cli.outputs import Outputs, output_options
from seppcheck.cli.progress import progress
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Verdict
from seppcheck.run import Request, execute

EXIT_CODES = {Verdict.PASSED: PASSED, Verdict.FAILED: FAILED, Verdict.INCONCLUSIVE: INCONCLUSIVE}

_HELP = {
    Phase.READINESS: "May we start? Run the checks that are due before the move.",
    Phase.CUTOVER: "Is every step of tonight done, and in the right order?",
    Phase.VERIFICATION: "Is it finished, is nothing left over?",
    Phase.DRIFT: "Is it still so? Run verification's checks and compare with the accepted baseline.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What people want to see on the way: nothing with `quiet`, nothing that moves with `no_progress`."""

    quiet: bool
    no_progress: bool


Look = Callable[[Context, Request, Shown], Run]
"""Looks at what is asked for."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a phase is looked at besides once: more options, and what they choose; None = once.

    `choose` is handed the values of the options by name, and refuses what does not go together.
    """

    options: tuple[Callable[[Any], Any], ...]
    names: tuple[str, ...]
    choose: Callable[[Mapping[str, Any], Choices, Outputs], Look | None]


def phase_command(phase: Phase, manner: Manner | None = None) -> click.Command:
    """Make the command of a phase."""

    def with_options(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(manner.options if manner else ()):
            function = option(function)
        return function

    def once(_: Context, request: Request, shown: Shown) -> Run:
        with progress(request.language, shown=not (shown.quiet or shown.no_progress)) as on_progress:
            return execute(replace(request, on_progress=on_progress), phase)

    @click.command(phase.value, help=_HELP[phase])
    @run_options
    @output_options
    @with_options
    @click.option("--quiet", is_flag=True, help="Print the verdict line alone.")
    @click.pass_obj
    def command(context: Context, /, quiet: bool, no_progress: bool, **given: Any) -> int:
        outputs, common = Outputs.taken_from(given)
        more = {name: common.pop(name) for name in (manner.names if manner else ())}
        choices = Choices(**common)
        outputs.spare(choices)
        look = (manner and manner.choose(more, choices, outputs)) or once
        request = request_of(choices, context.clock, context.language)
        request = with_baseline(request, phase, choices.baseline)
        _load_reports()
        run = look(context, request, Shown(quiet, no_progress))
        from seppcheck.cli.report import report  # noqa: PLC0415 - imported while the network was awaited

        try:
            report(run, request, outputs, quiet=quiet)
        finally:  # also where a report could not be written: the history has the verdict, it is news only now
            if request.settings.notify:
                _notify(run, request, context)
        return EXIT_CODES[run.verdict]

    return command


def _notify(run: Run, request: Request, context: Context) -> None:
    from seppcheck.cli.notifying import notify  # noqa: PLC0415 - HTTPS, which few runs need

    for told in notify(run, request):
        click.echo(f"seppcheck: {context.say(told)}", err=True)


def _load_reports() -> None:
    """Import the reports in the shadow of the network: while answers are awaited, importing costs no time."""
    threading.Thread(target=importlib.import_module, args=("seppcheck.cli.report",), daemon=True).start()

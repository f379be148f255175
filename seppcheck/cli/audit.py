"""Running a phase's checks and reporting: what readiness, cutover, verification and drift have in common."""

from __future__ import annotations

import importlib
import threading
from dataclasses import replace
from typing import Any

import click

from seppcheck.choices import Choices, request_of, with_baseline
from seppcheck.cli import FAILED, INCONCLUSIVE, PASSED, Context
from seppcheck.cli.manner import ONCE, Looked, Manner, Shown
from seppcheck.cli.options import run_options
from seppcheck.cli.outputs import Outputs, output_options
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Verdict
from seppcheck.run import Request

EXIT_CODES = {Verdict.PASSED: PASSED, Verdict.FAILED: FAILED, Verdict.INCONCLUSIVE: INCONCLUSIVE}

_HELP = {
    Phase.READINESS: "May we start? Run the checks that are due before the move.",
    Phase.CUTOVER: "Is every step of tonight done, and in the right order?",
    Phase.VERIFICATION: "Is it finished, is nothing left over?",
    Phase.DRIFT: "Is it still so? Run verification's checks and compare with the accepted baseline.",
}


def phase_command(phase: Phase, manner: Manner = ONCE) -> click.Command:
    """Make the command of a phase."""

    @click.command(phase.value, help=_HELP[phase])
    @run_options
    @output_options
    @manner.offered
    @click.option("--quiet", is_flag=True, help="Print the verdict line alone.")
    @click.pass_obj
    def command(context: Context, /, quiet: bool, no_progress: bool, **given: Any) -> int:
        outputs, common = Outputs.taken_from(given)
        taken = manner.taken_from(common)
        choices = Choices(**common)
        outputs.spare(choices)
        look = manner.look(taken, choices, outputs)
        request = with_baseline(request_of(choices, context.clock, context.language), phase, choices.baseline)
        _load_reports()
        looked = look(context, request, phase, Shown(quiet, no_progress))
        from seppcheck.cli.report import report  # noqa: PLC0415 - imported while the network was awaited

        try:
            report(looked.run, request, outputs, quiet=quiet)
        finally:  # also where a report could not be written: the history has the verdict, it is news only now
            if request.settings.notify:
                _notify(replace(looked.run, history=looked.earlier), request, context)
        return _code(looked)

    return command


def _code(looked: Looked) -> int:
    code = EXIT_CODES[looked.run.verdict]
    return INCONCLUSIVE if code == PASSED and not looked.reached else code


def _notify(run: Run, request: Request, context: Context) -> None:
    from seppcheck.cli.notifying import notify  # noqa: PLC0415 - HTTPS, which few runs need

    for told in notify(run, request):
        click.echo(f"seppcheck: {context.say(told)}", err=True)


def _load_reports() -> None:
    """Import the reports in the shadow of the network: while answers are awaited, importing costs no time."""
    threading.Thread(target=importlib.import_module, args=("seppcheck.cli.report",), daemon=True).start()

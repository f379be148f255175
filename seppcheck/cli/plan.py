"""`seppcheck plan`: what would be done, to be reviewed; nothing is changed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from seppcheck.choices import Choices, request_of
from seppcheck.cli import INCONCLUSIVE, PASSED, Context, forget_stdout
from seppcheck.cli.options import run_options
from seppcheck.cli.outputs import spare
from seppcheck.cli.progress import progress
from seppcheck.errors import UserError
from seppcheck.files import STDOUT, write_text
from seppcheck.model.changes import PlanPhase
from seppcheck.model.plans import MigrationPlan
from seppcheck.model.text import Message, text
from seppcheck.settings.file import DEFAULT

FORMATS = ("terminal", "json", "markdown", "powershell", "nsupdate")
"""`PlanFormat`'s, which is imported where it is used."""


@click.command(
    "plan",
    help="Print what would be done, step by step, to be reviewed; nothing is changed. PHASE is readiness (prepare), "
    "cutover (move everything, hold on) or completion (hold off, proof, clean up).",
)
@click.argument("phase", type=click.Choice([phase.value for phase in PlanPhase]), metavar="PHASE")
@run_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="PLAN",
    help="Write the plan as JSON, for `seppcheck apply PLAN`.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="What goes to standard output; markdown is a runbook with boxes to tick.",
)
@click.option("--quiet", is_flag=True, help="Print one line: how many steps there are, and the fingerprint.")
@click.pass_obj
def command(
    context: Context, /, phase: str, out: Path | None, form: str, quiet: bool, no_progress: bool, **common: Any
) -> int:
    """Look, plan, print."""
    choices = Choices(**common)
    if out is not None:
        spare([out], [*choices.evidence, choices.config or DEFAULT])
        _spare_journal(out)
    if out == STDOUT and form != FORMATS[0]:
        raise UserError(
            "--out - and --format {format} cannot both go to standard output: give --out a file", format=form
        )
    request = request_of(choices, context.clock, context.language)
    if request.replay_of is not None:
        replay = text("This is planned from what was gathered at {time}.", time=request.replay_of)
        click.echo(context.say(replay), err=True)
    with progress(request.language, shown=not (quiet or no_progress)) as on_progress:
        from seppcheck.remediate.planning import plan_for  # noqa: PLC0415 - loads what the network needs

        plan = plan_for(replace(request, on_progress=on_progress), PlanPhase(phase))
    from seppcheck.plan_document import to_json  # noqa: PLC0415 - only here and in apply
    from seppcheck.reports.plan_formats import plan_in  # noqa: PLC0415 - only where a plan is shown
    from seppcheck.reports.plan_terminal import write_plan  # noqa: PLC0415 - as above

    if out is not None:
        write_text(out, to_json(plan))
    if out != STDOUT:
        try:
            if quiet:
                click.echo(context.say(_line(plan)))
            elif form == FORMATS[0]:
                write_plan(plan, sys.stdout, out)
            else:
                sys.stdout.write(plan_in(form, plan, out))
            sys.stdout.flush()
        except BrokenPipeError:
            forget_stdout()
    return INCONCLUSIVE if plan.unseen else PASSED


def _line(plan: MigrationPlan) -> Message:
    """Return a plan in one line."""
    from seppcheck.plan_document import fingerprint_of  # noqa: PLC0415 - only where a plan is at hand

    steps, unseen = len(plan.changes), len(plan.unseen)
    return text(
        "{steps} steps, {unseen} checks could not be looked at; {fingerprint}",
        steps=steps,
        unseen=unseen,
        fingerprint=fingerprint_of(plan),
    )


def _spare_journal(out: Path) -> None:
    """Refuse to write over a plan that was begun: its journal is the way back.

    Raises:
        UserError: naming the journal.
    """
    from seppcheck.remediate.journal import journal_of  # noqa: PLC0415 - loads what only applying needs

    if journal_of(out).exists():
        raise UserError(
            "{plan} was begun, and {journal} is the way back: give --out another name",
            plan=out,
            journal=journal_of(out),
        )

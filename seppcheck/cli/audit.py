"""Running a phase's checks and reporting: what readiness, cutover and verification have in common."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from seppcheck import bundle, reports
from seppcheck.choices import Choices, request_of
from seppcheck.cli import FAILED, INCONCLUSIVE, PASSED, Context
from seppcheck.cli.options import run_options
from seppcheck.cli.progress import progress
from seppcheck.errors import UserError
from seppcheck.files import STDOUT, write_text
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Verdict
from seppcheck.reports.json_report import to_json
from seppcheck.reports.junit import to_junit
from seppcheck.reports.terminal import write_report
from seppcheck.run import Request, execute

EXIT_CODES = {Verdict.PASSED: PASSED, Verdict.FAILED: FAILED, Verdict.INCONCLUSIVE: INCONCLUSIVE}

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_HELP = {
    Phase.READINESS: "May we start? Run the checks that are due before the move.",
    Phase.CUTOVER: "Is every step of tonight done, and in the right order?",
    Phase.VERIFICATION: "Is it finished, is nothing left over?",
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where reports go besides the terminal; `-` is standard output."""

    save_evidence: Path | None
    html: Path | None
    json: Path | None
    junit: Path | None

    def __post_init__(self) -> None:
        given = [path for path in (self.save_evidence, self.html, self.json, self.junit) if path is not None]
        if sum(path == STDOUT for path in given) > 1:
            raise UserError("two outputs cannot both go to standard output (`-`): give one of them a file")

    @property
    def stdout_is_taken(self) -> bool:
        """Whether standard output carries a report for programs, and nothing else may."""
        return STDOUT in (self.save_evidence, self.html, self.json, self.junit)


def phase_command(phase: Phase) -> click.Command:
    """Make the command of a phase."""

    @click.command(phase.value, help=_HELP[phase])
    @run_options
    @click.option("--save-evidence", type=_FILE, metavar="BUNDLE", help="Save what was gathered, to judge it again.")
    @click.option("--html", type=_FILE, metavar="FILE", help="Write the report as one HTML file.")
    @click.option("--json", type=_FILE, metavar="FILE", help="Write the results as JSON.")
    @click.option("--junit", type=_FILE, metavar="FILE", help="Write the results as JUnit XML.")
    @click.option("--quiet", is_flag=True, help="Print the verdict line alone.")
    @click.pass_obj
    def command(
        context: Context,
        /,
        save_evidence: Path | None,
        html: Path | None,
        json: Path | None,
        junit: Path | None,
        quiet: bool,
        no_progress: bool,
        **common: Any,
    ) -> int:
        outputs = Outputs(save_evidence, html, json, junit)
        request = request_of(Choices(**common), context.clock, context.language)
        with progress(request.language, shown=not (quiet or no_progress)) as on_progress:
            run = execute(replace(request, on_progress=on_progress), phase)
        report(run, request, outputs, quiet=quiet)
        return EXIT_CODES[run.verdict]

    return command


def report(run: Run, request: Request, outputs: Outputs, *, quiet: bool) -> None:
    """Write what was asked for: first what people read, then the files."""
    stream = sys.stderr if outputs.stdout_is_taken else sys.stdout
    write_report(run, stream, quiet=quiet)
    if outputs.json:
        write_text(outputs.json, to_json(run))
    if outputs.junit:
        write_text(outputs.junit, to_junit(run))
    if outputs.html:
        write_text(outputs.html, reports.to_html(run, request.guide))
    if outputs.save_evidence:
        bundle.write(
            outputs.save_evidence,
            judged_at=run.judged_at,
            phase=run.phase,
            language=run.language,
            settings=request.settings.public(),
            history=run.history,
            records=run.records,
        )

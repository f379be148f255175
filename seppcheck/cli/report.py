"""Writing a run's reports: first what people read, then the evidence, then the files."""

from __future__ import annotations

import sys

from seppcheck import bundle, reports
from seppcheck.cli import forget_stdout
from seppcheck.cli.outputs import Outputs
from seppcheck.files import write_text
from seppcheck.model.run import Run
from seppcheck.reports.json_report import to_json
from seppcheck.reports.junit import to_junit
from seppcheck.reports.terminal import write_report
from seppcheck.run import Request


def report(run: Run, request: Request, outputs: Outputs, *, quiet: bool) -> None:
    """Write what was asked for; the terminal first, so that a full disk hides no verdict.

    The evidence comes next: every other report can be made from it again.
    """
    stream = sys.stderr if outputs.stdout_is_taken else sys.stdout
    try:
        write_report(run, stream, quiet=quiet)
        stream.flush()
    except BrokenPipeError:
        forget_stdout()  # `| head` has read enough; the files and the exit code are still wanted
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
    if outputs.json:
        write_text(outputs.json, to_json(run))
    if outputs.junit:
        write_text(outputs.junit, to_junit(run))
    if outputs.html:
        write_text(outputs.html, reports.to_html(run, request.guide))

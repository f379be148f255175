"""Writing a run's reports: first what people read, then the evidence, then the files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from seppcheck import bundle, reports
from seppcheck.cli import forget_stdout
from seppcheck.cli.outputs import Outputs
from seppcheck.errors import UserError
from seppcheck.files import write_text
from seppcheck.model.places import Places
from seppcheck.model.run import Run
from seppcheck.reports.annotations import to_annotations
from seppcheck.reports.json_report import to_json
from seppcheck.reports.junit import to_junit
from seppcheck.reports.markdown import to_markdown
from seppcheck.reports.sarif import to_sarif
from seppcheck.reports.terminal import write_report
from seppcheck.run import Request
from seppcheck.settings.places import places_of


def report(run: Run, request: Request, outputs: Outputs, *, quiet: bool) -> None:
    """Write what was asked for; the terminal first, so that a full disk hides no verdict.

    The evidence comes next: every other report can be made from it again. One that cannot be written keeps none of
    the others from being written.

    Raises:
        UserError: naming every file that could not be written.
    """
    stream = sys.stderr if outputs.stdout_is_taken else sys.stdout
    try:
        write_report(run, stream, quiet=quiet)
        stream.flush()
    except BrokenPipeError:
        forget_stdout()  # `| head` has read enough; the files and the exit code are still wanted
    faults: list[UserError] = []
    for write in (lambda: _save_evidence(run, request, outputs), *_files(run, request, outputs)):
        try:
            write()
        except UserError as error:
            faults.append(error)
    if faults:
        faults[0].messages = tuple(message for fault in faults for message in fault.messages)
        raise faults[0]


def _save_evidence(run: Run, request: Request, outputs: Outputs) -> None:
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


def _files(run: Run, request: Request, outputs: Outputs) -> Iterator[Callable[[], None]]:
    """Yield what writes each report: what is quick to write and what programs wait for comes first."""
    for path, made in _reports(run, request, outputs):
        if path is not None:
            yield partial(_write, path, made)


def _write(path: Path, made: Callable[[], str]) -> None:
    write_text(path, made())


def _reports(run: Run, request: Request, outputs: Outputs) -> Iterator[tuple[Path | None, Callable[[], str]]]:
    """Yield where each report goes, if it is wanted, and what makes it."""

    def places() -> Places:
        return places_of(request.settings, Path.cwd())

    yield outputs.json, lambda: to_json(run)
    yield outputs.junit, lambda: to_junit(run)
    yield outputs.sarif, lambda: to_sarif(run, request.registry.checks, places())
    yield outputs.annotations, lambda: to_annotations(run, places())
    yield outputs.markdown, lambda: to_markdown(run, request.guide)
    yield outputs.html, lambda: reports.to_html(run, request.guide)

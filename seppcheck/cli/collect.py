"""`seppcheck collect`: gather evidence for every phase, judge nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from seppcheck import bundle
from seppcheck.choices import Choices, request_of
from seppcheck.cli import INCONCLUSIVE, PASSED, Context
from seppcheck.cli.options import run_options
from seppcheck.cli.outputs import spare
from seppcheck.cli.progress import progress
from seppcheck.files import STDOUT
from seppcheck.model.evidence import Record, Unavailable
from seppcheck.model.phases import Phase
from seppcheck.model.text import text
from seppcheck.run import gather
from seppcheck.settings import file as settings_file


@click.command("collect", help="Gather evidence only; --evidence BUNDLE judges it in any command.")
@run_options
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), help="The bundle."
)
@click.pass_obj
def command(context: Context, /, out: Path, no_progress: bool, **common: Any) -> int:
    """Gather for all phases and write the bundle; 0 when complete, else 3."""
    choices = Choices(**common)
    spare([out], [choices.config or settings_file.DEFAULT])
    request = request_of(choices, context.clock, context.language)
    with progress(request.language, shown=not no_progress) as on_progress:
        gathered = gather(replace(request, on_progress=on_progress), list(Phase))
    bundle.write(
        out,
        judged_at=gathered.judged_at,
        phase=None,
        language=request.language,
        settings=request.settings.public(),
        history=gathered.history,
        records=gathered.records,
    )
    return _tell(replace(context, language=request.language), out, gathered.records, gathered.missing)


def _tell(context: Context, out: Path, records: tuple[Record, ...], missing: tuple[Record, ...]) -> int:
    to_stderr = out == STDOUT
    click.echo(
        context.say(text("{count} pieces of evidence in {file}", count=len(records) - len(missing), file=out)),
        err=to_stderr,
    )
    for record in missing:
        if isinstance(record.content, Unavailable):
            line = text(
                "missing: {kind} of {target}: {detail} ({reason})",
                kind=record.kind,
                target=record.target.name,
                detail=record.content.detail,
                reason=record.content.reason.value,
            )
            click.echo(context.say(line), err=to_stderr)
    if not records:
        click.echo(context.say(text("nothing was selected, so nothing was gathered")), err=to_stderr)
    return PASSED if records and not missing else INCONCLUSIVE

"""`seppcheck guide`: the vendor's guide as a living checklist, and the next thing to do."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from seppcheck.choices import Choices, baseline_path, request_of
from seppcheck.cli import PASSED, Context, forget_stdout
from seppcheck.cli.options import run_options
from seppcheck.cli.outputs import Outputs, spare
from seppcheck.cli.progress import progress
from seppcheck.drift.baseline import refuse_foreign
from seppcheck.drift.document import read as read_baseline
from seppcheck.errors import UserError
from seppcheck.files import STDOUT, write_text
from seppcheck.model.checklist import Checklist, Repeated
from seppcheck.run import Request

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.command(
    "guide",
    help="Print the vendor's guide as a checklist with your names: what is done, due, blocked, waiting, or cannot be "
    "seen, and how each step is done. Nothing is changed or recorded.",
)
@run_options
@click.option("--next", "only_next", is_flag=True, help="Print just the next thing, with all that is needed to do it.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write the checklist as JSON.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="Write the checklist as Markdown, for a ticket.")
@click.option("--quiet", is_flag=True, help="Print one line: how far it is, and what comes next.")
@click.pass_obj
def command(
    context: Context,
    /,
    only_next: bool,
    json_file: Path | None,
    markdown: Path | None,
    quiet: bool,
    no_progress: bool,
    **common: Any,
) -> int:
    """Look once, work out the checklist, print; 0 whatever it says."""
    choices = Choices(**common)
    outputs = Outputs(json=json_file, markdown=markdown)
    outputs.spare(choices)
    request = request_of(choices, context.clock, context.language)
    with progress(request.language, shown=not (quiet or no_progress)) as on_progress:
        from seppcheck.checklist.look import look  # noqa: PLC0415 - loads what the network needs
        from seppcheck.checklist.making import checklist_of  # noqa: PLC0415 - as above

        _spare_what_is_read(outputs, request)
        folder = Path() if request.replay_of is None else None
        situation = look(
            replace(request, on_progress=on_progress),
            folder,
            _repeated(choices, request),
            configured=_is_configured(choices),
            accepted=_is_accepted(request),
        )
    checklist = checklist_of(situation)
    _write(checklist, json_file, markdown, only_next=only_next, quiet=quiet)
    return PASSED


def _write(
    checklist: Checklist, json_file: Path | None, markdown: Path | None, *, only_next: bool, quiet: bool
) -> None:
    """Write what people read first, then the files."""
    from seppcheck.reports.checklist_json import checklist_to_json  # noqa: PLC0415 - only once there is one
    from seppcheck.reports.checklist_terminal import write_checklist  # noqa: PLC0415 - as above

    stream = sys.stderr if STDOUT in (json_file, markdown) else sys.stdout
    try:
        write_checklist(checklist, stream, only_next=only_next, quiet=quiet)
        stream.flush()
    except BrokenPipeError:
        forget_stdout()
    if json_file is not None:
        write_text(json_file, checklist_to_json(checklist))
    if markdown is not None:
        from seppcheck.reports.checklist_markdown import checklist_to_markdown  # noqa: PLC0415 - only where asked for

        write_text(markdown, checklist_to_markdown(checklist))


def _spare_what_is_read(outputs: Outputs, request: Request) -> None:
    """Refuse to write over a plan, a journal or the gateway record.

    Raises:
        UserError: naming the file.
    """
    from seppcheck.checklist.look import is_read  # noqa: PLC0415 - loads what the network needs

    given = [path for path in (outputs.json, outputs.markdown) if path is not None and path != STDOUT]
    record = request.settings.gateway.record
    spare(given, [*filter(is_read, given), *([request.settings.path(record)] if record else [])])


def _is_accepted(request: Request) -> bool:
    """Tell whether a baseline of this site lies beside the configuration."""
    path = baseline_path(request.settings)
    try:
        if path.exists():
            refuse_foreign(read_baseline(path), request.settings.site)
            return True
    except UserError:
        pass  # `seppcheck drift` says what is wrong with it
    return False


def _is_configured(choices: Choices) -> bool:
    """Tell whether a configuration is read: zero-config sees DNS and SMTP alone."""
    return bool(choices.config or choices.evidence) or not (choices.gateway and choices.domains)


def _repeated(choices: Choices, request: Request) -> Repeated:
    """Return what the commands that are named have to repeat of this one: they are about the whole site."""
    every = {domain.name for domain in request.settings.domains}
    domains = choices.domains if every <= {*request.selection.domains} else ()
    config = ("--config", str(choices.config)) if choices.config else ()
    plugins = tuple(word for path in choices.plugins for word in ("--plugins", str(path)))
    gateway = ("--gateway", choices.gateway) if choices.gateway else ()
    return Repeated((*config, *plugins), (*domains, *gateway))

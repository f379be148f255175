"""`seppcheck rollback`: undo what an `apply` really did."""

from __future__ import annotations

from pathlib import Path

import click

from seppcheck.choices import Choices, request_of
from seppcheck.cli import PASSED, Context
from seppcheck.cli.applying import carried_out, confirm, locks, refuse_unasked, work_of
from seppcheck.errors import UserError
from seppcheck.model.text import Message, text
from seppcheck.plan_document import fingerprint_of
from seppcheck.remediate import journal
from seppcheck.remediate.apply import refuse_foreign
from seppcheck.remediate.guards import refuse_forbidden
from seppcheck.remediate.rollback import already_so, refuse_unready_back, rollback, still_to_undo
from seppcheck.remediate.work import evidence_for_guards

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "rollback",
    help="Undo what an apply really did, last things first, each verified. It asks; it may be interrupted and run "
    "again.",
)
@click.argument("where", type=_FILE, metavar="JOURNAL")
@click.option(
    "--yes", metavar="FINGERPRINT", help="Do not ask: the journal of the plan with this fingerprint is meant."
)
@click.option("--config", type=_FILE, metavar="FILE", help="The configuration; seppcheck.toml unless told otherwise.")
@click.option("--plugins", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins.")
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def command(
    context: Context, where: Path, yes: str | None, config: Path | None, plugins: tuple[Path, ...], lang: str | None
) -> int:
    """Refuse, or show, ask and undo."""
    if not where.exists():
        raise UserError(
            "there is no {journal}; the journal lies beside the plan, under its name and {suffix}",
            journal=where,
            suffix=journal.SUFFIX,
        )
    if not where.name.endswith(journal.SUFFIX) and journal.journal_of(where).exists():
        raise UserError("{plan} is the plan; its journal is {journal}", plan=where, journal=journal.journal_of(where))
    choices = Choices(config=config, plugins=plugins, lang=lang)
    request = request_of(choices, context.clock, context.language)
    with locks(request, where):
        record = journal.read(where)
        if record is None:
            click.echo(context.say(text("Nothing was begun, so there is nothing to undo.")), err=True)
            return PASSED
        refuse_foreign(record.plan, request)
        stated = fingerprint_of(record.plan)
        refuse_unasked(stated, yes)
        click.echo(
            context.say(text("To be undone, last things first (the plan is {fingerprint}):", fingerprint=stated))
        )
        for change in still_to_undo(record):
            click.echo(context.say(text("{id}. {summary}", id=change.id, summary=change.summary)))
        present = confirm(context, yes, text("Undo all of this?"))
        refuse_forbidden(record.plan, evidence_for_guards(request))
        work = work_of(context, choices, request, journal.Journal(where, record, context.clock), present=present)
        refuse_unready_back(work)
        work.journal = journal.go_on(where, record, context.clock)
        return carried_out(context, lambda: rollback(work), where, _ended(record), rollback=True)


def _ended(record: journal.Record) -> Message:
    left = [text("{id}. {summary}", id=change.id, summary=change.summary) for change in already_so(record)]
    if not left:
        return text("Everything that was done is undone.")
    return text(
        "Everything that was done is undone. These were so before apply came to them, and stay: {changes}", changes=left
    )

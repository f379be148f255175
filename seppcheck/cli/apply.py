"""`seppcheck apply`: carry out a plan that was reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from seppcheck.choices import Choices, request_of
from seppcheck.cli import Context
from seppcheck.cli.applying import carried_out, confirm, locks, read_plan, refuse_unasked, show, work_of
from seppcheck.errors import UserError
from seppcheck.model.changes import PlanPhase
from seppcheck.model.plans import MigrationPlan
from seppcheck.model.text import text
from seppcheck.plan_document import fingerprint_of
from seppcheck.remediate import journal
from seppcheck.remediate.apply import apply, refuse_foreign, refuse_other_domains, refuse_unready
from seppcheck.remediate.rollback import still_to_undo

_FILE = click.Path(path_type=Path, dir_okay=False)
_ENDS = {
    PlanPhase.READINESS: text("Applied and proven."),
    PlanPhase.CUTOVER: text(
        "Applied and proven. Mail is still held back; next: `seppcheck plan completion --out completion.json`"
    ),
    PlanPhase.COMPLETION: text("Applied and proven. Look it over once more: `seppcheck verification`"),
}


@click.command(
    "apply",
    help="Carry out a reviewed plan, step by step, each on record and proven. It shows the plan and asks; it stops at "
    "the first failure, at steps for people and at waits, and says how to go on.",
)
@click.argument("plan", type=_FILE)
@click.option("--yes", metavar="FINGERPRINT", help="Do not ask: the plan with this fingerprint was reviewed.")
@click.option("--only", multiple=True, metavar="ID", help="Carry out single changes.")
@click.option("--resume", is_flag=True, help="Go on with a plan whose journal was begun.")
@click.option("--config", type=_FILE, metavar="FILE", help="The configuration; seppcheck.toml unless told otherwise.")
@click.option("--plugins", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins.")
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def command(
    context: Context,
    plan: Path,
    yes: str | None,
    only: tuple[str, ...],
    resume: bool,
    config: Path | None,
    plugins: tuple[Path, ...],
    lang: str | None,
) -> int:
    """Refuse, or show, ask, carry out and prove."""
    reviewed, stated = read_plan(plan)
    choices = Choices(config=config, plugins=plugins, lang=lang)
    request = request_of(choices, context.clock, context.language)
    refuse_foreign(reviewed, request)
    refuse_other_domains(reviewed, request)
    _refuse_unknown(reviewed, only)
    where = journal.journal_of(plan)
    with locks(request, where):
        known = _begun(where, stated, resume=resume)
        refuse_unasked(stated, yes)
        show(context, reviewed, plan, known)
        asked = text(
            "Apply this plan ({phase}, gateway {gateway}, tenant {tenant}, {fingerprint})?",
            phase=reviewed.phase.value,
            gateway=reviewed.gateway,
            tenant=reviewed.tenant or "-",
            fingerprint=stated,
        )
        present = confirm(context, yes, asked)
        record = known or journal.Record(reviewed)
        work = work_of(context, choices, request, journal.Journal(where, record, context.clock), present=present)
        refuse_unready(work, [change for change in reviewed.changes if not only or change.id in only])
        if known is None:
            work.journal = journal.begin(where, reviewed, context.clock)
        else:
            work.journal = journal.go_on(where, known, context.clock)
        return carried_out(context, lambda: apply(work, only), where, _ENDS[reviewed.phase])


def _refuse_unknown(plan: MigrationPlan, only: Sequence[str]) -> None:
    known = [change.id for change in plan.changes]
    for identifier in only:
        if identifier not in known:
            raise UserError("--only {id}: the plan has no such change; it has {known}", id=identifier, known=known)


def _begun(where: Path, stated: str, *, resume: bool) -> journal.Record | None:
    """Return what a journal says that was begun for this plan.

    Raises:
        UserError: for one that is not to be gone on with, or of another plan.
    """
    record = journal.read(where)
    if record is None and resume and not where.exists():
        raise UserError(
            "--resume: there is no journal {journal}, so what was done is not known. If nothing was begun, leave "
            "--resume away",
            journal=where,
        )
    if record is None:
        return None
    if fingerprint_of(record.plan) != stated:
        raise UserError(
            "{journal} belongs to another plan (its first line holds it): move it away, or apply that plan",
            journal=where,
        )
    if record.rolled_back and still_to_undo(record):
        raise UserError("{journal} was rolled back in part: roll it back to the end, and plan anew", journal=where)
    if record.rolled_back:
        raise UserError("{journal} was rolled back: move it away, or give the new plan another name", journal=where)
    if not resume:
        raise UserError("this plan was begun ({journal}): go on with --resume, or roll it back", journal=where)
    return record

"""What `apply` and `rollback` have in common: who is asked, what is shown, how it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import click

from seppcheck.choices import Choices, request_of
from seppcheck.cli import FAILED, INCONCLUSIVE, PASSED, Context, forget_stdout
from seppcheck.cli.attest import ask, questions_of
from seppcheck.cli.yes_no import read_yes_no, with_choices
from seppcheck.errors import InvalidValueError, UserError
from seppcheck.files import read_json
from seppcheck.model.changes import System
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.run import Verdict
from seppcheck.model.text import Message, text
from seppcheck.plan_document import fingerprint_of, from_document
from seppcheck.remediate.apply import End
from seppcheck.remediate.journal import Journal, Record, alone
from seppcheck.remediate.reaching import Worlds
from seppcheck.remediate.work import Stop, Work
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.plan_sections import instructions_of
from seppcheck.reports.plan_terminal import write_plan
from seppcheck.reports.terminal import write_report
from seppcheck.run import Request
from seppcheck.settings import Settings

_LARGEST = 64 * 1024 * 1024
_VERDICTS = {Verdict.PASSED: PASSED, Verdict.FAILED: FAILED, Verdict.INCONCLUSIVE: INCONCLUSIVE}


@dataclass(slots=True)
class Operator:
    """Whoever sits at the terminal; nobody, where there is none or `--yes` was given."""

    context: Context
    present: bool
    renew: Callable[[], None]
    """Reads the configuration again, after an answer was written down."""
    settings: Settings

    def tell(self, message: Message) -> None:
        """Say something, on standard error."""
        click.echo(self.context.say(message), err=True)

    def begin(self, change: PlannedChange, *, back: bool) -> None:
        """Say which step is at hand."""
        step = text("{id}. {summary}", id=change.id, summary=change.summary)
        self.tell(text("Undo {step}", step=step) if back else step)

    def did(self, change: PlannedChange, steps: Iterable[str]) -> bool:
        """Show a manual step; ask what the gateway's menu shows, or whether it is done."""
        for told in instructions_of(tuple(steps), change.after):
            click.echo(f"     {for_terminal(told.sentence)}", err=True)
            for line in told.value.splitlines():
                click.echo(for_terminal(line), err=True)
        if not self.present:
            return False
        questions = questions_of(change.check) if change.system in (System.GATEWAY, System.PEOPLE) else []
        if questions:
            self.tell(text("When it is done, write down what the menu shows now; Ctrl-C stops here."))
            ask(self.context, self.settings, questions)
            self.renew()
            return True
        self.tell(text("Press Enter when it is done; Ctrl-C stops here."))
        input()
        return True


def refuse_unasked(fingerprint: str, given: str | None) -> None:
    """Refuse where nobody can be asked and nothing stands for the answer, before anything is shown.

    Raises:
        UserError: for another fingerprint, or nobody to ask.
    """
    if given is not None and given.removeprefix("sha256:") != fingerprint.removeprefix("sha256:"):
        raise UserError(
            "--yes names {given}, and the plan's fingerprint is {fingerprint}: nothing is changed",
            given=given,
            fingerprint=fingerprint,
        )
    if given is None and not sys.stdin.isatty():
        raise UserError(
            "nobody can be asked here: give --yes {fingerprint}, once the plan was reviewed", fingerprint=fingerprint
        )


def confirm(context: Context, given: str | None, question: Message) -> bool:
    """Ask, unless a fingerprint stands for the answer; return whether a person answered at a terminal.

    Raises:
        UserError: for a no.
    """
    if given is not None:
        return False
    if not _yes(context, question):
        raise UserError("nothing is changed")
    return True


def _yes(context: Context, question: Message) -> bool:
    """Ask until the answer is one; only a yes is a yes."""
    while True:
        try:
            return read_yes_no(click.prompt(context.say(with_choices(question)), err=True).strip())
        except InvalidValueError as error:
            click.echo(context.say(error.message), err=True)


def show(context: Context, plan: MigrationPlan, path: Path, known: Record | None) -> None:
    """Print a plan for people: the whole of it, or of one that was begun what is left to do."""
    try:
        if known is None:
            write_plan(plan, sys.stdout, path, with_next=False)
        else:
            left = [change for change in plan.changes if known.of(change.id).done is None]
            click.echo(context.say(text("Left to do of the plan ({count} steps):", count=len(left))))
            for change in left:
                click.echo(context.say(text("{id}. {summary}", id=change.id, summary=change.summary)))
        sys.stdout.flush()
    except BrokenPipeError:
        forget_stdout()


def read_plan(path: Path) -> tuple[MigrationPlan, str]:
    """Read a plan's file; return the plan and its fingerprint.

    Raises:
        UserError: when it is no plan, or was changed after it was made.
    """
    if path.exists() and not path.is_file():
        raise UserError("{plan} is no file", plan=path)
    document = read_json(path, _LARGEST)
    plan = from_document(document, str(path))
    return plan, fingerprint_of(plan)


def work_of(context: Context, choices: Choices, request: Request, journal: Journal, *, present: bool) -> Work:
    """Put together what both commands work with."""
    work: Work

    def renew() -> None:
        work.request = request_of(choices, context.clock, context.language)
        operator.settings = work.request.settings

    operator = Operator(context, present, renew, request.settings)
    work = Work(request, journal.record.plan, journal, Worlds(request.settings), operator)
    return work


def locks(request: Request, journal: Path) -> AbstractContextManager[None]:
    """Hold what keeps a second `apply` or `rollback` away: of this journal, and of this configuration."""
    own = request.settings.path(request.settings.run.history).parent
    own.mkdir(parents=True, exist_ok=True)
    return alone(journal, own / "apply")


def carried_out(
    context: Context, carry_out: Callable[[], End], journal: Path, done: Message, *, rollback: bool = False
) -> int:
    """Carry out what was confirmed, and say how it ended; return the exit code."""
    try:
        return _ended(context, carry_out(), journal, done)
    except UserError as error:  # no refusal any more: something may have been changed
        return _ended(context, End(Stop(FAILED, error.message)), journal, done)
    except (click.Abort, EOFError, KeyboardInterrupt):
        told = (
            text("interrupted. What was undone is in {journal}: run the same command again", journal=journal)
            if rollback
            else text(
                "interrupted. What was done is in {journal}: go on with --resume, or roll it back", journal=journal
            )
        )
        click.echo(f"\nseppcheck: {context.say(told)}", err=True)
        return INCONCLUSIVE


def _ended(context: Context, end: End, journal: Path, done: Message) -> int:
    if end.run is not None:
        try:
            write_report(end.run, sys.stdout, quiet=False)
            sys.stdout.flush()
        except BrokenPipeError:
            forget_stdout()
    if end.stop is not None:
        click.echo(f"seppcheck: {context.say(end.stop.message)}", err=True)
        click.echo(context.say(text("What was done is in {journal}.", journal=journal)), err=True)
        return end.stop.code
    if end.left:
        click.echo(context.say(text("Done. Changes that are left: {left}", left=end.left)), err=True)
        return PASSED
    code = _VERDICTS[end.run.verdict] if end.run else PASSED
    if code == PASSED:
        click.echo(context.say(done), err=True)
    else:
        click.echo(context.say(text("Every step is done, but the checks above do not all conclude well.")), err=True)
    return code

"""`seppcheck attest`: write down what the gateway's menus show."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import click

from seppcheck import history
from seppcheck.cli import INCONCLUSIVE, PASSED, Context
from seppcheck.cli.attest_interview import Interview, UnknownError
from seppcheck.clock import stamp
from seppcheck.errors import UserError
from seppcheck.model.gateway_record import HOLD, Answer, GatewayRecord
from seppcheck.model.text import text
from seppcheck.record.holds import holds
from seppcheck.record.questions import NAME, QUESTIONS, Question, checks_asked
from seppcheck.record.reading import read
from seppcheck.record.writing import Value, write
from seppcheck.settings import Settings
from seppcheck.settings import file as settings_file
from seppcheck.toml_files.faults import nearest

Answers = dict[tuple[str, ...], Value]


@click.command("attest", help="Write down what the gateway's menus show: asks, and writes the gateway record.")
@click.option("--only", "patterns", multiple=True, metavar="GLOB", help="Ask only what checks with such an id need.")
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    default=settings_file.DEFAULT,
    show_default=True,
    metavar="FILE",
    help="The configuration.",
)
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def command(context: Context, patterns: tuple[str, ...], file: Path, lang: str | None) -> int:
    """Ask, write, and remember the hold in the history."""
    del lang  # read before parsing, for every message
    questions = _questions(patterns)
    if not sys.stdin.isatty():
        raise UserError("attest asks a person and needs a terminal; without one, edit the gateway record by hand")
    return ask(context, settings_file.load(file, record_to_come=True), questions)


def ask(context: Context, settings: Settings, questions: Sequence[Question]) -> int:
    """Ask a person on a terminal, write the answers down, and remember a hold in the history."""
    name = settings.gateway.record or settings_file.RECORD
    path = settings.path(name)
    before = read(path, name, context.clock()) if path.exists() else None
    interview = Interview(context, path.parent)
    by = _who(interview, before)
    given = _interviewed(interview, questions, settings, before)
    if not given:
        interview.tell(text("nothing was answered, so nothing is written"))
        return INCONCLUSIVE
    now = context.clock()
    write(path, given, by, now)
    _remember(settings, read(path, name, now), given, now)
    click.echo(context.say(text("{file}: {count} answers are written.", file=path, count=len(given))))
    return PASSED


def questions_of(check: str) -> list[Question]:
    """Return the questions that one check needs answered; none where the gateway's menus do not tell."""
    return [question for question in QUESTIONS if check in question.checks]


def _questions(patterns: Sequence[str]) -> list[Question]:
    """Return the questions of the chosen checks.

    Raises:
        UserError: for a pattern that no check with a question matches.
    """
    known = list(checks_asked())
    for pattern in patterns:
        if not any(fnmatchcase(check, pattern) for check in known):
            close = nearest(pattern, known)
            hint = text("did you mean {name}?", name=close) if close else text("there are {names}", names=known)
            raise UserError("--only {pattern}: no check of this id asks anything; {hint}", pattern=pattern, hint=hint)
    chosen = {check for check in known if not patterns or any(fnmatchcase(check, each) for each in patterns)}
    return [question for question in QUESTIONS if chosen.intersection(question.checks)]


def _who(interview: Interview, before: GatewayRecord | None) -> str:
    interview.tell(text("Read the answers off the gateway's menus. Enter keeps what is shown, ? means unknown."))
    return interview.prompt(text("Your name"), before.by if before else getpass.getuser(), str)


def _interviewed(
    interview: Interview, questions: Sequence[Question], settings: Settings, before: GatewayRecord | None
) -> Answers:
    given: Answers = {}
    for question in questions:
        for name in _names(question, settings, before, given):
            path = tuple(name if part == NAME else part for part in question.path)
            try:
                given[path] = interview.asked(question, name, _known(path, settings, before))
            except UnknownError:
                continue
    return given


def _known(path: tuple[str, ...], settings: Settings, before: GatewayRecord | None) -> Answer | None:
    """Return what was answered earlier; of a customer also what the configuration says."""
    noted = before.answer(*path) if before else None
    if noted is None and path[-1] == "customer":
        configured = next((each.customer for each in settings.domains if each.name == path[1]), "")
        return Answer(path, configured, "", datetime.min.replace(tzinfo=UTC)) if configured else None
    return noted


def _names(question: Question, settings: Settings, before: GatewayRecord | None, given: Answers) -> Iterator[str]:
    """Yield what a question is asked about: every domain, every customer, or once."""
    if NAME not in question.path:
        yield ""
    elif question.path[0] == "domains":
        yield from (domain.name for domain in settings.domains)
    else:
        yield from dict.fromkeys(filter(None, _customers(settings, before, given)))


def _customers(settings: Settings, before: GatewayRecord | None, given: Answers) -> Iterator[str]:
    for domain in settings.domains:
        path = ("domains", domain.name, "customer")
        noted = _known(path, settings, before)
        yield str(given.get(path) or (noted.value if noted else ""))


def _remember(settings: Settings, record: GatewayRecord, given: Answers, now: datetime) -> None:
    """Put a hold that was just attested into the history."""
    if not any(path[-1] == HOLD for path in given):
        return
    held = dict(holds(record, settings.site.domains))
    document = {"schema_version": 1, "at": stamp(now), "phase": None, "verdict": None, "domains": {}, "hold": held}
    history.write(settings.path(settings.run.history), document)

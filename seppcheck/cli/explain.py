"""`seppcheck explain`: one check's manual page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from seppcheck.cli import Context
from seppcheck.cli.explain_topics import TOPICS
from seppcheck.errors import UserError
from seppcheck.guide import load_guide
from seppcheck.model.checks import Check
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.text import Message, text
from seppcheck.plugins import bundled, load
from seppcheck.reports.words import PHASES, SEVERITIES

_WIDTH = 88


def _begun(context: click.Context, parameter: click.Parameter, beginning: str) -> list[str]:
    """Complete a check's id for the shell."""
    del context, parameter
    return [name for name in (*load(sources=False).checks, *TOPICS) if name.startswith(beginning)]


@click.command(
    "explain",
    help="Print a check's manual page; a number of the guide (P1) prints its checks'; exchange-export prints the "
    "PowerShell script that exports Exchange Online.",
)
@click.argument("check", metavar="CHECK", shell_complete=_begun)
@click.option("--plugins", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins.")
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def command(context: Context, check: str, plugins: tuple[Path, ...], lang: str | None) -> None:
    """Print what should be true, why, how to mend it, and where that is written."""
    del lang  # read before parsing, for every message
    if check in TOPICS:
        click.echo(TOPICS[check](), nl=False)
        return
    guide = load_guide(bundled("checks"))
    checks = load(plugins, sources=False).checks
    found = [checks[check]] if check in checks else [c for c in checks.values() if check.upper() in c.requirements]
    number = next((n for n in guide.numbers if n.id == check.upper()), None)
    if not found and number is None:
        nearest = get_close_matches(check, [*checks, *TOPICS, *(n.id for n in guide.numbers)], n=1, cutoff=0.0)
        raise UserError("there is no check {check}; the nearest is {nearest}", check=check, nearest=nearest)
    if not found and number is not None:
        click.echo(context.say(text("{number}: {title}", number=number.id, title=number.title)))
        click.echo(context.say(text("No check of this version answers it: look at it by hand.")))
    click.echo("\n\n".join("\n".join(_page(context, each, guide)) for each in found))


def _page(context: Context, check: Check, guide: Guide) -> Iterator[str]:
    yield check.id
    yield "=" * len(check.id)
    yield context.say(check.manual.title)
    yield ""
    for number in guide.numbers:
        if number.id in check.requirements:
            yield from _wrapped(f"{number.id:>4}  ", context.say(number.title))
    phases = [
        text("{phase} (warned at worst)", phase=PHASES[phase]) if cap is Outcome.WARNED else PHASES[phase]
        for phase, cap in check.phases.items()
    ]
    yield from _wrapped("", context.say(text("Severity: {severity}", severity=SEVERITIES[check.severity])))
    yield from _wrapped("", context.say(text("Phases: {phases}", phases=phases)))
    for paragraph in check.manual.why:
        yield ""
        yield from _wrapped("", context.say(paragraph))
    yield from _section(context, text("To mend"), check.manual.steps)
    yield from _section(context, text("Sources"), check.manual.sources)


def _section(context: Context, title: Message, items: Iterable[Message]) -> Iterator[str]:
    listed = list(items)
    if listed:
        yield ""
        yield context.say(title)
    for item in listed:
        yield from _wrapped("  - ", context.say(item))


def _wrapped(lead: str, words: str) -> list[str]:
    return textwrap.wrap(
        words,
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )

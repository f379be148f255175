"""The report as GitHub-flavoured Markdown, for a job's summary or a ticket: the answer first, then what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seppcheck.guide import load_guide
from seppcheck.locale import translator
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import Message, Translate, text
from seppcheck.plugins import bundled
from seppcheck.reports import drift
from seppcheck.reports.markdown_results import passed, to_do, unlooked, waived
from seppcheck.reports.markdown_room import LONGEST, Room, Writer, table
from seppcheck.reports.order import state_of
from seppcheck.reports.remarks import remarks
from seppcheck.reports.times import local
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.words import PHASES, STATES, SYMBOLS

_SIGNS = {
    Verdict.PASSED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}
_FEW = 8
"""Domains that are named; more are counted."""


def to_markdown(run: Run, guide: Guide | None = None, translate: Translate | None = None) -> str:
    """Return the report of a run; it stays below the 1 MiB that GitHub takes as a summary, and says what is left out.

    Args:
        run: what was judged.
        guide: the guide's chapters and numbers; by default those that the checks come with.
        translate: for the sentences; by default that of the run's language.
    """
    writer = Writer(translate or translator(run.language))
    return "\n\n".join(_blocks(run, guide or load_guide(bundled("checks")), writer)) + "\n"


def _blocks(run: Run, guide: Guide, writer: Writer) -> Iterator[str]:
    yield f"# {SYMBOLS[_SIGNS[run.verdict]]} {writer.encode(verdict_line(run, writer.translate))}"
    yield writer.items(_facts(run))
    yield from _drift(run, writer)
    yield from _moments(run, writer)
    yield from to_do(run, writer)
    yield from unlooked(run, writer)
    yield from _guide(run, guide, writer)
    yield from waived(run, writer)
    yield from passed(run, writer)
    for title, messages in remarks(run):
        yield from _listed(title, messages, writer)


def _facts(run: Run) -> Iterator[Message]:
    names = [domain.name for domain in run.site.domains]
    more = len(names) - _FEW
    yield text("{fact}: {value}", fact=PHASES[run.phase], value=run.site.gateway.name)
    shown = [*names[:_FEW], text("and {count} more", count=more)] if more > 0 else names
    yield text("Domains: {names}", names=shown or None)
    yield text("Tenant: {name}", name=run.site.tenant.name or None)
    yield local(text("Judged at {time}", time=run.judged_at))
    counts = [text("{count} {state}", count=run.counts[o], state=STATES[o]) for o in Outcome if run.counts[o]]
    yield text("Results: {counts}", counts=counts or None)
    if run.replay_of is not None:
        yield text("This is a replay of what was gathered at {time}.", time=run.replay_of)
    if run.interrupted:
        yield text("The run was interrupted: what is missing was not looked at.")


def _drift(run: Run, writer: Writer) -> Iterator[str]:
    if run.drift is None:
        return
    yield f"## {writer.say(drift.TITLE)} ({len(run.drift)})"
    if not run.drift:
        yield writer.say(text("Nothing."))
    room = Room(LONGEST["drift"])
    rows = (
        (
            writer.say(drift.CHANGES[entry.change]),
            writer.encode(drift.about(entry)),
            writer.say(entry.summary),
            writer.encode(drift.value(entry.before)),
            writer.encode(drift.value(entry.after)),
        )
        for entry in run.drift
    )
    heads = text("Change"), text("What"), text("Finding"), text("Before"), text("After")
    yield from table(writer, heads, rows, room)
    yield from writer.left_out(room)


def _moments(run: Run, writer: Writer) -> Iterator[str]:
    yield from _listed(text("Times"), [local(moment.summary) for moment in run.moments], writer)


def _guide(run: Run, guide: Guide, writer: Writer) -> Iterator[str]:
    """Yield a row for each chapter: every number with its sign, and what the signs mean."""
    yield f"## {writer.say(text('The guide at a glance'))}"
    known = {number.id for number in guide.numbers}
    others = [number for number in (*run.requirements, *run.uncovered) if number not in known]
    chapters = [(writer.say(c.title), [number.id for number in c.numbers]) for c in guide.chapters]
    chapters += [(writer.say(text("Others")), list(dict.fromkeys(others)))] if others else []
    rows = ((title, _numbers(run, numbers, writer)) for title, numbers in chapters)
    yield from table(writer, (text("Chapter"), text("Requirements")), rows, Room(LONGEST["guide"]))
    legend = {
        SYMBOLS[state]: [writer.say(STATES[other]) for other in STATES if SYMBOLS[other] == SYMBOLS[state]]
        for state in STATES
    }
    yield " · ".join(f"{symbol} {', '.join(words)}" for symbol, words in legend.items())


def _numbers(run: Run, numbers: Iterable[str], writer: Writer) -> str:
    return " ".join(f"{SYMBOLS[state_of(run, number)]} {writer.encode(number)}" for number in numbers)


def _listed(title: Message, messages: list[Message], writer: Writer) -> Iterator[str]:
    if not messages:
        return
    yield f"## {writer.say(title)}"
    room = Room(LONGEST["remarks"])
    lines = room.fitting(f"- {writer.say(message)}" for message in messages)
    yield "\n".join(lines)
    yield from writer.left_out(room)

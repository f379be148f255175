"""The results in a Markdown report: what is to do, what could not be looked at, what is waived, what passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.reports import drift, order
from seppcheck.reports.encoders import for_html
from seppcheck.reports.markdown_room import LONGEST, Room, Writer, table
from seppcheck.reports.order import mending_of, waivers_of, with_outcome
from seppcheck.reports.words import ADVICE, REASONS, SEVERITIES, STATES, SYMBOLS

_NEEDED = (Outcome.FAILED, Outcome.WARNED)
_HEADS = text("Target"), text("Finding"), text("Expected"), text("Observed")


def to_do(run: Run, writer: Writer) -> Iterator[str]:
    """Yield what failed and warned, by check: each finding in a row, then how to mend it, once."""
    yield f"## {writer.say(text('To do'))}"
    groups: dict[tuple[Outcome, str], list[CheckResult]] = {}
    for result in with_outcome(run, *_NEEDED):
        groups.setdefault((result.outcome, result.check), []).append(result)
    if not groups:
        yield writer.say(drift.MENDING if run.drift else text("There is nothing to do."))
    room = Room(LONGEST["todo"])
    for results in groups.values():
        yield from _group(results, writer, room)
    yield from writer.left_out(room)


def _group(results: list[CheckResult], writer: Writer, room: Room) -> Iterator[str]:
    first = results[0]
    rows = (
        (
            writer.encode(" ".join(dict.fromkeys(filter(None, (result.target.name, finding.subject))))),
            f"{SYMBOLS[finding.outcome]} {writer.say(finding.summary)}",
            writer.say(finding.expected),
            writer.say(finding.observed),
        )
        for result in results
        for finding in result.findings
        if finding.outcome in _NEEDED
    )
    rest = [line for line in _mending(results, writer) if room.fitting([line])] if not room.missing else []
    shown = list(table(writer, _HEADS, rows, room))
    if shown:
        yield f"### {_title(first, writer)}"
        yield writer.say(first.title)
        yield from shown
        yield from ["\n".join(rest)] if rest else []


def _title(result: CheckResult, writer: Writer) -> str:
    about = ", ".join(
        (writer.say(STATES[result.outcome]), writer.say(SEVERITIES[result.severity]), *result.requirements)
    )
    return f"{SYMBOLS[result.outcome]} {writer.encode(result.check)} ({writer.encode(about)})"


def _mending(results: list[CheckResult], writer: Writer) -> Iterator[str]:
    """Yield the steps of all of them, each once, and the plans that do it."""
    steps = dict.fromkeys(step for result in results for step in result.steps)
    plans = dict.fromkeys(mending for result in results[:10] if (mending := mending_of(result)))
    if steps:
        yield f"**{writer.say(text('To mend'))}**"
        yield ""
    for number, step in enumerate(steps, 1):
        yield f"{number}. {writer.say(step)}"
    if plans:
        yield ""
    for plan in plans:
        yield f"- {writer.say(plan)}"


def unlooked(run: Run, writer: Writer) -> Iterator[str]:
    """Yield what could not be looked at, by reason; the same sentence once, with all that it holds up."""
    groups: dict[Reason, dict[str, list[tuple[CheckResult, Finding]]]] = {}
    count = 0
    for result, finding in order.unlooked(run.results):
        if isinstance(finding.reason, Reason):
            count += 1
            groups.setdefault(finding.reason, {}).setdefault(writer.say(finding.summary), []).append((result, finding))
    if not groups:
        return
    yield f"## {writer.say(text('Could not look'))} ({count})"
    room = Room(LONGEST["unlooked"])
    for reason, sentences in groups.items():
        lines = room.fitting(f"- {_held_up(found, writer)}: {said}" for said, found in sentences.items())
        if lines:
            yield f"### {SYMBOLS[Outcome.INCONCLUSIVE]} {writer.say(REASONS[reason])}"
            yield writer.say(ADVICE[reason])
            yield "\n".join(lines)
    yield from writer.left_out(room)


def _held_up(found: Iterable[tuple[CheckResult, Finding]], writer: Writer) -> str:
    names = dict.fromkeys(f"{result.check} {result.target.name}".strip() for result, _ in found)
    return writer.encode(", ".join(names))


def waived(run: Run, writer: Writer) -> Iterator[str]:
    """Yield who answers for what, and until when."""
    rows = [
        (
            writer.encode(result.check),
            writer.encode(result.target.name),
            writer.encode(waiver.owner),
            writer.encode(waiver.until.isoformat()),
            writer.encode(waiver.reason),
        )
        for result in run.results
        for waiver in waivers_of(result)
    ]
    if not rows:
        return
    yield f"## {writer.say(text('Waived'))} ({len(rows)})"
    room = Room(LONGEST["waived"])
    heads: tuple[Message, ...] = (text("Check"), text("Target"), text("Owner"), text("Until"), text("Reason"))
    yield from table(writer, heads, rows, room)
    yield from writer.left_out(room)


def passed(run: Run, writer: Writer) -> Iterator[str]:
    """Yield what passed and what does not apply, folded, by check."""
    for outcome, title in ((Outcome.PASSED, text("Passed")), (Outcome.NOT_APPLICABLE, text("Not applicable"))):
        results = with_outcome(run, outcome)
        if not results:
            continue
        checks: dict[str, list[CheckResult]] = {}
        for result in results:
            checks.setdefault(result.check, []).append(result)
        room = Room(LONGEST["passed"] // 2)
        lines = room.fitting(_concluded(outcome, alike, writer) for alike in checks.values())
        yield f"<details><summary>{for_html(title.render(writer.translate))} ({len(results)})</summary>"
        yield "\n".join(lines)
        yield from writer.left_out(room)
        yield "</details>"


def _concluded(outcome: Outcome, results: list[CheckResult], writer: Writer) -> str:
    """Return the line of one check; its results are counted where there are several."""
    named = f"- {SYMBOLS[outcome]} {writer.encode(results[0].check)}"
    if len(results) > 1:
        return f"{named} ({len(results)})"
    only = results[0]
    return f"{named}: {writer.say(text('{target}: {problem}', target=only.target.name, problem=only.summary))}"

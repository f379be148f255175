"""The report on a terminal: the answer first, then what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seppcheck.locale import translator
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports import drift
from seppcheck.reports.console import can_show, console_for
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.order import mending_of, unlooked, waivers_of, with_outcome
from seppcheck.reports.remarks import remarks
from seppcheck.reports.times import local
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.words import ADVICE, PHASES, PLAIN_SYMBOLS, REASONS, SEVERITIES, STATES, SYMBOLS

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "bold red",
    Outcome.WARNED: "yellow",
    Outcome.INCONCLUSIVE: "magenta",
    Outcome.WAIVED: "cyan",
    Outcome.NOT_APPLICABLE: "dim",
}
_VERDICTS = {
    Verdict.PASSED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}
_TALKATIVE = (Outcome.FAILED, Outcome.WARNED, Outcome.INCONCLUSIVE)
"""What somebody has to act upon: its sentences get the whole width."""
_NARROW = 72
"""Below this many columns a result takes a line for each of its parts."""
_LONGEST = 600
"""Characters of one text; reports in files show more."""
_FEW = 8
"""Above this many moments they are not all told."""
_MANY_CHANGES = 200
"""Above this many changes since the baseline they are counted."""
_MANY = 20
"""Above this many results that need nothing they are counted by check."""


def write_report(run: Run, stream: TextIO, translate: Translate | None = None, *, quiet: bool = False) -> None:
    """Write the report for people.

    Colours appear on a terminal only, and not where NO_COLOR is set (no-color.org).

    Args:
        run: what was judged.
        stream: a terminal, a pipe or a file; symbols that its encoding lacks get ASCII ones.
        translate: for the sentences; by default that of the run's language.
        quiet: the verdict line alone.
    """
    _Report(run, stream, translate or translator(run.language)).write(quiet=quiet)


@dataclass(slots=True)
class _Row:
    state: Outcome
    result: CheckResult
    sentence: Message
    lines: tuple[tuple[Message, str], ...] = ()


class _Report:
    def __init__(self, run: Run, stream: TextIO, translate: Translate) -> None:
        self.run = run
        self.translate = translate
        self.encoding = stream.encoding or "utf-8"
        self.console = console_for(stream)
        self.symbols = SYMBOLS if can_show("".join(SYMBOLS.values()), self.encoding) else PLAIN_SYMBOLS

    def say(self, message: Message) -> str:
        return for_terminal(message.render(self.translate), self.encoding, limit=_LONGEST)

    def line(self, value: str, style: str = "", indent: int = 0) -> None:
        self.console.print(Padding(Text(value, style=style, overflow="fold"), (0, 0, 0, indent), expand=False))

    def heading(self, message: Message, count: int | None = None) -> None:
        self.console.print()
        self.line(self.say(message) + ("" if count is None else f" ({count})"), "bold")

    def write(self, *, quiet: bool) -> None:
        state = _VERDICTS[self.run.verdict]
        answer = for_terminal(verdict_line(self.run, self.translate), self.encoding)
        if quiet:
            self.console.print(Text(answer, style=_STYLES[state]), soft_wrap=True)
            return
        self.line(f"{self.symbols[state]} {answer}", _STYLES[state])
        self._about()
        self._drift()
        self._moments()
        self._section(text("Failed"), Outcome.FAILED)
        self._unlooked()
        self._section(text("Warned"), Outcome.WARNED)
        self._section(text("Waived"), Outcome.WAIVED)
        self._section(text("Passed"), Outcome.PASSED)
        self._section(text("Not applicable"), Outcome.NOT_APPLICABLE)
        self._guide()
        self._notes()

    def _about(self) -> None:
        run = self.run
        facts = [PHASES[run.phase], text("gateway {name}", name=run.site.gateway.name)]
        if len(run.site.domains) == 1:
            facts.append(text("domain {name}", name=run.site.domains[0].name))
        elif run.site.domains:
            facts.append(text("{count} domains", count=len(run.site.domains)))
        if run.site.tenant.name:
            facts.append(text("tenant {name}", name=run.site.tenant.name))
        facts.append(text("{time}", time=run.judged_at))
        self.line(", ".join(self.say(fact) for fact in facts), "dim")
        if run.replay_of is not None:
            self.line(self.say(text("This is a replay of what was gathered at {time}.", time=run.replay_of)), "yellow")

    def _drift(self) -> None:
        """Print what is not as it was when somebody accepted it."""
        if not self.run.drift:
            return
        self.heading(drift.TITLE, len(self.run.drift))
        for entry in self.run.drift[:_MANY_CHANGES]:
            change = f"{self.symbols[Outcome.FAILED]} {self.say(drift.CHANGES[entry.change])}"
            self.line(f"{change} {for_terminal(drift.about(entry), self.encoding, limit=_LONGEST)}", "bold red", 2)
            self.line(self.say(entry.summary), indent=4)
            for compared in drift.compared(entry):
                self.line(self.say(compared), "dim", indent=4)
        if (more := len(self.run.drift) - _MANY_CHANGES) > 0:
            self.line(self.say(text("{count} more such changes: see --json", count=more)), "dim", indent=2)
        self.line(self.say(drift.MENDING), "dim")

    def _moments(self) -> None:
        """Print what is waited for; of many domains those that still wait."""
        moments = self.run.moments
        shown = moments if len(moments) <= _FEW else [moment for moment in moments if not moment.over][:_FEW]
        for moment in shown:
            self.line(self.say(local(moment.summary)), "" if moment.over else "bold yellow")
            for detail in moment.details if not moment.over and len(moments) <= _FEW else ():
                self.line(self.say(local(detail)), "dim", indent=2)
        if len(shown) < len(moments):
            self.line(self.say(text("{count} more such times: see --json", count=len(moments) - len(shown))), "dim")

    def _section(self, title: Message, outcome: Outcome) -> None:
        results = with_outcome(self.run, outcome)
        if not results:
            return
        self.heading(title, len(results))
        if outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE) and len(results) > _MANY:
            self._counted(results)
        else:
            self._rows(_Row(outcome, result, result.summary, tuple(_details(result))) for result in results)

    def _counted(self, results: Iterable[CheckResult]) -> None:
        for check, count in Counter(result.check for result in results).items():
            self.line(f"{for_terminal(check, self.encoding)}: {count}", indent=2)

    def _rows(self, rows: Iterable[_Row]) -> None:
        listed = list(rows)
        if self.console.width < _NARROW or any(row.state in _TALKATIVE for row in listed):
            for row in listed:
                self._stacked(row)
            return
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold", max_width=24)
        table.add_column(overflow="fold", max_width=32)
        table.add_column(overflow="fold", ratio=1)
        for row in listed:
            table.add_row(self._state(row), *self._names(row), self._sentences(row))
        self.console.print(Padding(table, (0, 0, 0, 2), expand=False))

    def _stacked(self, row: _Row) -> None:
        check, target = self._names(row)
        self.console.print(
            Padding(Text.assemble(self._state(row), " ", check, " ", target), (0, 0, 0, 2), expand=False)
        )
        self.console.print(Padding(self._sentences(row), (0, 0, 0, 4), expand=False))

    def _state(self, row: _Row) -> Text:
        word = self.say(STATES[row.state])
        if row.state is Outcome.FAILED:
            word = f"{word}, {self.say(SEVERITIES[row.result.severity])}"
        return Text(f"{self.symbols[row.state]} {word}", style=_STYLES[row.state])

    def _names(self, row: _Row) -> tuple[Text, Text]:
        result = row.result
        return Text(for_terminal(result.check, self.encoding)), Text(
            for_terminal(result.target.name, self.encoding), style="dim"
        )

    def _sentences(self, row: _Row) -> Text:
        sentences = Text(self.say(row.sentence), overflow="fold")
        for message, style in row.lines:
            sentences.append("\n" + self.say(message), style=style)
        return sentences

    def _unlooked(self) -> None:
        """Group what could not be looked at by reason: one thing to configure often answers many."""
        groups: dict[Reason, list[_Row]] = {}
        for result, finding in unlooked(self.run.results):
            if isinstance(finding.reason, Reason):
                row = _Row(Outcome.INCONCLUSIVE, result, finding.summary)
                groups.setdefault(finding.reason, []).append(row)
        if not groups:
            return
        self.heading(text("Could not look"), sum(len(rows) for rows in groups.values()))
        for reason, rows in groups.items():
            self.line(f"{self.say(REASONS[reason])}. {self.say(ADVICE[reason])}", "magenta", indent=2)
            self._sentences_once(rows)

    def _sentences_once(self, rows: Iterable[_Row]) -> None:
        """Print each sentence once, under the names of all that it holds up: often one answer helps them all."""
        grouped: dict[str, list[_Row]] = {}
        for row in rows:
            grouped.setdefault(self.say(row.sentence), []).append(row)
        for sentence, alike in grouped.items():
            names = [Text(" ").join(self._names(row)).plain.strip() for row in alike]
            self.line(f"{self.symbols[Outcome.INCONCLUSIVE]} {', '.join(dict.fromkeys(names))}", indent=2)
            self.line(sentence, indent=4)

    def _guide(self) -> None:
        states: dict[str, list[str]] = {}
        for number, state in self.run.requirements.items():
            states.setdefault("uncovered" if number in self.run.uncovered else state, []).append(number)
        for number in self.run.uncovered:
            if number not in self.run.requirements:
                states.setdefault("uncovered", []).append(number)
        if not states:
            return
        self.heading(text("Requirements of the guide"))
        for state, word in STATES.items():
            if numbers := states.get(state):
                self.line(f"{self.symbols[state]} {self.say(word)}: {' '.join(numbers)}", indent=2)

    def _notes(self) -> None:
        for title, messages in remarks(self.run):
            if messages:
                self.heading(title)
                for message in messages:
                    self.line(self.say(message), indent=2)
        if self.run.counts[Outcome.FAILED] or self.run.counts[Outcome.WARNED]:
            self.console.print()
            self.line(self.say(text("How to mend something: seppcheck explain CHECK")), "dim")


def _details(result: CheckResult) -> Iterator[tuple[Message, str]]:
    """Yield expected and observed of what is wrong, and who waived it."""
    if result.outcome in (Outcome.FAILED, Outcome.WARNED, Outcome.WAIVED):
        for place, finding in enumerate(result.leading):
            if place:
                yield finding.summary, ""
            yield from _compared(finding)
        if mending := mending_of(result):
            yield mending, "cyan"
    for waiver in waivers_of(result):
        yield (
            text(
                "waived until {until} by {owner}: {reason}",
                until=waiver.until,
                owner=waiver.owner,
                reason=waiver.reason,
            ),
            "cyan",
        )


def _compared(finding: Finding) -> Iterator[tuple[Message, str]]:
    if finding.expected is not None:
        yield text("expected: {value}", value=finding.expected), "dim"
    if finding.observed is not None:
        yield text("observed: {value}", value=finding.observed), "dim"

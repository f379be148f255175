"""The board of a watch on a terminal: go or no go first, then what is waited for, what is wrong, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.text import Text

from seppcheck.locale import translator
from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Entry, Night, State
from seppcheck.reports.console import can_show
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.order import with_outcome
from seppcheck.reports.times import both, local
from seppcheck.reports.watch_words import KINDS, SIGNS, change_of, duration, sight_of, step_of
from seppcheck.reports.words import PLAIN_SYMBOLS, STATES, SYMBOLS

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "bold red",
    Outcome.WARNED: "yellow",
    Outcome.INCONCLUSIVE: "magenta",
}
_WRONG = (Outcome.FAILED, Outcome.INCONCLUSIVE)
_LONGEST = 600
"""Characters of one text."""
_SENTENCE, _SIGHTS = 4, 4
"""Lines that the state, and the ages of what was looked at, may take."""
_RESERVED = 4
"""Lines that are left for the section that follows, heading and all."""
_MOMENTS = 6
"""Times that are counted down to at once; the nearest come first."""


@dataclass(frozen=True, slots=True)
class Board:
    """What is shown at one time (UTC).

    `looking` says that a round is under way, `problem` what went wrong beside it.
    """

    night: Night | None
    now: datetime
    language: str
    looking: bool = False
    problem: Message | None = None
    zone: tzinfo | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it for a terminal of any size: what is most important comes first, the rest is cut."""
        pen = _Pen(self, console.encoding or "utf-8", options.max_width)
        yield Group(*pen.lines(options.height or options.max_height))


class _Pen:
    def __init__(self, board: Board, encoding: str, width: int) -> None:
        self.board = board
        self.encoding = encoding
        self.width = width
        self.translate = translator(board.language)
        everything = "".join(SYMBOLS.values()) + "…→"
        self.whole = can_show(everything, encoding)
        self.symbols = SYMBOLS if self.whole else PLAIN_SYMBOLS

    def say(self, message: Message) -> str:
        shown = local(message, self.board.zone).render(self.translate)
        return for_terminal(shown if self.whole else shown.replace("→", "->"), self.encoding, limit=_LONGEST)

    def line(self, value: str, style: str = "") -> Text:
        return Text(value, style=style, no_wrap=True, overflow="ellipsis" if self.whole else "crop")

    def lines(self, height: int) -> Sequence[Text]:
        """Return as many lines as fit; a section too long gives way to a count of what is left out."""
        night = self.board.night
        if night is None:
            return [self._clock(), self.line(self.say(text("The first look is under way; Ctrl-C ends the watch.")))]
        head = [
            self._clock(),
            self._about(night),
            Text(),
            *self._state(night.state_at(self.board.now)),
            *self._problem(),
            Text(),
        ]
        foot = [Text(), *self._sights(night), self._hint()]
        left = max(0, height - len(head) - len(foot) - 1)
        middle: list[Text] = []
        sections = [section for section in self._sections(night) if section[1]]
        for number, (heading, body) in enumerate(sections, start=1):
            room = left - len(middle) - 2
            room = max(room - _RESERVED * (number < len(sections)), min(room, _RESERVED))
            if room > 0:
                middle += [self.line(self.say(heading), "bold"), *self._fitting(body, room), Text()]
        return [*head, *middle, *foot][: max(height - 1, 1)]

    def _fitting(self, body: Sequence[Text], room: int) -> Sequence[Text]:
        if len(body) <= room or room == 1:
            return body[:room]
        return [*body[: room - 1], self.line(self.say(text("and {count} more", count=len(body) - room + 1)), "dim")]

    def _clock(self) -> Text:
        now = both(self.board.now, self.board.zone, seconds=True)
        doing = self.say(text("looking")) if self.board.looking else ""
        return self.line(f"seppcheck · {now} {doing}" if self.whole else f"seppcheck  {now} {doing}", "bold")

    def _about(self, night: Night) -> Text:
        site = night.run.site
        facts = (text("gateway {name}", name=site.gateway.name), text("tenant {name}", name=site.tenant.name or None))
        return self.line(", ".join(map(self.say, (*facts, text("{count} domains", count=len(site.domains))))), "dim")

    def _state(self, state: State) -> Iterator[Text]:
        """Yield the line that everything is about, whole: it wraps where the others are cut."""
        sign = SIGNS[state.kind]
        word = self.say(KINDS[state.kind]).upper()
        yield Text(f" {self.symbols[sign]} {word} ", style=f"{_STYLES[sign]} reverse")
        yield from self._wrapped(Text(self.say(state.sentence), style=_STYLES[sign]))[:_SENTENCE]

    def _wrapped(self, value: Text) -> list[Text]:
        return list(value.wrap(_WRAPPING, max(self.width, 1), overflow="fold"))

    def _problem(self) -> Iterator[Text]:
        if self.board.problem is not None:
            yield self.line(self.say(self.board.problem), "bold red")

    def _sections(self, night: Night) -> Iterator[tuple[Message, Sequence[Text]]]:
        yield text("Times"), list(self._moments(night.run.moments))
        wrong, warned = with_outcome(night.run, *_WRONG), with_outcome(night.run, Outcome.WARNED)
        yield text("Not in order ({count})", count=len(wrong)), [self._result(result) for result in wrong]
        yield text("What changed last"), list(self._changes(reversed(night.entries)))
        yield text("Warned ({count})", count=len(warned)), [self._result(result) for result in warned]

    def _moments(self, moments: Iterable[Moment]) -> Iterator[Text]:
        now = self.board.now
        awaited = [(m.at, m) for m in moments if m.at is not None and not m.over]
        for at, moment in sorted(awaited, key=lambda pair: pair[0])[:_MOMENTS]:
            yield self.line(f"  {duration(at - now):>8}  {self.say(moment.summary)}", "bold yellow")

    def _result(self, result: CheckResult) -> Text:
        word = self.say(STATES[result.outcome])
        about = f"{result.check} {for_terminal(result.target.name, self.encoding)}"
        line = f"  {self.symbols[result.outcome]} {word}  {about}: {self.say(result.summary)}"
        return self.line(line, _STYLES[result.outcome])

    def _changes(self, entries: Iterable[Entry]) -> Iterator[Text]:
        for entry in entries:
            if entry.before is None:
                continue
            when = entry.at.astimezone(self.board.zone).strftime("%H:%M:%S")
            if entry.rings:
                yield self.line(f"  {when}  {self.say(step_of(entry))}", "bold")
            for line in (*map(change_of, entry.changes), *entry.moments):
                yield self.line(f"  {when}  {self.say(line)}")

    def _sights(self, night: Night) -> Iterator[Text]:
        """Yield how old everything is, side by side; what is old or was not to be had comes first."""
        told_ages = Text()
        doubtful = {sight: sight.is_old(self.board.now) or sight.missed for sight in night.sights}
        for sight in sorted(doubtful, key=lambda sight: not doubtful[sight]):
            style = "bold yellow" if doubtful[sight] else "dim"
            told_ages.append(f"{' | ' if told_ages else ''}{self.say(sight_of(sight, self.board.now))}", style)
        yield from self._wrapped(told_ages)[:_SIGHTS]

    def _hint(self) -> Text:
        return self.line(self.say(text("Ctrl-C ends the watch and prints the whole report.")), "dim")


_WRAPPING = Console(width=80, color_system=None)
"""What rich wants to know tab stops from."""

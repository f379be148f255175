"""The protocol of a night in GitHub-flavoured Markdown, for the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from seppcheck import __version__
from seppcheck.locale import translator
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Change, Entry, Night
from seppcheck.reports.encoders import for_markdown
from seppcheck.reports.times import both, local
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.watch_words import change_of, evidence_of, facts_of, results_of, step_of
from seppcheck.reports.words import STATES


def to_markdown(night: Night, zone: tzinfo | None = None) -> str:
    """Return the protocol, in the run's language; times in UTC and in `zone` (None = this machine's)."""
    return "\n\n".join(_Protocol(night, zone).blocks()) + "\n"


class _Protocol:
    def __init__(self, night: Night, zone: tzinfo | None) -> None:
        self.night = night
        self.zone = zone
        self.translate = translator(night.run.language)

    def say(self, message: Message) -> str:
        return for_markdown(local(message, self.zone).render(self.translate))

    def blocks(self) -> Iterator[str]:
        night = self.night
        yield f"# {self.say(text('Protocol of the cutover'))}"
        yield f"**{self.say(night.state.sentence)}**"
        yield "\n".join(f"- {self.say(fact)}" for fact in facts_of(night, self.zone))
        yield f"## {self.say(text('What happened'))}"
        for entry in night.entries:
            yield from self._entry(entry)
        yield f"## {self.say(text('How it stands'))}"
        yield for_markdown(verdict_line(night.run, self.translate))
        if night.run.moments:
            yield "\n".join(f"- {self.say(moment.summary)}" for moment in night.run.moments)
        yield "\n".join(self._results())
        yield self.say(text("Written by seppcheck {version}.", version=__version__))

    def _entry(self, entry: Entry) -> Iterator[str]:
        yield f"### {for_markdown(both(entry.at, self.zone, seconds=True))}: {self.say(step_of(entry))}"
        if entry.before is None or entry.rings:
            yield f"**{self.say(entry.state.sentence)}**"
        lines = [line for change in entry.changes for line in self._change_lines(change)]
        lines += [f"- {self.say(moment)}" for moment in entry.moments]
        if lines:
            yield "\n".join(lines)

    def _change_lines(self, change: Change) -> Iterator[str]:
        yield f"- {self.say(change_of(change))}"
        for seen in evidence_of(change, self.zone):
            yield f"  - {self.say(seen)}"

    def _results(self) -> Iterator[str]:
        heads = (text("State"), text("Check"), text("About"), text("In words"))
        yield f"| {' | '.join(map(self.say, heads))} |"
        yield "|---|---|---|---|"
        for result in results_of(self.night.run):
            cells = (STATES[result.outcome], result.check, result.target.name, result.summary)
            yield f"| {' | '.join(self._cell(cell) for cell in cells)} |"

    def _cell(self, cell: Message | str) -> str:
        return self.say(cell) if isinstance(cell, Message) else for_markdown(cell)

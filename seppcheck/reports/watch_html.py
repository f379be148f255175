"""The protocol of a night as one HTML file: nothing loaded from elsewhere, no script, made to be printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from seppcheck import __version__
from seppcheck.locale import translator
from seppcheck.model.guide import Guide
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Change, Entry, Night
from seppcheck.reports.encoders import Html, element, join, visible
from seppcheck.reports.html_head import page_of
from seppcheck.reports.html_page import Page
from seppcheck.reports.times import both, local
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.watch_words import SIGNS, change_of, evidence_of, facts_of, results_of, step_of
from seppcheck.reports.words import SYMBOLS


def to_html(night: Night, zone: tzinfo | None = None) -> str:
    """Return the protocol as a page, in the run's language; times in UTC and in `zone` (None = this machine's)."""
    protocol = _Protocol(night, zone)
    title = visible(f"seppcheck · {protocol.say(text('Protocol of the cutover'))} · {night.run.site.gateway.name}")
    return page_of(title, protocol.body(), night.run.language)


class _Protocol:
    def __init__(self, night: Night, zone: tzinfo | None) -> None:
        self.night = night
        self.zone = zone
        self.page = Page(night.run, Guide(()), translator(night.run.language))

    def say(self, message: Message) -> str:
        return self.page.say(local(message, self.zone))

    def body(self) -> Html:
        return element(
            "div",
            self._answer(),
            element("main", self._events(), self._standing()),
            element("footer", element("p", self.say(text("Written by seppcheck {version}.", version=__version__)))),
            class_="seppcheck",
            lang=self.night.run.language,
        )

    def _answer(self) -> Html:
        state = self.night.state
        sign = SIGNS[state.kind]
        seal = element("span", SYMBOLS[sign], class_="seal", aria_hidden="true")
        eyebrow = element("p", self.say(text("Protocol of the cutover")), class_="eyebrow")
        sentence = element("h1", self.say(state.sentence))
        moments = (
            element("li", self.say(moment.summary), class_=None if moment.over else "waits")
            for moment in self.night.run.moments
        )
        facts = (element("li", self.say(fact)) for fact in facts_of(self.night, self.zone))
        return element(
            "header",
            element("div", seal, element("div", eyebrow, sentence), class_="headline"),
            element("ul", *moments, class_="moments"),
            element("ul", *facts, class_="moments"),
            class_=f"answer {sign}",
            id="answer",
        )

    def _events(self) -> Html:
        heads = (text("When"), text("State"), text("What changed"))
        rows = (self._row(entry) for entry in self.night.entries)
        table = self.page.table(text("Each change, in order"), heads, rows)
        return self.page.section("events", text("What happened"), table)

    def _row(self, entry: Entry) -> Html:
        new = entry.before is None or entry.rings
        sentence = element("p", self.say(entry.state.sentence)) if new else None
        return element(
            "tr",
            element("th", both(entry.at, self.zone, seconds=True), scope="row"),
            element("td", self.page.badge(SIGNS[entry.state.kind], step_of(entry)), sentence),
            element("td", element("ul", *self._changes(entry)) if entry.changes or entry.moments else None),
        )

    def _changes(self, entry: Entry) -> Iterator[Html]:
        for change in entry.changes:
            yield element("li", self.say(change_of(change)), self._evidence(change))
        for moment in entry.moments:
            yield element("li", self.say(moment))

    def _evidence(self, change: Change) -> Html | None:
        seen = [element("li", self.say(line)) for line in evidence_of(change, self.zone)]
        return element("ul", *seen) if seen else None

    def _standing(self) -> Html:
        heads = (text("State"), text("Check"), text("About"), text("In words"))
        rows = (
            element(
                "tr",
                element("td", self.page.badge(result.outcome)),
                element("td", result.check),
                element("td", result.target.name),
                element("td", self.say(result.summary)),
            )
            for result in results_of(self.night.run)
        )
        verdict = element("p", verdict_line(self.night.run, self.page.translate))
        table = self.page.table(text("Every check, most urgent first"), heads, rows)
        return self.page.section("standing", text("How it stands"), join(verdict, table))

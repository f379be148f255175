"""What every section of the HTML report is made with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from seppcheck.model.guide import Chapter, Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.text import Message, Translate, show, text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.order import names
from seppcheck.reports.words import STATES

MANY_RESULTS = 300
"""Above this many results the sections group by target, and what repeats is written once."""
MANY_TARGETS = 4
"""So they do above this many targets."""


@dataclass(slots=True)
class Page:
    """One run, in one language."""

    run: Run
    guide: Guide
    translate: Translate
    large: bool = False
    anchors: Mapping[int, str] = field(default_factory=dict)
    chapters: Mapping[str, Chapter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.large = len(self.run.results) > MANY_RESULTS
        named = names(self.run)
        self.anchors = {id(result): named[place] for place, result in enumerate(self.run.results)}
        self.chapters = {number.id: chapter for chapter in self.guide.chapters for number in chapter.numbers}

    def say(self, message: Message | None) -> str:
        """Return a message in the page's language; still untrusted text."""
        return "" if message is None else message.render(self.translate)

    def when(self, moment: datetime) -> str:
        """Return a time as people read it."""
        return show(moment)

    def anchor(self, result: CheckResult) -> str:
        """Return the id that links to a result end in."""
        return self.anchors[id(result)]

    def badge(self, state: str, word: Message | None = None) -> Html:
        """Return a state as a word; the style sheet puts its sign before it."""
        return element("span", self.say(word or STATES[state]), class_=f"badge {state}")

    def section(self, name: str, title: Message, *content: object) -> Html:
        """Return a section with its heading; it is a landmark with a link target of its own."""
        heading = element("h2", self.say(title), id=f"{name}-title")
        return element("section", heading, *content, id=name, aria_labelledby=f"{name}-title")

    def table(self, caption: Message, heads: Iterable[Message], rows: Iterable[Html], **attributes: object) -> Html:
        """Return a table with a caption and column headings, which scrolls by itself where it is too wide."""
        head = element("tr", join(*(element("th", self.say(h), scope="col") for h in heads)))
        parts = element("caption", self.say(caption)), element("thead", head), element("tbody", join(*rows))
        return element("div", element("table", *parts, **attributes), class_="wide", tabindex="0", role="group")

    def by_target(self, results: Iterable[CheckResult]) -> list[tuple[str, list[CheckResult]]]:
        """Group results by target name, in the order in which they come."""
        groups: dict[str, list[CheckResult]] = {}
        for result in results:
            groups.setdefault(result.target.name, []).append(result)
        return list(groups.items())

    def tally(self, results: Iterable[CheckResult]) -> str:
        """Return how many results there are of each outcome, such as "2 failed, 1 warned"."""
        outcomes = [result.outcome for result in results]
        parts = ((outcomes.count(outcome), STATES[outcome]) for outcome in Outcome)
        return ", ".join(f"{count} {self.say(word)}" for count, word in parts if count)

    def chapter(self, result: CheckResult) -> str:
        """Return where the guide speaks of a result: chapters and numbers."""
        chapters = dict.fromkeys(self.chapters[n].title for n in result.requirements if n in self.chapters)
        numbers = " ".join(result.requirements)
        if not numbers:
            return self.say(text("advice beyond the guide"))
        return " · ".join([*(self.say(chapter) for chapter in chapters), numbers])

"""Part 2, the guide at a glance: every number a tile with its state."""

from __future__ import annotations

from seppcheck.model.guide import Chapter, Number
from seppcheck.model.results import CheckResult
from seppcheck.model.text import text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.order import state_of, urgency
from seppcheck.reports.words import STATES


def guide_at_a_glance(page: Page) -> Html:
    """Return the guide's chapters in order, each number linked to the worst of its results."""
    worst = _worst_results(page)
    chapters = element("div", *(_chapter(page, chapter, worst) for chapter in page.guide.chapters), class_="chapters")
    known = {number.id for number in page.guide.numbers}
    others = [number for number in page.run.requirements if number not in known]
    more = element("ul", *(_tile(page, number, "", worst) for number in others), class_="tiles") if others else None
    return page.section("guide", text("The guide at a glance"), chapters, more, _legend(page))


def _chapter(page: Page, chapter: Chapter, worst: dict[str, CheckResult]) -> Html:
    tiles = (_numbered(page, number, worst) for number in chapter.numbers)
    title = element("h3", page.say(chapter.title))
    return element("div", title, element("ul", *tiles, class_="tiles"), class_="chapter")


def _numbered(page: Page, number: Number, worst: dict[str, CheckResult]) -> Html:
    return _tile(page, number.id, page.say(number.title), worst)


def _tile(page: Page, number: str, title: str, worst: dict[str, CheckResult]) -> Html:
    state = state_of(page.run, number)
    words = join(element("b", number), " ", page.badge(state), " ", element("span", title, class_="spoken"))
    result = worst.get(number)
    if result is None:
        return element("li", element("span", words, class_=f"tile {state}", title=title))
    return element("li", element("a", words, class_=f"tile {state}", title=title, href=f"#{page.anchor(result)}"))


def _worst_results(page: Page) -> dict[str, CheckResult]:
    worst: dict[str, CheckResult] = {}
    for result in sorted(page.run.results, key=urgency):
        for number in result.requirements:
            worst.setdefault(number, result)
    return worst


def _legend(page: Page) -> Html:
    """Return what the signs mean."""
    return element("p", *(join(page.badge(state), " ") for state in STATES), class_="legend")

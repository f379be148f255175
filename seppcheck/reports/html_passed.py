"""Part 6, passed and not applicable: folded, for whoever wants to see it."""

from __future__ import annotations

from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.text import text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.order import with_outcome
from seppcheck.reports.words import ASSURANCES


def passed(page: Page) -> Html:
    """Return the section; a small run has one table, a large one a list for each target."""
    results = with_outcome(page.run, Outcome.PASSED, Outcome.NOT_APPLICABLE)
    if not results:
        content: Html = element("p", page.say(text("Nothing passed.")), class_="empty")
    elif page.large:
        content = join(*(_group(page, name, group) for name, group in page.by_target(results)))
    else:
        summary = element("summary", page.tally(results))
        content = element("details", summary, _table(page, results), class_="group")
    return page.section("passed", text("Passed and not applicable"), content)


def _table(page: Page, results: tuple[CheckResult, ...]) -> Html:
    heads = (text("State"), text("Check"), text("Target"), text("What was found"), text("Guide"), text("Assurance"))
    rows = (
        element(
            "tr",
            element("td", page.badge(result.outcome)),
            element("td", element("code", result.check)),
            element("td", result.target.name),
            element("td", page.say(result.summary)),
            element("td", " ".join(result.requirements)),
            element("td", page.say(ASSURANCES[result.assurance])),
            id=page.anchor(result),
            class_=f"row {result.outcome}",
        )
        for result in results
    )
    return page.table(text("Results that need nobody"), heads, rows, class_="sortable")


def _group(page: Page, name: str, results: list[CheckResult]) -> Html:
    summary = element("summary", element("h3", name), " ", element("span", page.tally(results), class_="about"))
    lines = element("ul", *(_line(page, result) for result in results), class_="lines")
    return element("details", summary, lines, class_="group")


def _line(page: Page, result: CheckResult) -> Html:
    words = join(page.badge(result.outcome), " ", element("b", result.check), " ", page.say(result.summary))
    return element("li", words, id=page.anchor(result), class_=f"row {result.outcome}")

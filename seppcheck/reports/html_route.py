"""Part 3, the way mail takes: a drawing, and the same in words."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.model.results import CheckResult
from seppcheck.model.text import text
from seppcheck.reports.encoders import Html, element
from seppcheck.reports.html_page import Page
from seppcheck.reports.route import STATE_OUTCOMES, STATE_WORDS, Leg
from seppcheck.reports.route_drawing import drawing
from seppcheck.reports.route_legs import route_of

_FEW = 3
"""Results that one leg links to; of more, it says how many there are."""


def way_of_mail(page: Page) -> Html:
    """Return the section; every leg has a number that drawing and list share."""
    route = route_of(page.run)
    drawn = element("div", drawing(page, route), class_="wide drawing", tabindex="0", role="group")
    legs = (_words(page, leg) for leg in route.legs)
    return page.section("route", text("The way mail takes"), drawn, element("ol", *legs, class_="legs"))


def _words(page: Page, leg: Leg) -> Html:
    extent = element("small", " ", page.say(leg.extent)) if leg.extent else None
    facts = [element("li", page.say(fact)) for fact in leg.facts]
    return element(
        "li",
        element("b", page.say(leg.title)),
        element("br"),
        page.badge(STATE_OUTCOMES[leg.state], STATE_WORDS[leg.state]),
        extent,
        element("ul", *facts, *_problems(page, leg.problems), class_="about") if facts or leg.problems else None,
    )


def _problems(page: Page, found: tuple[CheckResult, ...]) -> Iterator[Html]:
    """Yield a link to each of the worst results."""
    for result in found[:_FEW]:
        link = element("a", f"{result.check} {result.target.name}", href=f"#{page.anchor(result)}")
        yield element("li", page.badge(result.outcome), " ", link)
    if len(found) > _FEW:
        yield element("li", page.say(text("and {count} more results", count=len(found) - _FEW)))

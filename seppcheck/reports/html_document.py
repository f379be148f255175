"""The report as a person reads it: its sections in the order of design, top down."""

from __future__ import annotations

from seppcheck.model.guide import Guide
from seppcheck.model.run import Run
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports.encoders import Html, element, visible
from seppcheck.reports.html_answer import answer
from seppcheck.reports.html_appendix import settings, waivers
from seppcheck.reports.html_certificates import certificates
from seppcheck.reports.html_drift import what_changed
from seppcheck.reports.html_guide import guide_at_a_glance
from seppcheck.reports.html_page import Page
from seppcheck.reports.html_passed import passed
from seppcheck.reports.html_route import way_of_mail
from seppcheck.reports.html_todo import to_do
from seppcheck.reports.html_unlooked import could_not_look
from seppcheck.reports.words import PHASES

_PLACES: tuple[tuple[str, Message], ...] = (
    ("guide", text("Guide")),
    ("route", text("Way of mail")),
    ("unlooked", text("Could not look")),
    ("todo", text("To do")),
    ("passed", text("Passed")),
    ("certificates", text("Certificates")),
    ("waivers", text("Waivers")),
    ("settings", text("Settings")),
)


def document(run: Run, guide: Guide, translate: Translate) -> Html:
    """Return everything that stands in the body of the page."""
    page = Page(run, guide, translate)
    return element(
        "div",
        element("a", page.say(text("Skip to what there is to do")), href="#todo", class_="skip"),
        answer(page),
        _navigation(page),
        element(
            "main",
            what_changed(page),
            guide_at_a_glance(page),
            way_of_mail(page),
            could_not_look(page),
            to_do(page),
            passed(page),
            certificates(page),
            waivers(page),
            settings(page),
        ),
        _footer(page),
        class_="seppcheck",
        lang=run.language,
    )


def title(run: Run, translate: Translate) -> str:
    """Return the name of the page, for the tab and for bookmarks: text, which pytest-html escapes."""
    phase = PHASES[run.phase].render(translate)
    return visible(f"seppcheck · {phase} · {run.site.gateway.name}")


def _navigation(page: Page) -> Html:
    places = _PLACES if page.run.drift is None else (("drift", text("Changes")), *_PLACES)
    links = (element("li", element("a", page.say(word), href=f"#{place}")) for place, word in places)
    label = element("label", page.say(text("Filter")), for_="filter")
    field = element(
        "input", id="filter", type="search", autocomplete="off", placeholder=page.say(text("check, target, word"))
    )
    search = element("div", label, " ", field, element("output", for_="filter"), class_="filter", hidden=True)
    return element("nav", element("ul", *links), search, aria_label=page.say(text("Sections")))


def _footer(page: Page) -> Html:
    made = text(
        "Gathered from {start} to {end}, judged by the clock of {judged}. Written by seppcheck with pytest-html.",
        start=page.run.started_at,
        end=page.run.finished_at,
        judged=page.run.judged_at,
    )
    return element("footer", element("p", page.say(made)))

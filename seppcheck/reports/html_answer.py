"""Part 1, the answer: one sentence, and what it is about."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Outcome
from seppcheck.model.run import Verdict
from seppcheck.model.text import Message, text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.route_evidence import addresses_of
from seppcheck.reports.times import local
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.words import PHASES, SYMBOLS

_SIGNS = {
    Verdict.PASSED: Outcome.PASSED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}
_PLACES = {
    Outcome.FAILED: "todo",
    Outcome.WARNED: "todo",
    Outcome.INCONCLUSIVE: "unlooked",
    Outcome.WAIVED: "waivers",
    Outcome.PASSED: "passed",
    Outcome.NOT_APPLICABLE: "passed",
}
_FEW = 8
"""Domains that are named at once; more of them are folded."""
_MOST = 1000


def answer(page: Page) -> Html:
    """Return the head of the report."""
    run = page.run
    state = _SIGNS[run.verdict]
    sign = element("span", SYMBOLS[state], class_="seal", aria_hidden="true")
    sentence = element("h1", verdict_line(run, page.translate))
    eyebrow = element("p", f"seppcheck · {page.say(PHASES[run.phase])}", class_="eyebrow")
    remarks = [element("p", remark, class_="remark") for remark in _remarks(page)]
    return element(
        "header",
        element("div", sign, element("div", eyebrow, sentence), class_="headline"),
        *remarks,
        _moments(page),
        _facts(page),
        _counts(page),
        class_=f"answer {state}",
        id="answer",
    )


def _remarks(page: Page) -> Iterator[str]:
    run = page.run
    if run.replay_of is not None:
        yield page.say(text("This is a replay of what was gathered at {time}.", time=run.replay_of))
    if run.interrupted:
        yield page.say(text("The run was interrupted: what is missing was not looked at."))
    for note in run.notes:
        yield page.say(note)


def _moments(page: Page) -> Html | None:
    """Return what is waited for; with many domains, or sentences behind them, folded."""
    moments = page.run.moments
    if not moments:
        return None
    items = [
        element("li", page.say(local(moment.summary)), _details(page, moment), class_=None if moment.over else "waits")
        for moment in moments[:_MOST]
    ]
    times = element("ul", *items, class_="moments", aria_label=page.say(text("Times")))
    if len(moments) <= _FEW:
        return times
    return element("details", element("summary", page.say(text("{count} times", count=len(moments)))), times)


def _details(page: Page, moment: Moment) -> Html | None:
    told = [element("li", page.say(local(detail))) for detail in moment.details]
    if not told:
        return None
    return element("details", element("summary", page.say(text("Worked out from"))), element("ul", *told))


def _facts(page: Page) -> Html:
    run = page.run
    addresses = ", ".join(addresses_of(run))
    facts: list[tuple[Message, object]] = [
        (text("Gateway"), join(element("b", run.site.gateway.name), " ", addresses)),
        (text("Domains"), _domains(page)),
        (text("Tenant"), run.site.tenant.name or page.say(text("not configured"))),
        (text("Judged at"), page.when(run.judged_at)),
    ]
    rows = (element("div", element("dt", page.say(term)), element("dd", value)) for term, value in facts)
    return element("dl", *rows, class_="facts")


def _domains(page: Page) -> object:
    domains = [domain.name for domain in page.run.site.domains]
    if len(domains) <= _FEW:
        return ", ".join(domains) or page.say(text("none"))
    count = page.say(text("{count} domains", count=len(domains)))
    return element("details", element("summary", count), ", ".join(domains[:1000]))


def _counts(page: Page) -> Html:
    counts = page.run.counts
    chips = (
        element(
            "li",
            element("a", element("b", counts[outcome]), " ", page.badge(outcome), href=f"#{_PLACES[outcome]}"),
            class_=None if counts[outcome] else "none",
        )
        for outcome in _PLACES
    )
    planned = element("li", element("b", counts["planned"]), " ", page.say(text("checks in all")), class_="all")
    return element("ul", *chips, planned, class_="counts", aria_label=page.say(text("Results by outcome")))

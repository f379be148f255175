"""Part 4, what could not be looked at: grouped by reason, with what to configure or run."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.text import text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.order import unlooked
from seppcheck.reports.words import ADVICE, REASONS

_Found = tuple[CheckResult, Finding]
_FOLD = 40
"""Above this many lines of one reason they are folded by check."""


def could_not_look(page: Page) -> Html:
    """Return the section; it says so when everything was looked at."""
    groups: dict[Reason, list[_Found]] = {}
    for result, finding in unlooked(page.run.results):
        if isinstance(finding.reason, Reason):
            groups.setdefault(finding.reason, []).append((result, finding))
    targets = _Targets()
    parts = [_group(page, reason, found, targets) for reason, found in groups.items()]
    parts += _left_out(page)
    if not parts:
        parts = [element("p", page.say(text("Everything that is due was looked at.")), class_="empty")]
    return page.section("unlooked", text("Could not look"), *parts)


class _Targets:
    """Hands a result's link target out once: to its first line in this section."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def once(self, page: Page, result: CheckResult) -> str | None:
        anchor = page.anchor(result)
        if result.outcome is not Outcome.INCONCLUSIVE or anchor in self.given:
            return None
        self.given.add(anchor)
        return anchor


def _group(page: Page, reason: Reason, found: list[_Found], targets: _Targets) -> Html:
    title = element(
        "h3", page.badge(Outcome.INCONCLUSIVE, REASONS[reason]), " ", element("span", len(found), class_="count")
    )
    advice = element("p", page.say(ADVICE[reason]), class_="advice")
    return element("div", title, advice, *_lines(page, found, targets), class_="reason inconclusive")


def _lines(page: Page, found: list[_Found], targets: _Targets) -> Iterator[Html]:
    if len(found) <= _FOLD:
        yield element("ul", *(_line(page, each, targets) for each in found), class_="lines")
        return
    checks: dict[str, list[_Found]] = {}
    for each in found:
        checks.setdefault(each[0].check, []).append(each)
    for check, several in checks.items():
        lines = element("ul", *(_line(page, each, targets) for each in several), class_="lines")
        yield element("details", element("summary", f"{check} ({len(several)})"), lines, class_="fold")


def _line(page: Page, each: _Found, targets: _Targets) -> Html:
    result, finding = each
    about = " · ".join(filter(None, (finding.requirement or " ".join(result.requirements), result.target.name)))
    words = join(element("b", result.check), " ", element("span", about, class_="about"), element("br"))
    return element("li", words, page.say(finding.summary), id=targets.once(page, result), class_="row inconclusive")


def _left_out(page: Page) -> Iterator[Html]:
    """Yield what was not even tried: by choice, or because no check is installed."""
    if page.run.skipped:
        lines = (element("li", element("b", skipped.check), " ", skipped.reason) for skipped in page.run.skipped)
        title = element("h3", page.badge("not-selected"))
        yield element("div", title, element("ul", *lines, class_="lines"), class_="reason")
    if page.run.uncovered:
        title = element("h3", page.badge("uncovered"))
        sentence = text("No check of this installation answers {numbers}.", numbers=page.run.uncovered)
        yield element("div", title, element("p", page.say(sentence)), class_="reason")

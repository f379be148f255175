"""Right after the answer of a drift run: what changed since the baseline, before beside after."""

from __future__ import annotations

from seppcheck.model.drift import DriftEntry
from seppcheck.model.outcomes import Outcome
from seppcheck.model.text import text
from seppcheck.reports import drift
from seppcheck.reports.differences import marked
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.words import TARGETS

_MOST = 2000


def what_changed(page: Page) -> Html | None:
    """Return the section; None where nothing was compared."""
    entries = page.run.drift
    if entries is None:
        return None
    counted = drift.count_of(page.run)
    content: list[Html | None] = [element("p", page.say(counted), class_="about")]
    content += [_card(page, entry) for entry in entries[:_MOST]]
    if len(entries) > _MOST:
        more = text("{count} more such changes: see --json", count=len(entries) - _MOST)
        content.append(element("p", page.say(more), class_="empty"))
    return page.section("drift", drift.TITLE, *content)


def _card(page: Page, entry: DriftEntry) -> Html:
    badge = page.badge(Outcome.FAILED, drift.CHANGES[entry.change])
    target = f"{page.say(TARGETS[entry.target.kind])} {entry.target.name}"
    where = join(badge, " ", element("code", entry.kind), " ", target)
    about = " · ".join(filter(None, (entry.object, entry.property)))
    return element(
        "article",
        element("p", where, " ", element("span", about, class_="about"), class_="meta"),
        element("h3", page.say(entry.summary)),
        _compared(page, entry),
        class_=f"row card {Outcome.FAILED}",
    )


def _compared(page: Page, entry: DriftEntry) -> Html:
    before, after = marked(drift.value(entry.before), drift.value(entry.after))
    pair = (
        element("div", element("dt", page.say(text("Before"))), element("dd", before)),
        element("div", element("dt", page.say(text("After"))), element("dd", after)),
    )
    return element("dl", *pair, class_="pair")

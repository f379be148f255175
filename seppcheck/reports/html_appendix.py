"""Part 7, after the certificates: waivers, settings and versions."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version

from seppcheck import __version__
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import Waiver
from seppcheck.model.text import Message, text
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import Page
from seppcheck.reports.order import waivers_of


def waivers(page: Page) -> Html:
    """Return who answers for what and until when, unused ones too."""
    rows = []
    for result in page.run.results:
        for place, waiver in enumerate(waivers_of(result)):
            anchor = page.anchor(result) if result.outcome is Outcome.WAIVED and not place else None
            rows.append(_waiver(page, result.check, result.target.name, waiver, Outcome.WAIVED, anchor))
    rows += [
        _waiver(page, unused.waiver.check, unused.waiver.target, unused.waiver, _why(expired=unused.expired), None)
        for unused in page.run.unused_waivers
    ]
    if not rows:
        content: Html = element("p", page.say(text("Nothing is waived.")), class_="empty")
    else:
        heads = text("Check"), text("Target"), text("State"), text("Owner"), text("Until"), text("Reason")
        content = page.table(text("Findings that somebody answers for"), heads, rows)
    return page.section("waivers", text("Waivers"), content)


def _why(*, expired: bool) -> Message:
    return text("expired") if expired else text("unused")


def _waiver(page: Page, check: str, target: str, waiver: Waiver, state: Outcome | Message, anchor: str | None) -> Html:
    badge = page.badge("not-selected", state) if isinstance(state, Message) else page.badge(state)
    cells = element("code", check), target, badge, waiver.owner, waiver.until.isoformat(), waiver.reason
    return element("tr", *(element("td", cell) for cell in cells), id=anchor)


def settings(page: Page) -> Html:
    """Return the settings in force, without secrets, and the versions that made this report."""
    rows = [_fact(key, value) for key, value in _flat("", page.run.settings or {})]
    made = [_fact(name, number) for name, number in _versions().items()]
    tables = page.table(text("Versions"), (text("Program"), text("Version")), made)
    if rows:
        tables = join(page.table(text("Settings without secrets"), (text("Key"), text("Value")), rows), tables)
    shown = element("summary", page.say(text("Show settings and versions")))
    return page.section("settings", text("Settings and versions"), element("details", shown, tables, class_="group"))


def _fact(key: str, value: str) -> Html:
    return element("tr", element("th", element("code", key), scope="row"), element("td", value))


def _flat(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield every setting under its dotted path; numbers stand for places in lists."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
        for place, inner in enumerate(value):
            yield from _flat(f"{path}[{place}]", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield path, ", ".join(str(inner) for inner in value)
    elif value is not None:
        yield path, str(value)


def _versions() -> dict[str, str]:
    others = {name: version(name) for name in ("pytest", "pytest-html")}
    return {"seppcheck": __version__, "Python": platform.python_version(), **others}

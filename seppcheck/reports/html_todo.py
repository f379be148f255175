"""Part 5, what to do: failed, then warned, blockers first."""

from __future__ import annotations

from collections.abc import Iterable

from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.text import Message, text
from seppcheck.reports import drift
from seppcheck.reports.differences import marked
from seppcheck.reports.encoders import Html, element, join
from seppcheck.reports.html_page import MANY_TARGETS, Page
from seppcheck.reports.order import with_outcome
from seppcheck.reports.words import ASSURANCES, MENDING, SEVERITIES, TARGETS

_LEADING = (Outcome.FAILED, Outcome.WARNED, Outcome.INCONCLUSIVE)


def to_do(page: Page) -> Html:
    """Return one card for each result that needs somebody, grouped by target where there are many."""
    results = with_outcome(page.run, Outcome.FAILED, Outcome.WARNED)
    if not results:
        nothing = drift.MENDING if page.run.drift else text("There is nothing to do.")
        content: list[Html | None] = [element("p", page.say(nothing), class_="empty")]
    elif page.large or len({result.target for result in results}) > MANY_TARGETS:
        content = [_group(page, name, group) for name, group in page.by_target(results)]
    else:
        content = [_card(page, result) for result in results]
    return page.section("todo", text("To do"), *content, _mending(page, results) if page.large else None)


def _group(page: Page, name: str, results: list[CheckResult]) -> Html:
    summary = element("summary", element("h3", name), " ", element("span", page.tally(results), class_="about"))
    opened = not page.large
    return element("details", summary, *(_card(page, result) for result in results), class_="group", open=opened)


def _card(page: Page, result: CheckResult) -> Html:
    level = "h4" if page.large else "h3"
    badges = join(
        page.badge(result.outcome), " ", element("span", page.say(SEVERITIES[result.severity]), class_="level")
    )
    where = element("p", badges, " ", element("code", result.check), " ", _target(page, result), class_="meta")
    parts: list[Html | None] = [where, element(level, page.say(result.summary)), _findings(page, result)]
    if not page.large:
        parts.append(element("p", page.say(result.title), class_="should"))
    parts += [
        element("p", element("b", page.say(text("Guide"))), " ", page.chapter(result), class_="fact"),
        _steps(page, result),
        _planned(page, result),
        _evidence(page, result),
    ]
    return element("article", *parts, id=page.anchor(result), class_=f"row card {result.outcome}")


def _target(page: Page, result: CheckResult) -> str:
    return f"{page.say(TARGETS[result.target.kind])} {result.target.name}"


def _findings(page: Page, result: CheckResult) -> Html:
    """Return expected beside observed; a result of one finding needs no list."""
    told = [finding for finding in result.findings if finding.outcome in _LEADING]
    if len(told) == 1:
        return _compared(page, told[0])
    return element("ul", *(_finding(page, result, finding) for finding in told), class_="findings")


def _finding(page: Page, result: CheckResult, finding: Finding) -> Html:
    """Return one of several findings; a sentence that is the heading already is not said again."""
    about = " · ".join(filter(None, (finding.requirement, finding.subject)))
    sentence = page.say(finding.summary) if finding.summary != result.summary or not about else ""
    head = element("p", page.badge(finding.outcome), " ", element("span", about, class_="about"), " ", sentence)
    return element("li", head, _compared(page, finding))


def _compared(page: Page, finding: Finding) -> Html:
    if finding.expected is None and finding.observed is None:
        return Html()
    expected, observed = marked(page.say(finding.expected), page.say(finding.observed))
    pair = (
        element("div", element("dt", page.say(text("Expected"))), element("dd", expected or "—")),
        element("div", element("dt", page.say(text("Observed"))), element("dd", observed or "—")),
    )
    return element("dl", *pair, class_="pair")


def _steps(page: Page, result: CheckResult) -> Html | None:
    if not result.steps:
        return None
    title = element("b", page.say(text("To mend")))
    if page.large:
        link = element("a", result.check, href=f"#mend-{page.anchors[id(result)].partition('::')[0]}")
        return element("p", title, " ", link, class_="fact")
    return element("div", element("p", title), _ordered(page, result.steps), class_="mend")


def _planned(page: Page, result: CheckResult) -> Html | None:
    """Return what the remediation would do, and the command that plans it."""
    mending = result.mending
    if mending is None:
        return None
    title = element("b", page.say(text("Planned by")))
    command = element("code", f"seppcheck plan {mending.plan.value}")
    head = element("p", title, " ", command, " ", element("span", page.say(MENDING[mending.kind]), class_="about"))
    if page.large:
        return head
    return element("div", head, _ordered(page, mending.changes), class_="mend")


def _ordered(page: Page, steps: Iterable[Message]) -> Html:
    return element("ol", *(element("li", page.say(step)) for step in steps))


def _mending(page: Page, results: Iterable[CheckResult]) -> Html | None:
    """Return how each failing check is mended, once for all its results."""
    known: dict[str, list[Message]] = {}
    for result in results:
        steps = known.setdefault(page.anchor(result).partition("::")[0], [])
        steps += [step for step in result.steps if step not in steps]
    blocks = (
        element("div", element("h4", check), _ordered(page, steps), id=f"mend-{check}", class_="mend")
        for check, steps in known.items()
        if steps
    )
    return element("div", element("h3", page.say(text("How to mend it"))), *blocks)


def _evidence(page: Page, result: CheckResult) -> Html | None:
    """Return whom the sources asked, when, and whether a program saw it."""
    if not result.evidence:
        return None
    lines = [
        " · ".join(
            filter(
                None,
                (
                    note.kind,
                    page.say(text("from {source}", source=note.provenance.source)),
                    note.provenance.asked,
                    page.when(note.provenance.collected_at),
                    page.say(ASSURANCES[note.provenance.assurance]),
                ),
            )
        )
        for note in result.evidence
    ]
    if page.large:
        return element("p", element("b", page.say(text("Evidence"))), " ", "; ".join(lines), class_="fact")
    title = element("p", element("b", page.say(text("Evidence"))))
    return element("div", title, element("ul", *(element("li", line) for line in lines)), class_="evidence")

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser

import cmarkgfm
import pytest

from seppcheck.model.drift import DriftChange, DriftEntry
from seppcheck.model.results import Failed, Inconclusive, Passed
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain, Site
from seppcheck.model.text import text
from seppcheck.reports.markdown import to_markdown
from tests.reports.drifted import drifted_run
from tests.reports.hostile import CANARY, LIVE_ON_A_TERMINAL, hostile_run
from tests.reports.runs import DOMAINS, GATEWAY, many_results, mixed_run, result, run_of

GITHUB_TAKES = 1024 * 1024


class Page(HTMLParser):
    """What GitHub's parser makes of a report."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.headings: list[str] = []
        self.cells: list[str] = []
        self.text = ""
        self._inside: list[str] = []
        options = cmarkgfm.Options.CMARK_OPT_UNSAFE  # our own <details> must come through, and nobody else's markup
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append("")
        elif tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"h1", "h2", "h3"} & set(self._inside):
            self.headings[-1] += data
        elif "td" in self._inside:
            self.cells[-1] += data


ALLOWED = {
    *("h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "em", "code", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def page(run: Run) -> Page:
    return Page(to_markdown(run, translate=str))


def test_the_answer_comes_first_then_what_to_do_then_the_rest() -> None:
    found = page(mixed_run())
    assert found.headings[0].startswith("✘ Do not start: 1 blocker failed")
    assert found.headings[1:] == [
        "Times",
        "To do",
        "✘ dns-ptr (failed, blocker, P1)",
        "✘ dns-mx-ttl (failed, high, P2)",
        "▲ dns-spf-gateway (warned, advice)",
        "Could not look (3)",
        "? No answer in time",
        "? Not configured",
        "The guide at a glance",
        "Waived (1)",
        "Notes",
        "Left out",
        "Unused waivers",
    ]
    assert set(found.tags) <= ALLOWED


def test_expected_stands_beside_observed_and_steps_follow() -> None:
    written = to_markdown(mixed_run(), translate=str)
    cells = page(mixed_run()).cells
    place = cells.index("at most 300 s")
    assert cells[place - 2 : place + 2] == [
        "example.org ns1.example.org",
        "✘ ns1.example.org serves the MX record with a TTL of 3600 s",
        "at most 300 s",
        "3600 s",
    ]
    assert "**To mend**\n\n1. Ask the provider" in written


def test_what_could_not_be_looked_at_stands_under_its_reason_with_advice() -> None:
    written = to_markdown(mixed_run(), translate=str)
    group = written.split("### ? No answer in time\n\n")[1].split("###")[0]
    assert group.startswith("Run again; if it stays silent, look at the firewalls between this machine and it.\n\n")
    assert "- dns-mx-ttl example.org: ns2.example.org did not answer\n" in group


def test_one_sentence_that_holds_up_many_checks_is_said_once() -> None:
    unseen = Inconclusive("there is no gateway record")
    run = run_of([result(f"check-{n}", GATEWAY, unseen) for n in range(3)])
    written = to_markdown(run, translate=str)
    assert written.count("there is no gateway record") == 1
    assert "- check-0 secure.example.org, check-1 secure.example.org, check-2 secure.example.org: there" in written


def test_the_guide_is_a_table_and_what_nobody_looks_at_is_not_green() -> None:
    cells = page(mixed_run()).cells
    assert cells[cells.index("Preparation") + 1] == "✘ P1 ✘ P2 ? P3 ? P4 ○ P5 ? P6 ✔ P7 ≈ P8"
    assert "✔" not in cells[cells.index("Transport rule") + 1]


def test_what_passed_is_folded() -> None:
    written = to_markdown(mixed_run(), translate=str)
    folded = written.split("<details><summary>Passed (1)</summary>\n\n")[1].split("</details>")[0]
    assert folded.strip() == "- ✔ dns-mx-ttl: example.net: every server serves 300 s"


def test_who_answers_for_what_is_told() -> None:
    cells = page(mixed_run()).cells
    place = cells.index("dns-spf-ttl")
    assert cells[place + 1 : place + 5] == [
        "example.org",
        "Erika Mustermann",
        "2026-12-31",
        "the provider lowers it on Friday",
    ]


def test_a_drift_run_says_what_changed_right_after_the_answer() -> None:
    found = page(drifted_run())
    assert found.headings[0] == (
        "✘ In order, but not as it was: 1 check passed. Drift: 3 changes since the baseline of 2026-11-20 09:30 UTC."
    )
    assert found.headings[1] == "What changed since the baseline (3)"
    assert found.cells[:5] == [
        "changed",
        "transport-rules · example.onmicrosoft.com · SEPPmail inline · priority",
        "the rule SEPPmail inline stands behind others now",
        "0",
        "3",
    ]


def test_what_drifted_is_to_be_mended_or_accepted() -> None:
    written = to_markdown(drifted_run(), translate=str)
    assert "accept the present state with `seppcheck baseline accept`" in written.split("## To do\n\n")[1]
    assert "There is nothing to do." not in written
    assert "There is nothing to do." in to_markdown(drifted_run(()), translate=str)


def test_a_drift_run_without_changes_says_so() -> None:
    written = to_markdown(drifted_run(()), translate=str)
    assert "# ✔ Still in order: 1 check passed. Drift: no change since the baseline of 2026-11-20 09:30 UTC." in written
    assert "## What changed since the baseline (0)\n\nNothing." in written
    assert "What changed" not in to_markdown(mixed_run(), translate=str)


def test_a_run_of_nothing_and_a_replay_and_an_interruption_are_told() -> None:
    written = to_markdown(run_of((), interrupted=True, replay_of=datetime(2026, 11, 23, tzinfo=UTC)), translate=str)
    assert written.startswith("# ? Cannot tell whether you may start")
    assert "This is a replay of what was gathered at 2026-11-23 00:00 UTC." in written
    assert "The run was interrupted" in written


@pytest.mark.parametrize("large", [False, True])
def test_it_stays_below_what_github_takes_and_says_what_is_left_out(large: bool) -> None:
    run = run_of(many_results(500, 20))
    if large:
        long = "ä" * 5000
        drift = tuple(
            DriftEntry("mx", DOMAINS[0], f"{n}{long}", DriftChange.NEW, None, None, long, text("{x}", x=long))
            for n in range(1000)
        )
        findings = [
            finding
            for n in range(2000)
            for finding in (
                Failed("{n} {x}", n=n, x=long, expected=long, observed=long),
                Inconclusive("{n} {x}", n=n, x=long),
                Passed("{x}", x=long),
            )
        ]
        results = [result(f"check-{n}{long}", Domain(long), findings[n : n + 3]) for n in range(0, 6000, 3)]
        results += [result(f"good-{n}", Domain(long), Passed("{x}", x=long)) for n in range(2000)]
        run = run_of(results, site=Site(GATEWAY, tuple(Domain(long) for _ in range(100))), drift=drift,
                     notes=tuple(text("{x}", x=long) for _ in range(500)))  # fmt: skip
    written = to_markdown(run, translate=str)
    assert len(written.encode("utf-8")) < GITHUB_TAKES
    assert set(Page(written).tags) <= ALLOWED
    if large:
        assert "more are left out here: see --html or --json" in written


def test_hostile_text_is_nothing_but_text() -> None:
    written = to_markdown(hostile_run(), translate=str)
    for live in LIVE_ON_A_TERMINAL:
        assert live not in written
    found = Page(written)
    assert set(found.tags) <= ALLOWED
    assert "<script>document.title" in found.text
    harmless = page(mixed_run(drift=hostile_run().drift))
    for tag in ("h1", "h2", "h3", "table", "details", "summary", "td", "li"):
        assert found.tags.count(tag) == harmless.tags.count(tag), tag
    assert CANARY not in found.text


@pytest.mark.parametrize(
    "told", ["</details><b>x", "| a | b |", "\n# x", "](http://x) [", "```", "<!--", "`a|b`", "**x**", "@team #1"]
)
def test_markup_of_its_own_does_not_come_alive_either(told: str) -> None:
    finding = Failed("{x}", x=told, subject=told, expected=told, observed=told)
    unseen = Inconclusive("{x}", x=told)
    run = run_of([result("dns-ptr", Domain(told), [finding, unseen]), result("dns-mx", Domain(told), Passed(told))])
    found = page(run)
    assert set(found.tags) <= ALLOWED
    assert found.headings.count("To do") == 1
    assert found.cells[0] == found.cells[2]

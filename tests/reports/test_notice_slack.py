"""A changed verdict for Slack: nobody is paged by a name that somebody else chose, and it fits."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from seppcheck.model.notices import Notice
from seppcheck.model.targets import Domain
from seppcheck.model.text import text
from seppcheck.reports.notice_slack import to_slack
from tests.reports.hostile import LIVE_ON_A_TERMINAL, every_text, hostile_run, poisoned
from tests.reports.notices import DRIFT, notice
from tests.reports.runs import SITE, mixed_run

HOSTILE = notice(hostile_run(), drift=(poisoned(DRIFT),) * 9)
PAGE = "<!channel> <!here> <@U123> <https://evil.example|click> @here :bomb: *bold* &lt;"


def texts(body: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every text object with the length that Slack takes at its place."""
    for block in body["blocks"]:
        match block["type"]:
            case "header":
                yield 150, block["text"]
            case "section" if "fields" in block:
                assert len(block["fields"]) <= 10
                yield from ((2000, field) for field in block["fields"])
            case "section":
                yield 3000, block["text"]
            case "context":
                assert len(block["elements"]) <= 10
                yield from ((3000, element) for element in block["elements"])
            case other:
                raise AssertionError(other)


def test_it_says_what_changed_and_where_to_look_first() -> None:
    body = to_slack(notice(drift=(DRIFT,)), str)
    told = [given["text"] for _, given in texts(body)]
    assert told[0] == "seppcheck · Readiness · secure.example.org"
    assert told[1].startswith("✘ Do not start: 1 blocker failed")
    assert "Verdict before: passed" in told
    assert "the rule [SEPPmail] - 200 Route outgoing e-mails to SEPPmail was disabled" in told
    assert body["text"] == f"{told[0]}: {told[1]}"


@pytest.mark.parametrize("given", [notice(), HOSTILE], ids=["usual", "hostile"])
def test_no_text_is_markup(given: Notice) -> None:
    body = to_slack(given, str)
    assert all(found["type"] == "plain_text" and found["emoji"] is False for _, found in texts(body))
    assert (body["mrkdwn"], body["unfurl_links"], body["unfurl_media"]) == (False, False, False)
    assert "link_names" not in body


def test_a_name_can_neither_page_people_nor_make_a_link() -> None:
    run = replace(mixed_run(), site=replace(SITE, domains=(Domain(PAGE),)))
    body = to_slack(notice(run), str)
    shown = [value for value in every_text(body) if "channel" in value]
    assert shown
    assert all(html.unescape(value).endswith(PAGE) for value in shown)
    for value in every_text(body):
        assert "<" not in value
        assert ">" not in value


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    for value in every_text(to_slack(HOSTILE, str)):
        assert "<" not in value
        assert not any(live in value for live in LIVE_ON_A_TERMINAL)
        value.encode("utf-8")


@pytest.mark.parametrize("filler", ["a", "&", "\U0001f600", "\x1b", '"'])
def test_it_fits_whatever_stands_in_it(filler: str) -> None:
    long = filler * 5_000
    site = replace(SITE, domains=(Domain(long),), tenant=replace(SITE.tenant, name=long))
    results = tuple(
        replace(result, findings=tuple(finding.but(summary=text("{long}", long=long)) for finding in result.findings))
        for result in mixed_run().results
    )
    body = to_slack(notice(replace(mixed_run(), site=site, results=results), drift=(DRIFT,) * 9), str)
    assert len(body["blocks"]) <= 50
    for limit, found in texts(body):
        assert 0 < len(found["text"]) <= limit
        assert html.unescape(html.escape(html.unescape(found["text"]), quote=False)) == html.unescape(found["text"])
        assert not found["text"].removesuffix("…").endswith(("&", "&a", "&am", "&amp"))

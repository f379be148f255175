"""A changed verdict as a card for Teams: no text in it is markup, and it fits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from seppcheck.model.notices import Notice, VerdictChange
from seppcheck.model.run import Verdict
from seppcheck.model.targets import Domain
from seppcheck.model.text import text
from seppcheck.reports.notice_teams import to_teams
from tests.reports.hostile import LIVE_ON_A_TERMINAL, every_text, hostile_run, poisoned
from tests.reports.notices import DRIFT, notice
from tests.reports.runs import SITE, mixed_run

LIMIT = 28_000
"""Octets of a message that Teams takes."""
HOSTILE = notice(hostile_run(), drift=(poisoned(DRIFT),) * 9)


def card_of(given: Notice) -> dict[str, Any]:
    message = to_teams(given, str)
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: dict[str, Any] = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    return card


def elements(card: Any) -> Iterator[dict[str, Any]]:
    if isinstance(card, dict):
        yield card
    for inner in card.values() if isinstance(card, dict) else card if isinstance(card, list) else ():
        yield from elements(inner)


def lines(given: Notice) -> list[str]:
    return ["".join(run["text"] for run in block["inlines"]) for block in card_of(given)["body"]]


def test_it_says_what_changed_and_where_to_look_first() -> None:
    told = lines(notice(drift=(DRIFT,)))
    assert told[0] == "seppcheck · Readiness · secure.example.org"
    assert told[1].startswith("✘ Do not start: 1 blocker failed")
    assert "Verdict before: passed" in told
    assert "Judged: 2026-11-24 08:00 UTC" in told
    assert told[6] == "the rule [SEPPmail] - 200 Route outgoing e-mails to SEPPmail was disabled"
    assert "(dns-ptr, secure.example.org)" in told[7]


def test_what_does_not_fit_is_counted() -> None:
    assert lines(HOSTILE)[-1].startswith("and ")


@pytest.mark.parametrize("change", VerdictChange)
def test_each_change_has_its_colour(change: VerdictChange) -> None:
    body = card_of(Notice(mixed_run(), change, Verdict.FAILED))["body"]
    assert body[1]["inlines"][0]["color"] in ("Attention", "Warning", "Good")


@pytest.mark.parametrize("given", [notice(), HOSTILE], ids=["usual", "hostile"])
def test_text_stands_only_where_no_markdown_is_read_and_nothing_can_be_clicked(given: Notice) -> None:
    card = card_of(given)
    assert {element["type"] for element in elements(card) if "type" in element} == {
        *("AdaptiveCard", "RichTextBlock", "TextRun"),
    }
    assert not [
        element for element in elements(card) if {"selectAction", "actions", "url", "entities"} & element.keys()
    ]


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    for value in every_text(to_teams(HOSTILE, str)):
        assert not any(live in value for live in LIVE_ON_A_TERMINAL)
        assert "{{" not in value
        assert "${" not in value
        value.encode("utf-8")


@pytest.mark.parametrize("filler", ["a", "\U0001f600", "\x1b", "\U000e0001", '"', "{"])
def test_it_fits_whatever_stands_in_it(filler: str) -> None:
    long = filler * 5_000
    domains = tuple(Domain(f"{number}{long}") for number in range(20))
    results = tuple(
        replace(result, findings=tuple(finding.but(summary=text("{long}", long=long)) for finding in result.findings))
        for result in mixed_run().results
    )
    site = replace(SITE, domains=domains, tenant=replace(SITE.tenant, name=long))
    body = to_teams(notice(replace(mixed_run(), site=site, results=results), drift=(DRIFT,) * 9), str)
    assert len(json.dumps(body).encode("utf-8")) < LIMIT

"""A changed verdict as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from seppcheck.model.notices import Notice, VerdictChange
from seppcheck.model.run import Verdict
from seppcheck.model.targets import Domain
from seppcheck.reports.json_report import to_json
from seppcheck.reports.notice_webhook import notice_schema, to_webhook
from tests.reports.hostile import every_text, hostile_run, poisoned
from tests.reports.notices import DRIFT, notice
from tests.reports.runs import SITE, mixed_run, run_of

NOTICES = {
    "failed": notice(),
    "drift": notice(drift=(DRIFT,)),
    "no drift": notice(drift=()),
    "the first run": replace(notice(), previous=None),
    "recovered": Notice(run_of(()), VerdictChange.RECOVERED, Verdict.FAILED),
    "hostile": notice(hostile_run(), drift=(poisoned(DRIFT),)),
}


@pytest.mark.parametrize("given", NOTICES.values(), ids=NOTICES)
def test_it_is_as_its_published_schema_says(given: Notice) -> None:
    schema = notice_schema()
    Draft202012Validator.check_schema(schema)
    errors = list(Draft202012Validator(schema).iter_errors(json.loads(json.dumps(to_webhook(given)))))
    assert [error.message for error in errors] == []


def test_it_says_what_changed_and_where_to_look_first() -> None:
    told = to_webhook(notice(drift=(DRIFT,)), str)
    assert (told["change"], told["previous"], told["verdict"]) == ("failed", "passed", "failed")
    assert told["gateway"] == "secure.example.org"
    assert told["answer"].startswith("Do not start: 1 blocker failed")
    assert told["findings"]["first"][0]["check"] == "dns-ptr"
    assert told["findings"]["count"] == sum(told["counts"][outcome] for outcome in ("failed", "inconclusive"))
    assert (
        told["drift"]["first"][0]["summary"]
        == "the rule [SEPPmail] - 200 Route outgoing e-mails to SEPPmail was disabled"
    )


def test_its_words_are_those_of_the_results_and_its_language_the_runs() -> None:
    told = to_webhook(notice(replace(mixed_run(), language="de")))
    assert told["counts"] == json.loads(to_json(mixed_run()))["counts"]
    assert told["answer"].startswith("Beginnen Sie nicht: ")


def test_a_fleet_is_counted_and_cut() -> None:
    domains = tuple(Domain(f"d{number}.example") for number in range(10_000))
    results = mixed_run().results * 500
    run = replace(mixed_run(), site=replace(SITE, domains=domains), results=results)
    told = to_webhook(notice(run, drift=(DRIFT,) * 500))
    assert (told["domains"]["count"], told["drift"]["count"]) == (10_000, 500)
    assert len(json.dumps(told)) < 64_000


def test_hostile_text_survives_the_way_through_utf_8() -> None:
    told = to_webhook(notice(hostile_run(), drift=(poisoned(DRIFT),)))
    assert "owned" in json.dumps(told)
    for value in every_text(told):
        value.encode("utf-8")
        assert "\ud800" not in value

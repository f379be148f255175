from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from seppcheck.model.drift import DriftChange
from seppcheck.model.outcomes import Absence, Assurance, Outcome, Reason, Severity
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import text
from seppcheck.reports.json_report import results_schema, to_json
from tests.reports.drifted import drifted_run
from tests.reports.hostile import every_text, hostile_run
from tests.reports.runs import mixed_results, mixed_run, run_of

VALIDATOR = jsonschema.Draft202012Validator(results_schema())


def read(run: Run) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(run))
    VALIDATOR.validate(document)
    return document


def found(document: dict[str, Any], check: str) -> dict[str, Any]:
    return next(result for result in document["results"] if result["check"] == check)


def test_the_published_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(results_schema())


def test_the_schema_lists_the_same_words_as_the_model() -> None:
    definitions = results_schema()["$defs"]
    assert set(definitions["outcome"]["enum"]) == set(Outcome)
    assert set(definitions["reason"]["enum"]) == {*Reason, *Absence, None}
    result = definitions["result"]["properties"]
    assert set(result["severity"]["enum"]) == set(Severity)
    assert set(result["assurance"]["enum"]) == set(Assurance)
    assert set(definitions["drift"]["properties"]["change"]["enum"]) == set(DriftChange)
    properties = results_schema()["properties"]
    assert set(properties["phase"]["enum"]) == set(Phase)
    assert set(properties["verdict"]["enum"]) == set(Verdict)


def test_everything_that_is_promised_stands_in_the_document() -> None:
    document = read(mixed_run())
    assert list(document)[:16] == [
        *("schema_version", "tool", "phase", "language", "started_at", "finished_at", "judged_at", "replay_of"),
        *("verdict", "next", "notes", "skipped", "unused_waivers", "counts", "requirements", "uncovered"),
    ]
    assert [(moment["kind"], moment["at"], moment["over"]) for moment in document["moments"]] == [
        ("mx-may-move", "2026-11-24T11:00:00Z", False),
        ("mx-may-move", None, False),
        ("old-mx-gone", "2026-11-24T08:00:00Z", True),
    ]
    assert document["started_at"] == "2026-11-24T08:00:00Z"
    assert document["verdict"] == "failed"
    assert document["counts"]["planned"] == len(document["results"]) == 8
    assert document["requirements"]["P5"] == "not-selected"
    assert document["skipped"][0] == {"check": "mta-sts", "reason": "no policy is planned"}
    assert [waiver["expired"] for waiver in document["unused_waivers"]] == [True, False]


def test_a_failed_result_says_what_was_expected_observed_and_is_to_be_done() -> None:
    result = found(read(mixed_run()), "dns-ptr")
    assert result["expected"] == "secure.example.org"
    assert result["observed"] == "host-25.isp.example"
    assert result["reason"] is None
    assert result["detail"] is None
    assert [finding["outcome"] for finding in result["findings"]] == ["failed", "passed"]
    assert result["remediation"]["kind"] == "manual"
    assert result["evidence"][0] == {
        "kind": "dns-ptr-evidence",
        "source": "dns",
        "collected_at": "2026-11-24T08:00:00Z",
        "from": "192.0.2.53, 192.0.2.54",
    }


def test_what_could_not_be_looked_at_has_a_reason_a_sentence_and_no_assurance() -> None:
    result = found(read(mixed_run()), "smtp-banner")
    assert result["reason"] == "timeout"
    assert result["detail"].startswith("203.0.113.25 did not answer")
    assert result["assurance"] == "none"
    assert result["remediation"] == {"kind": "none", "steps": []}


def test_a_waived_result_names_its_waiver_and_what_it_was() -> None:
    result = found(read(mixed_run()), "dns-spf-ttl")
    assert result["waived_outcome"] == "warned"
    assert result["waiver"]["owner"] == "Erika Mustermann"
    assert result["waiver"]["until"] == "2026-12-31"


def test_a_replay_and_the_next_step_are_said() -> None:
    run = replace(mixed_run(), replay_of=datetime(2026, 11, 23, tzinfo=UTC), next=text("Go: move the MX now"))
    document = read(run)
    assert document["replay_of"] == "2026-11-23T00:00:00Z"
    assert document["next"] == "Go: move the MX now"


def test_the_same_run_gives_the_same_bytes() -> None:
    assert to_json(mixed_run()) == to_json(mixed_run())


def test_sentences_are_translated_and_codes_are_not() -> None:
    document = json.loads(to_json(mixed_run(), lambda template: template.replace("did not answer", "schwieg")))
    result = found(document, "smtp-banner")
    assert result["detail"].startswith("203.0.113.25 schwieg")
    assert result["outcome"] == "inconclusive"


def test_hostile_text_leaves_the_document_valid_for_every_reader() -> None:
    written = to_json(hostile_run())
    assert written.isascii()
    document = json.loads(written)
    VALIDATOR.validate(document)
    for value in every_text(document):
        value.encode("utf-8")


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_is_valid_even_when_nothing_was_planned(phase: Phase) -> None:
    assert read(run_of((), phase=phase))["verdict"] == "inconclusive"
    assert read(run_of(mixed_results(), phase=phase))["phase"] == phase


def test_what_drifted_is_there_in_a_drift_run_alone() -> None:
    assert "drift" not in read(mixed_run())
    assert read(drifted_run(()))["drift"] == []
    document = read(drifted_run())
    assert document["verdict"] == "failed"
    assert document["drift"][0] == {
        "kind": "transport-rules",
        "object": "SEPPmail inline",
        "change": "changed",
        "property": "priority",
        "before": 0,
        "after": 3,
        "summary": "the rule SEPPmail inline stands behind others now",
    }
    assert [(each["before"], each["after"]) for each in document["drift"][1:]] == [
        (None, ["20 backup.example.net."]),
        ({"name": "secure.example.org"}, None),
    ]

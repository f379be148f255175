from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from seppcheck.cli.audit import EXIT_CODES as EXIT_CODES_OF_THE_COMMAND
from seppcheck.model.checks import Check
from seppcheck.model.outcomes import Outcome, Reason, Severity
from seppcheck.model.places import Places
from seppcheck.model.results import Failed, Finding, Inconclusive, Passed, Warned
from seppcheck.model.run import Run
from seppcheck.model.text import text
from seppcheck.plugins import load
from seppcheck.reports.sarif import EXIT_CODES, to_sarif
from tests.reports.drifted import drifted_run, entries
from tests.reports.hostile import every_text, hostile_run
from tests.reports.runs import DOMAINS, GATEWAY, TENANT, many_results, mixed_run, result, run_of, waived

SCHEMA = json.loads(Path(__file__).with_name("schemas").joinpath("sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
PLACES = Places("audit/seppcheck.toml", {("gateway", GATEWAY.name): 3, ("domain", "example.org"): 12})


@cache
def checks() -> dict[str, Check]:
    return dict(load(sources=False).checks)


def read(run: Run, places: Places | None = PLACES) -> dict[str, Any]:
    document = json.loads(to_sarif(run, checks(), places, str))
    VALIDATOR.validate(document)
    (found,) = document["runs"]
    return dict(found)


def results(run: Run) -> list[dict[str, Any]]:
    return list(read(run)["results"])


def of(check: str, run: Run | None = None) -> list[dict[str, Any]]:
    return [found for found in results(run or mixed_run()) if found["ruleId"] == check]


def line(found: dict[str, Any]) -> int | None:
    region = found["locations"][0]["physicalLocation"].get("region", {})
    return int(region["startLine"]) if region else None


def fingerprints(run: Run) -> list[str]:
    return [found["partialFingerprints"]["seppcheck/v1"] for found in results(run)]


@pytest.mark.parametrize(
    "run", [mixed_run(), hostile_run(), drifted_run(), run_of(()), mixed_run(language="de", interrupted=True)]
)
def test_every_log_is_valid_by_the_standards_own_schema(run: Run) -> None:
    read(run)
    read(run, None)


def test_there_is_a_rule_for_each_check_that_ran_with_its_manual_page() -> None:
    found = read(mixed_run())
    rules = {rule["id"]: rule for rule in found["tool"]["driver"]["rules"]}
    assert list(rules) == list(dict.fromkeys(r.check for r in mixed_run().results))
    rule = rules["dns-ptr"]
    assert rule["shortDescription"]["text"] == "Every public address of the gateway resolves back to its name"
    assert "PTR record" in rule["fullDescription"]["text"]
    assert "To mend:\n\n1. " in rule["help"]["text"]
    assert rule["helpUri"] == "https://www.rfc-editor.org/rfc/rfc1912"
    assert rule["defaultConfiguration"]["level"] == "error"
    assert rule["properties"]["tags"] == ["mail", "P1"]
    for each in found["results"]:
        assert found["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]


def test_what_passed_or_does_not_apply_is_left_out() -> None:
    told = [found["properties"]["outcome"] for found in results(mixed_run())]
    assert set(told) == {"failed", "inconclusive", "warned", "waived"}
    assert told == sorted(told, key=["failed", "inconclusive", "warned", "waived"].index)


FAILED, WARNED = Failed("it is wrong"), Warned("it is odd")
UNSEEN = Inconclusive("nobody answered", reason=Reason.TIMEOUT)


@pytest.mark.parametrize(
    ("finding", "severity", "level"),
    [
        (FAILED, Severity.BLOCKER, "error"),
        (FAILED, Severity.HIGH, "error"),
        (FAILED, Severity.MEDIUM, "error"),
        (FAILED, Severity.LOW, "warning"),
        (WARNED, Severity.HIGH, "warning"),
        (WARNED, Severity.ADVICE, "note"),
        (UNSEEN, Severity.ADVICE, "warning"),
        (UNSEEN, Severity.BLOCKER, "warning"),
        (waived(FAILED), Severity.HIGH, "note"),
    ],
)
def test_levels(finding: Finding, severity: Severity, level: str) -> None:
    (found,) = results(run_of([result("dns-ptr", GATEWAY, finding, severity=severity)]))
    assert (found["kind"], found["level"]) == ("fail", level)


def test_what_could_not_be_looked_at_is_shown_and_says_so_first() -> None:
    (found,) = of("smtp-banner")
    assert found["message"]["text"].startswith("Could not look: secure.example.org: 203.0.113.25 did not answer")
    assert found["properties"]["reason"] == "timeout"
    assert "suppressions" not in found


def test_what_is_waived_is_suppressed_by_whom_why_and_until_when() -> None:
    (found,) = of("dns-spf-ttl")
    assert found["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "waived until 2026-12-31 by Erika Mustermann: the provider lowers it on Friday",
        }
    ]


def test_a_result_points_at_the_line_that_names_its_target() -> None:
    assert {line(found) for found in of("dns-ptr")} == {3}
    assert {line(found) for found in of("dns-mx-ttl")} == {12}
    run = run_of([result("transport-rule", TENANT, FAILED)])
    (unnamed,) = results(run)
    assert line(unnamed) == 1
    assert unnamed["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "audit/seppcheck.toml",
        "uriBaseId": "%SRCROOT%",
    }


def test_without_a_configuration_there_is_a_place_and_no_line() -> None:
    for found in read(mixed_run(), None)["results"]:
        (location,) = found["locations"]
        assert location["physicalLocation"] == {
            "artifactLocation": {"uri": "seppcheck.toml", "uriBaseId": "%SRCROOT%"},
        }


def test_the_path_is_encoded_and_tells_of_no_machine() -> None:
    found = read(mixed_run(), Places("kunden/Müller & Co #1/seppcheck.toml", {}))
    location = found["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "kunden/M%C3%BCller%20%26%20Co%20%231/seppcheck.toml"
    assert "uri" not in found["originalUriBaseIds"]["%SRCROOT%"]


def test_fingerprints_are_the_same_whatever_the_words_the_time_and_the_order() -> None:
    run = mixed_run()
    reworded = tuple(
        replace(r, findings=tuple(f.but(summary=text("otherwise"), observed=None) for f in r.findings))
        for r in reversed(run.results)
    )
    other = replace(run, results=reworded, judged_at=run.judged_at.replace(year=2027), language="de")
    assert sorted(fingerprints(other)) == sorted(fingerprints(run))
    assert len(set(fingerprints(run))) == len(fingerprints(run))


@pytest.mark.parametrize(
    ("check", "target", "requirement", "subject"),
    [
        ("dns-mx", DOMAINS[0], "P1", "a"),
        ("dns-ptr", DOMAINS[1], "P1", "a"),
        ("dns-ptr", DOMAINS[0], "P2", "a"),
        ("dns-ptr", DOMAINS[0], "P1", "b"),
    ],
)
def test_fingerprints_differ_by_what_it_is_about(check: str, target: Any, requirement: str, subject: str) -> None:
    def one(check: str, target: Any, requirement: str, subject: str) -> list[str]:
        finding = Failed("it is wrong", requirement=requirement, subject=subject)
        return fingerprints(run_of([result(check, target, finding)]))

    assert one("dns-ptr", DOMAINS[0], "P1", "a") != one(check, target, requirement, subject)


def test_a_fingerprint_survives_another_outcome_and_twins_are_numbered() -> None:
    failed = fingerprints(run_of([result("dns-ptr", GATEWAY, Failed("x", subject="a"))]))
    warned = fingerprints(run_of([result("dns-ptr", GATEWAY, [Passed("y"), Warned("z", subject="a")])]))
    assert failed == warned
    twins = fingerprints(run_of([result("dns-ptr", GATEWAY, [Failed("x", subject="a"), Failed("y", subject="a")])]))
    assert twins[0] == failed[0]
    assert len(set(twins)) == 2


def test_githubs_own_fingerprint_is_ours_too() -> None:
    """Left to itself, GitHub's upload takes the text of the line, which is the same for all results of a target."""
    found = [each["partialFingerprints"]["primaryLocationLineHash"] for each in results(mixed_run())]
    assert len(set(found)) == len(found)


def test_what_drifted_is_a_result_of_its_own_rule() -> None:
    found = read(drifted_run())
    assert [rule["id"] for rule in found["tool"]["driver"]["rules"]] == ["dns-ptr", "drift"]
    assert [(each["ruleId"], each["level"]) for each in found["results"]] == [("drift", "error")] * 3
    first = found["results"][0]
    assert first["message"]["text"] == (
        "example.onmicrosoft.com: the rule SEPPmail inline stands behind others now\nbefore: 0\nafter: 3"
    )
    assert first["properties"] == {
        "kind": "transport-rules",
        "object": "SEPPmail inline",
        "change": "changed",
        "property": "priority",
    }


def test_a_drift_fingerprint_is_about_the_object_and_its_property() -> None:
    first, *others = entries()
    changed = replace(first, before=5, after=7, summary=text("otherwise"))
    assert sorted(fingerprints(drifted_run((*others, changed)))) == sorted(fingerprints(drifted_run()))


def test_how_the_run_went_is_told() -> None:
    (invocation,) = read(mixed_run())["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["exitCode"] == 1
    assert invocation["startTimeUtc"] == "2026-11-24T08:00:00Z"
    told = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert "mta-sts: no policy is planned" in told
    assert "Port 25 may be closed on this machine; collect where it is open." in told


def test_an_interrupted_run_and_a_crashed_check_are_no_success() -> None:
    crashed = run_of([result("dns-ptr", GATEWAY, Inconclusive("it crashed", reason=Reason.CRASHED))])
    for run in (mixed_run(interrupted=True), crashed):
        (invocation,) = read(run)["invocations"]
        assert invocation["executionSuccessful"] is False


def test_the_exit_codes_are_those_of_the_command() -> None:
    assert EXIT_CODES_OF_THE_COMMAND == EXIT_CODES


def test_hostile_text_is_no_link_no_placeholder_and_no_control() -> None:
    written = to_sarif(hostile_run(), checks(), Places("a\x1b[31m\n\u202e.toml", {}), str)
    assert written.isascii()
    document = json.loads(written)
    VALIDATOR.validate(document)
    run = document["runs"][0]
    messages = [each["message"]["text"] for each in run["results"]]
    messages += [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    for message in messages:
        assert not any(ord(c) < 32 and c != "\n" for c in message)
    for value in every_text(document):
        value.encode("utf-8")


def test_a_markdown_link_of_a_stranger_is_taken_apart() -> None:
    finding = Failed("{text}", text="see [the fix](https://evil.example) and {0}")
    (found,) = results(run_of([result("dns-ptr", GATEWAY, finding)]))
    assert "see [the fix] (https://evil.example) and { 0}" in found["message"]["text"]


def test_more_results_than_github_takes_are_cut_and_counted() -> None:
    findings = [Failed("it is wrong", subject=str(number)) for number in range(25_010)]
    found = json.loads(to_sarif(run_of([result("dns-ptr", GATEWAY, findings)]), {}, PLACES, str))["runs"][0]
    assert len(found["results"]) == 25_000
    assert found["invocations"][0]["toolExecutionNotifications"][0] == {
        "level": "error",
        "message": {"text": "10 more results are left out: a code scanner takes no more"},
    }


def test_the_same_run_gives_the_same_bytes_and_ten_thousand_results_stay_small() -> None:
    run = run_of(many_results(500, 20))
    written = to_sarif(run, {}, PLACES, str)
    assert written == to_sarif(run, {}, PLACES, str)
    assert len(written) < 10_000_000
    assert sum(r.outcome in (Outcome.FAILED, Outcome.WARNED, Outcome.INCONCLUSIVE) for r in run.results) == len(
        json.loads(written)["runs"][0]["results"]
    )

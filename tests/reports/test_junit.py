from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import pytest
import xmlschema

from seppcheck.model.run import Run
from seppcheck.reports.junit import to_junit
from seppcheck.reports.order import names
from tests.reports.drifted import drifted_run
from tests.reports.hostile import hostile_run
from tests.reports.runs import mixed_run, run_of

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "failure", "error", "system-out", "system-err"},
    "properties": {"property"},
}
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "time", "skipped", "timestamp"},
    "testcase": {"name", "classname", "time"},
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}


def read(run: Run) -> ET.Element:
    return ET.fromstring(to_junit(run, str))  # noqa: S314 - our own document


def case(root: ET.Element, check: str, target: str) -> ET.Element:
    return next(
        c for c in root.iter("testcase") if c.get("classname", "").endswith(f".{check}") and c.get("name") == target
    )


def test_the_document_has_the_shape_that_ci_systems_read() -> None:
    for run in (mixed_run(), hostile_run(), run_of(())):
        for node in read(run).iter():
            assert {child.tag for child in node} <= CHILDREN.get(node.tag, set()), node.tag
            assert set(node.keys()) <= ATTRIBUTES.get(node.tag, set()), node.tag


@cache
def schema() -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(Path(__file__).with_name("schemas") / "junit-10.xsd"))


@pytest.mark.parametrize("run", [mixed_run(), hostile_run(), drifted_run(), drifted_run(()), run_of(())])
def test_the_document_is_valid_by_the_schema_of_jenkins(run: Run) -> None:
    schema().validate(to_junit(run, str))


@pytest.mark.parametrize("run", [mixed_run(), drifted_run()])
def test_the_counts_agree_with_the_cases(run: Run) -> None:
    suite = read(run).find("testsuite")
    assert suite is not None
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "testcase")):
        assert int(suite.get(attribute, "")) == len(list(suite.iter(tag)))


def test_each_outcome_has_its_place() -> None:
    root = read(mixed_run())
    failed = case(root, "dns-ptr", "secure.example.org").find("failure")
    assert failed is not None
    assert failed.get("type") == "blocker"
    assert "expected: secure.example.org" in (failed.text or "")
    unsure = case(root, "smtp-banner", "secure.example.org").find("error")
    assert unsure is not None
    assert unsure.get("type") == "timeout"
    absent = case(root, "dns-mx-ttl", "xn--mnchen-3ya.example").find("skipped")
    assert absent is not None
    assert absent.get("message") == "There is no such record: there is no MX record"
    waived = case(root, "dns-spf-ttl", "example.org").find("skipped")
    assert waived is not None
    assert "Erika Mustermann" in waived.get("message", "")
    warned = case(root, "dns-spf-gateway", "example.org")
    assert warned.find("failure") is None
    assert "softfail" in (warned.findtext("system-out") or "")


def test_what_was_not_looked_at_is_listed() -> None:
    properties = {p.get("name"): p.get("value") for p in read(mixed_run()).iter("property")}
    assert properties["requirement.P5"] == "not-selected"
    assert properties["requirement.A1"] == "not-due"
    assert properties["skipped.mta-sts"] == "no policy is planned"


def test_hostile_text_stays_text_and_illegal_characters_are_shown() -> None:
    root = read(hostile_run())
    everything = "".join([*root.itertext(), *(value for node in root.iter() for value in node.attrib.values())])
    assert "<script>document.title" in everything
    assert r"\x1b" in everything
    assert r"\uffff" in everything
    assert not any(ord(c) < 32 and c != "\n" for c in everything)


def test_cases_of_the_same_check_and_target_differ() -> None:
    run = mixed_run()
    doubled = run_of((*run.results, *run.results))
    assert len(set(names(doubled).values())) == len(doubled.results)
    ids = [(c.get("classname"), c.get("name")) for c in read(doubled).iter("testcase")]
    assert len(set(ids)) == len(ids)


def test_what_drifted_is_a_failed_case_each_of_a_class_of_its_own() -> None:
    root = read(drifted_run())
    cases = [each for each in root.iter("testcase") if each.get("classname") == "drift"]
    assert [each.get("name") for each in cases] == [
        "transport-rules::example.onmicrosoft.com::SEPPmail_20inline::priority",
        "mx-records::example.org::example.org",
        "gateway-settings::secure.example.org::mail_20system::smtp_5fbanner",
    ]
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "the rule SEPPmail inline stands behind others now", "type": "changed"}
    assert (failure.text or "").endswith("\nbefore: 0\nafter: 3")


def test_cases_of_the_same_object_differ() -> None:
    run = drifted_run((*(drifted_run().drift or ()), *(drifted_run().drift or ())))
    found = [each.get("name") for each in read(run).iter("testcase") if each.get("classname") == "drift"]
    assert len(set(found)) == len(found) == 6

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given

from seppcheck.model.changes import FactImage, PlanPhase
from seppcheck.model.gateway import ExtendedField, ExtendedFields
from seppcheck.model.plans import MigrationPlan
from seppcheck.model.targets import Domain, Gateway
from seppcheck.plan_document import fingerprint, fingerprint_of, image_to_document, to_document, to_json
from tests.reports.plans import SENDING, by_hand, change, cutover_plan, hold, plan_of, plans, wait


def test_the_frame_is_what_the_design_promises() -> None:
    document = to_document(plan_of(by_hand("1")))
    assert list(document)[:5] == ["schema_version", "phase", "fingerprint", "gateway", "tenant"]
    assert document["schema_version"] == 1
    assert document["phase"] == "cutover"
    assert document["created_at"] == "2026-11-24T08:01:00Z"
    assert document["judged_at"] == "2026-11-24T08:00:00Z"


def test_a_change_has_every_key_that_the_design_promises() -> None:
    (found,) = to_document(plan_of(change("1", None, SENDING, breaks="mail goes round in a circle")))["changes"]
    assert {
        *("id", "check", "requirements", "system", "kind", "summary", "why", "target", "before", "after", "inverse"),
        *("needs", "until", "breaks_if_stopped_here"),
    } <= set(found)
    assert found["system"] == "exchange"
    assert found["kind"] == "automatic"
    assert found["before"] is None
    assert found["after"]["guid"] is None
    assert found["inverse"]["before"] == found["after"]
    assert found["breaks_if_stopped_here"] == "mail goes round in a circle"


def test_a_fact_names_its_evidence_its_target_and_its_fields() -> None:
    assert image_to_document(hold("true")) == {
        "evidence": "delivery-hold",
        "target": {"kind": "domain", "name": "example.org"},
        "data": {"value": "true"},
    }


def test_what_evidence_holds_as_a_record_becomes_a_table() -> None:
    field = ExtendedField("disable_delivery", "boolean", "false", (), ())
    image = FactImage(ExtendedFields.kind, Gateway("secure.example.org"), {"fields": (field,)})
    document = image_to_document(image)
    assert document is not None
    assert document["data"]["fields"][0]["name"] == "disable_delivery"
    json.dumps(document)


def test_words_moments_and_sets_become_json() -> None:
    data = {
        "word": PlanPhase.CUTOVER,
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1))),
        "on": date(2026, 1, 2),
        "some": frozenset({"b", "a"}),
        "none": float("nan"),
    }
    document = image_to_document(FactImage("x", Domain("example.org"), data))
    assert document is not None
    assert document["data"] == {
        "word": "cutover",
        "at": "2026-01-02T02:04:05Z",
        "on": "2026-01-02",
        "some": ["a", "b"],
        "none": "nan",
    }


def test_what_no_image_can_hold_is_a_fault_of_whoever_put_it_there() -> None:
    with pytest.raises(TypeError, match="an image cannot hold a object"):
        image_to_document(FactImage("x", Domain("example.org"), {"thing": object()}))


def test_half_of_a_surrogate_pair_is_shown_for_no_reader_takes_it() -> None:
    document = to_document(replace(cutover_plan(), gateway="a\udc80b", notes=("\ud800",)))
    assert document["gateway"] == "a\\udc80b"
    assert document["notes"] == ["\\ud800"]


@given(plans())
def test_every_plan_is_json_in_ascii(plan: MigrationPlan) -> None:
    written = to_json(plan)
    assert written.isascii()
    assert json.loads(written) == to_document(plan)


def test_the_fingerprint_is_the_documents_own() -> None:
    document = to_document(cutover_plan())
    assert document["fingerprint"] == fingerprint(document) == fingerprint_of(cutover_plan())


def test_a_wait_until_another_time_is_the_same_plan() -> None:
    one, other = (plan_of(wait("1", until=datetime(2026, 12, day, tzinfo=UTC))) for day in (1, 2))
    assert fingerprint_of(one) == fingerprint_of(other)
    assert to_document(one)["changes"] != to_document(other)["changes"]

from __future__ import annotations

import json
from typing import Any

from seppcheck.model.checklist import Checklist, State
from seppcheck.reports.checklist_json import checklist_to_json
from tests.reports.checklists import COMMAND, WAIT, checklist_of, hostile_checklist
from tests.reports.hostile import every_text


def document_of(checklist: Checklist) -> Any:
    return json.loads(checklist_to_json(checklist))


def test_the_document_says_where_it_stands_and_what_comes_next() -> None:
    document = document_of(checklist_of())
    assert (document["schema_version"], document["kind"], document["phase"]) == (1, "checklist", "cutover")
    assert document["judged_at"] == "2026-11-24T20:00:00Z"
    assert document["domains"] == ["example.org"]
    assert [step["state"] for step in document["steps"]] == [*map(str, State), "noted"]


def test_a_step_has_what_programs_need() -> None:
    due = next(step for step in document_of(checklist_of())["steps"] if step["state"] == "due")
    assert due == {
        "number": "P2",
        "chapter": "preparation",
        "chapter_title": "Preparation",
        "title": "TTL of SPF and MX at most 300 s, a day before",
        "says": "Do what P2 says for example.org.",
        "state": "due",
        "detail": "seen of P2: a banner",
        "reason": None,
        "until": None,
        "attested": [],
        "how": {"kind": "manual", "menu": "Mail System > example.org"},
        "plan": "cutover",
        "departure": None,
        "checks": ["dns-ptr"],
    }


def test_what_comes_next_can_be_done_by_a_program() -> None:
    step = document_of(checklist_of())["next"]
    assert (step["kind"], step["numbers"], step["check"]) == ("by-hand", ["A2"], "delivery-hold")
    assert step["steps"][1] == {"text": "Enter:", "value": "true"}
    assert step["record"] == [
        {"key": "customers.example.extended_fields.disable_delivery", "value": "true"},
        {"key": 'domains."example.org".certificate', "value": None},
    ]
    assert document_of(checklist_of(COMMAND))["next"]["command"][-1] == "my plan.json"
    assert document_of(checklist_of(WAIT))["next"]["until"] == "2026-11-24T21:00:00Z"


def test_hostile_text_is_carried_as_text() -> None:
    written = checklist_to_json(hostile_checklist())
    written.encode("utf-8")
    assert any("owned" in each for each in every_text(json.loads(written)))

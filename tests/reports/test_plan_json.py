from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given

from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase, System
from seppcheck.model.plans import MigrationPlan
from seppcheck.model.targets import TARGETS
from seppcheck.plan_document import from_document
from seppcheck.reports.plan_json import plan_schema, to_document, to_json
from tests.reports.hostile import every_text, hostile_plan
from tests.reports.plans import completion_plan, cutover_plan, plan_of, plans

VALIDATOR = jsonschema.Draft202012Validator(plan_schema())


def test_the_published_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())


def test_the_schema_lists_the_same_words_as_the_model() -> None:
    schema = plan_schema()
    change = schema["$defs"]["change"]["properties"]
    assert schema["properties"]["phase"]["enum"] == list(PlanPhase)
    assert change["system"]["enum"] == list(System)
    assert change["kind"]["enum"] == list(ChangeKind)
    assert change["milestone"]["enum"] == [*Milestone, None]
    assert schema["$defs"]["targetKind"]["enum"] == [kind.kind for kind in TARGETS]


@pytest.mark.parametrize("plan", [cutover_plan(), completion_plan(), plan_of()])
def test_a_plan_keeps_to_the_schema_which_knows_every_key_of_it(plan: MigrationPlan) -> None:
    document = to_document(plan)
    VALIDATOR.validate(document)
    assert set(document) == set(plan_schema()["required"])
    for change in document["changes"]:
        assert set(change) == set(plan_schema()["$defs"]["change"]["required"])


@given(plans())
def test_every_plan_keeps_to_the_schema(plan: MigrationPlan) -> None:
    VALIDATOR.validate(to_document(plan))


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert to_json(cutover_plan()) == to_json(cutover_plan())


def test_hostile_text_leaves_the_document_valid_for_every_reader_and_for_apply() -> None:
    written = to_json(hostile_plan())
    assert written.isascii()
    document = json.loads(written)
    VALIDATOR.validate(document)
    for value in every_text(document):
        value.encode("utf-8")
    assert to_document(from_document(document)) == document

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.errors import UserError
from seppcheck.model.changes import Image
from seppcheck.model.plans import MigrationPlan
from seppcheck.plan_document import (
    from_document,
    image_from_document,
    image_to_document,
    to_document,
    to_json,
)
from tests.reports.plans import IMAGES, completion_plan, cutover_plan, plans

Document = dict[str, Any]


@given(plans())
def test_a_plan_comes_back_as_it_was(plan: MigrationPlan) -> None:
    assert from_document(json.loads(to_json(plan))) == plan


@given(plans())
def test_a_document_comes_back_as_it_was(plan: MigrationPlan) -> None:
    document = to_document(plan)
    assert to_document(from_document(document)) == document


@pytest.mark.parametrize("plan", [cutover_plan(), completion_plan(), cutover_plan(language="de")])
def test_a_real_plan_comes_back_as_it_was(plan: MigrationPlan) -> None:
    assert from_document(to_document(plan)) == plan


@given(IMAGES)
def test_an_image_comes_back_as_it_was(image: Image | None) -> None:
    assert image_from_document(image_to_document(image)) == image


def edited(change: Callable[[Document], object]) -> Document:
    """Return the document of a plan after an edit."""
    document: Document = json.loads(to_json(cutover_plan()))
    change(document)
    return document


def refusal(document: object) -> str:
    with pytest.raises(UserError) as caught:
        from_document(document, "plan.json")
    return str(caught.value)


def test_a_plan_that_was_edited_is_refused() -> None:
    told = refusal(edited(lambda d: d["changes"][8]["after"].update(values=["10 evil.example."])))
    assert told.startswith("plan.json: fingerprint: the content has the fingerprint sha256:")


def test_a_wait_may_end_at_another_time() -> None:
    from_document(edited(lambda d: d["changes"][1].update(until="2027-01-01T00:00:00Z")))


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (2, "schema_version: it is 2, and this version of seppcheck reads 1"),
        (True, "schema_version: must be a whole number, and is true or false"),
        ("1", "schema_version: must be a whole number, and is text"),
        (None, "schema_version: must be a whole number, and is null"),
    ],
)
def test_another_version_is_named(version: object, told: str) -> None:
    assert told in refusal(edited(lambda d: d.update(schema_version=version)))


def test_what_is_no_plan_at_all_is_told() -> None:
    assert "this is no plan of seppcheck: it has no schema_version" in refusal({"results": []})


def first(document: Document) -> Document:
    found: Document = document["changes"][0]
    return found


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda d: d.update(extra=1), "the whole document: the key extra is not known to this version"),
        (lambda d: d.pop("notes"), "the whole document: the key notes is missing"),
        (lambda d: d.update(phase="tonight"), "phase: must be one of readiness, cutover, completion, and is tonight"),
        (lambda d: d.update(language="../../x"), "language: must be a language such as en, and is ../../x"),
        (lambda d: d.update(judged_at="yesterday"), "judged_at: must be a time such as 2026-11-24T08:00:00Z"),
        (lambda d: d.update(judged_at="2026-02-30T00:00:00Z"), "judged_at: there is no such time"),
        (lambda d: d.update(domains="example.org"), "domains: must be a list, and is text"),
        (lambda d: d.update(domains=[1]), "domains[0]: must be text, and is a number"),
        (lambda d: d.update(gateway="\ud800"), "gateway: holds half of a surrogate pair"),
        (lambda d: d.update(changes=[None]), "changes[0]: must be an object, and is null"),
        (lambda d: first(d).pop("why"), "changes[0]: the key why is missing"),
        (lambda d: first(d).update(id="a b"), "changes[0].id: must be a short name such as 7"),
        (lambda d: d["changes"][1].update(id="1"), "changes[1].id: an earlier change has the id 1"),
        (lambda d: first(d).update(needs=["2"]), "changes[0].needs: no earlier change has the id 2"),
        (lambda d: first(d).update(kind="magic"), "changes[0].kind: must be one of automatic, manual, wait"),
        (lambda d: first(d).update(proof="no"), "changes[0].proof: must be true or false, and is text"),
        (lambda d: first(d).update(seconds=-1), "changes[0].seconds: must be a number from 0"),
        (lambda d: first(d).update(seconds=1.5), "changes[0].seconds: must be a whole number"),
        (lambda d: first(d).update(target_kind="moon"), "changes[0].target_kind: must be one of gateway, domain"),
        (lambda d: first(d).update(summary=""), "changes[0].summary: must have 1 to"),
        (lambda d: first(d).update(before={}), "changes[0].before: an image holds values, properties or evidence"),
        (lambda d: first(d)["before"].update(ttl=2**31), "changes[0].before.ttl: must be a number from 0 to"),
        (lambda d: first(d)["before"].update(values=[]), "changes[0].before.values: must hold 1 to"),
        (lambda d: first(d)["before"].update(type="mx"), "changes[0].before.type: must be a record type such as MX"),
        (lambda d: first(d)["before"].update(properties={}), "changes[0].before: the key properties is not known"),
        (lambda d: first(d)["before"].update(name="other.example"), "changes[0]: before and after are images of diff"),
        (lambda d: first(d).update(before=None, after=None), "changes[0]: an automatic change is one of dns"),
        (lambda d: first(d).update(system="gateway"), "changes[0]: an automatic change is one of dns or exchange"),
        (lambda d: first(d).update(system="exchange"), "changes[0]: an automatic change is one of dns or exchange"),
        (lambda d: d["changes"][5]["before"].update(guid="{x}"), "changes[5].before.guid: must be a Guid"),
        (lambda d: d["changes"][5]["before"].update(type="A; B"), "changes[5].before.type: must be a noun of"),
        (lambda d: d["changes"][5]["before"]["properties"].update({"a b": 1}), "a b is no name of a property"),
        (lambda d: d["changes"][5]["before"]["properties"].update(A=float("inf")), "must be a JSON value"),
        (lambda d: d["changes"][5]["before"]["properties"].update(A=2**64), "must be a number from"),
        (lambda d: d["changes"][2]["before"]["target"].update(kind="moon"), "before.target.kind: must be one of"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(edit: Callable[[Document], object], told: str) -> None:
    assert told in refusal(edited(edit))


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda d: d["changes"][2]["before"].update(data={"a": nested(900)}), "is nested too deeply"),
        (lambda d: d.update(gateway="x" * 2000), "gateway: must have 0 to 1024 characters, and has 2000"),
        (lambda d: d.update(notes=["x" * 400_000]), "notes[0]: must have 0 to 300000 characters"),
        (lambda d: d.update(notes=[""] * 200_000), "notes: must hold 0 to 100000 members, and holds 200000"),
        (lambda d: first(d).update(id="7" * 500_000), "must have 0 to 1000 characters"),
    ],
)
def test_hostile_sizes_are_refused(edit: Callable[[Document], object], told: str) -> None:
    assert told in refusal(edited(edit))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None, categories=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_no_document_ends_in_a_traceback(document: object) -> None:
    with pytest.raises(UserError):
        from_document(document)


@given(st.data(), JSON)
def test_no_edit_ends_in_a_traceback(data: st.DataObject, value: object) -> None:
    document: Document = json.loads(to_json(cutover_plan()))
    node: Any = document
    while isinstance(node, (dict, list)) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], (dict, list)) or data.draw(st.booleans()):
            node[key] = value
            break
        node = node[key]
    with suppress(UserError):
        from_document(document)

from __future__ import annotations

from dataclasses import replace

import pytest

from seppcheck.model.changes import FactImage, Image
from seppcheck.model.gateway import ExtendedField
from seppcheck.model.targets import Gateway
from seppcheck.reports.plan_differences import Difference, differences_of, heading_of
from tests.reports.plans import ALLOWED, INLINE, NEW_MX, OLD_MX, PARALLEL, RENAMED, RESTING, SENDING, SPF, hold


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (SPF, replace(SPF, ttl=300), [Difference("TTL", ("3600",), ("300",))]),
        (OLD_MX, NEW_MX, [Difference("MX", OLD_MX.values, NEW_MX.values, listed=True)]),
        (RENAMED, RESTING, [Difference("State", ("Enabled",), ("Disabled",))]),
        (PARALLEL, RENAMED, [Difference("Name", (PARALLEL.name,), (RENAMED.name,))]),
        (hold("false"), hold("true"), [Difference("value", ("false",), ("true",))]),
        (hold("x"), hold(""), [Difference("value", ("x",), ())]),
        (RESTING, None, []),
        (NEW_MX, NEW_MX, []),
    ],
)
def test_only_what_changes_is_told(before: Image, after: Image | None, told: list[Difference]) -> None:
    assert list(differences_of(before, after)) == told


def test_of_a_list_only_the_members_that_differ_are_told() -> None:
    after = replace(ALLOWED, properties={**ALLOWED.properties, "IPAllowList": ["192.0.2.7", "192.0.2.8"]})
    assert differences_of(ALLOWED, after) == (
        Difference("IPAllowList", ("203.0.113.25",), ("192.0.2.8",), listed=True),
    )


def test_of_a_new_object_everything_that_is_set_is_told_but_its_name() -> None:
    told = {each.name: each.added for each in differences_of(None, SENDING)}
    assert told["SmartHosts"] == ("secure.example.org",)
    assert told["UseMXRecord"] == ("false",)
    assert "Name" not in told
    assert "Comment" not in told


def test_a_record_within_a_fact_is_told_field_by_field() -> None:
    field = ExtendedField("disable_delivery", "boolean", "false", ("example",), ())
    before, after = (
        FactImage("extended-fields", Gateway("g.example"), {"fields": (replace(field, default=value),)})
        for value in ("true", "false")
    )
    (told,) = differences_of(before, after)
    assert "default = true" in told.removed[0]
    assert "default = false" in told.added[0]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, NEW_MX, "New: MX records of example.org"),
        (OLD_MX, NEW_MX, "Changed: MX records of example.org"),
        (RESTING, None, f"Removed: TransportRule {RESTING.name}"),
        (None, INLINE, f"New: TransportRule {INLINE.name}"),
        (None, hold("true"), "Changed: delivery-hold of example.org"),
        (hold("false"), hold("true"), "Changed: delivery-hold of example.org"),
        (None, None, "None"),
    ],
)
def test_the_heading_says_what_becomes_of_what(before: Image | None, after: Image | None, told: str) -> None:
    assert str(heading_of(before, after)) == told

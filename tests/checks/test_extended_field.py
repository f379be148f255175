from __future__ import annotations

import dataclasses

import pytest

from checks.extended_field import field_of_the_hold_is_defined
from seppcheck.api import ExtendedField, ExtendedFields, Finding, Reason
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN

RIGHT = ExtendedField("disable_delivery", "boolean", "false")


def findings(*fields: ExtendedField) -> list[Finding]:
    found = field_of_the_hold_is_defined(GATEWAY, ExtendedFields(fields, WRITTEN))
    return [found] if isinstance(found, Finding) else list(found)


def failed(*fields: ExtendedField) -> list[str]:
    return [f.subject for f in findings(*fields) if f.outcome is Outcome.FAILED]


def test_the_guides_field_passes_beside_others() -> None:
    others = ExtendedField("cost_centre", "string", "")
    dashes = dataclasses.replace(RIGHT, tenants=("-",), managed_domains=("-",), type="Boolean")

    assert failed(RIGHT, others) == []
    assert failed(dashes) == []
    assert len(findings(RIGHT)) == 5


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"name": "Disable_Delivery"}, "disable_delivery name"),
        ({"type": "string"}, "disable_delivery type"),
        ({"default": "true"}, "disable_delivery default"),
        ({"tenants": ("example",)}, "disable_delivery tenants"),
        ({"managed_domains": ("example.org",)}, "disable_delivery managed domains"),
    ],
)
def test_each_deviation_is_a_finding_of_its_own(changes: dict[str, object], subject: str) -> None:
    assert failed(dataclasses.replace(RIGHT, **changes)) == [subject]  # type: ignore[arg-type]  # the fields' own


@pytest.mark.parametrize("key", ["type", "default", "tenants", "managed_domains"])
def test_what_nobody_wrote_down_is_unknown(key: str) -> None:
    (unknown,) = (f for f in findings(dataclasses.replace(RIGHT, **{key: None})) if f.outcome is not Outcome.PASSED)  # type: ignore[arg-type]  # the fields' own
    assert unknown.outcome is Outcome.INCONCLUSIVE
    assert unknown.subject == f"disable_delivery {key.replace('_', ' ')}"
    assert unknown.reason is Reason.NOT_COLLECTED


def test_no_field_and_two_of_it_fail() -> None:
    assert failed() == ["secure.example.org"]
    assert failed(RIGHT, RIGHT) == ["disable_delivery"]

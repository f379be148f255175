from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.extended_field import field_of_the_hold_is_defined
from remediations.extended_field import define_the_field
from seppcheck.api import ExtendedField, ExtendedFields
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN
from tests.remediations.fact_simulation import done, opens_the_menu, step_of, told

RIGHT = ExtendedField("disable_delivery", "boolean", "false", (), ())
OTHER = ExtendedField("branch", "string", "", (), ())

words = st.sampled_from(["disable_delivery", "Disable_Delivery", "branch", "country"])
assigned = st.none() | st.lists(st.sampled_from(["example", "-", ""]), max_size=2).map(tuple)
fields = st.builds(
    ExtendedField,
    words,
    st.none() | st.sampled_from(["boolean", "Boolean", "string"]),
    st.none() | st.sampled_from(["false", "true", "FALSE"]),
    assigned,
    assigned,
)


@given(st.lists(fields, max_size=4).map(tuple))
def test_done_and_written_down_the_check_passes_and_other_fields_stay(found: tuple[ExtendedField, ...]) -> None:
    before = ExtendedFields(found, WRITTEN)
    proposal = define_the_field(GATEWAY, before)
    after = done(before, step_of(proposal)) if proposal else before
    assert outcome(field_of_the_hold_is_defined(GATEWAY, after)) == "passed"
    assert define_the_field(GATEWAY, after) == []
    strangers = [each for each in found if each.name.casefold() != "disable_delivery"]
    assert [each for each in after.fields if each.name.casefold() != "disable_delivery"] == strangers


def test_a_field_that_passes_needs_nothing() -> None:
    for right in (RIGHT, replace(RIGHT, type="Boolean", tenants=("-",))):
        assert define_the_field(GATEWAY, ExtendedFields((OTHER, right), WRITTEN)) == []
        assert outcome(field_of_the_hold_is_defined(GATEWAY, ExtendedFields((OTHER, right), WRITTEN))) == "passed"


def test_every_value_is_ready_to_copy_and_the_way_back_is_told() -> None:
    step = step_of(define_the_field(GATEWAY, ExtendedFields((), WRITTEN)))
    assert opens_the_menu(step, "extended-field")
    for line in (
        "Name: disable_delivery",
        "Type: boolean",
        "Default value: false",
        "Delete the field disable_delivery.",
    ):
        assert line in told(step)
    wrong = ExtendedField("disable_delivery", "string", "true", ("example",), ())
    corrected = step_of(define_the_field(GATEWAY, ExtendedFields((wrong,), WRITTEN)))
    assert "type: string; default value: true; assigned tenants: example" in told(corrected)

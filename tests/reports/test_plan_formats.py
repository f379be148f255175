from __future__ import annotations

from pathlib import Path

import pytest

from seppcheck.plan_document import to_json
from seppcheck.reports.plan_formats import PlanFormat, plan_in
from tests.reports.plans import cutover_plan


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("terminal", "Plan of the cutover. Steps: 12"),
        ("json", '{\n  "schema_version": 1,'),
        ("markdown", "# Plan of the cutover\n"),
        ("powershell", "#Requires -Version 5.1\n# | Plan of the cutover."),
        ("nsupdate", "; Plan of the cutover."),
    ],
)
def test_every_format_can_be_had_by_its_name(form: str, begins: str) -> None:
    written = plan_in(form, cutover_plan())
    assert written.startswith(begins)
    assert written.endswith("\n")
    assert "\x1b" not in written


def test_the_plans_file_is_named_in_what_comes_next() -> None:
    for form in (PlanFormat.TERMINAL, PlanFormat.MARKDOWN):
        assert "seppcheck apply night.json" in plan_in(form, cutover_plan(), Path("night.json"))


def test_json_is_what_apply_reads() -> None:
    assert plan_in("json", cutover_plan()) == to_json(cutover_plan())


def test_another_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="yaml"):
        plan_in("yaml", cutover_plan())


@pytest.mark.parametrize("form", list(PlanFormat))
def test_a_german_plan_is_shown(form: PlanFormat) -> None:
    assert plan_in(form, cutover_plan(language="de"))

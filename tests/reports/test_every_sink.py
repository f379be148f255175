"""Every way a report leaves the program is tried with hostile text: also the one that is added next."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

REPORTS = Path(__file__).resolve().parents[2] / "seppcheck" / "reports"
CHOOSING = {"__init__", "notice_formats", "plan_formats"}
"""What only chooses among the sinks."""
MODULES = sorted(path for path in REPORTS.glob("*.py") if path.stem not in CHOOSING)
ENCODERS = {"seppcheck.reports.encoders", "seppcheck.plan_document"}
"""A plan's document is fit for JSON before its fingerprint is taken."""


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def sinks() -> list[str]:
    """Modules of reports that no other one builds on."""
    used = {name for path in MODULES for name in imports_of(path)}
    return [path.stem for path in MODULES if f"seppcheck.reports.{path.stem}" not in used]


def test_the_sinks_are_found() -> None:
    assert {"terminal", "json_report", "junit", "html_report"} <= set(sinks())
    assert {"plan_json", "plan_terminal", "plan_markdown", "plan_powershell", "plan_nsupdate"} <= set(sinks())


@pytest.mark.parametrize("sink", sinks())
def test_a_sink_is_tried_with_hostile_text(sink: str) -> None:
    test = Path(__file__).with_name(f"test_{sink}.py")
    assert test.is_file(), f"{sink} has no test file"
    made_of = {"plan": "hostile_plan(", "checklist": "hostile_checklist("}
    canary = made_of.get(sink.partition("_")[0], "hostile_run(")
    assert canary in test.read_text(encoding="utf-8"), f"{sink} is not tried with the canary"


@pytest.mark.parametrize("sink", sinks())
def test_a_sink_has_an_encoder_where_the_encoders_are(sink: str) -> None:
    reached, waiting = set[str](), [f"seppcheck.reports.{sink}"]
    while waiting:
        name = waiting.pop()
        path = REPORTS / f"{name.rpartition('.')[2]}.py"
        if name.startswith("seppcheck.reports.") and name not in reached and path.is_file():
            waiting += imports_of(path)
        reached.add(name)
    assert reached & ENCODERS

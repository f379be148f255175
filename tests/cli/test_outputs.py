"""The options that write reports: each is alone on standard output, and tells what was found."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from seppcheck.cli.audit import phase_command
from seppcheck.cli.outputs import Outputs
from seppcheck.model.phases import Phase
from tests.cli.conftest import Call


@pytest.mark.parametrize("phase", list(Phase))
def test_every_run_command_takes_every_output(phase: Phase) -> None:
    names = {option.name for option in phase_command(phase).params if isinstance(option, click.Option)}
    assert names >= set(Outputs.__dataclass_fields__)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("option", "begins"),
    [
        ("--sarif", '{\n  "$schema"'),
        ("--markdown", "# ✔ What was looked at is in order"),
        ("--annotations", "::notice title=seppcheck::"),
        ("--junit", "<?xml"),
        ("--html", "<!DOCTYPE html>"),
    ],
)
def test_a_report_on_standard_output_is_alone_there(call: Call, option: str, begins: str) -> None:
    answer = call("readiness", "--only", "dns-ptr", option, "-")

    assert answer.code == 0
    assert answer.out.startswith(begins)
    assert answer.err.startswith("✔ What was looked at is in order")
    assert "✔ What was looked at" not in answer.out.removeprefix(begins)


@pytest.mark.usefixtures("folder")
def test_all_of_them_at_once_go_to_files(call: Call) -> None:
    names = ("save_evidence", "html", "markdown", "json", "junit", "sarif", "annotations")
    options = [word for name in names for word in (f"--{name.replace('_', '-')}", f"out/{name}")]
    answer = call("readiness", "--only", "dns-ptr", *options)

    assert answer.code == 0
    assert {path.name for path in Path("out").iterdir()} == set(names)
    assert answer.out.startswith("✔ What was looked at is in order")


def test_results_point_at_the_line_of_the_configuration(call: Call, folder: Path) -> None:
    lines = (folder / "seppcheck.toml").read_text(encoding="utf-8").splitlines()
    call("verification", "--only", "dns-mx", "--sarif", "r.sarif", "--annotations", "r.txt", "--quiet")

    (run,) = json.loads((folder / "r.sarif").read_text(encoding="utf-8"))["runs"]
    locations = [found["locations"][0] for found in run["results"]]
    assert locations
    for location in locations:
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "seppcheck.toml"
        assert location["logicalLocations"][0]["name"] in lines[place["region"]["startLine"] - 1]
    line = 1 + lines.index('name = "kunde.test"')
    assert f"::error file=seppcheck.toml,line={line},title=dns-mx::" in (folder / "r.txt").read_text(encoding="utf-8")
    assert str(folder) not in (folder / "r.sarif").read_text(encoding="utf-8")


def test_a_replay_names_the_file_and_no_line(call: Call, folder: Path) -> None:
    call("verification", "--only", "dns-mx", "--save-evidence", "b.json", "--quiet")
    call("verification", "--only", "dns-mx", "--evidence", "b.json", "--sarif", "r.sarif", "--quiet")

    (run,) = json.loads((folder / "r.sarif").read_text(encoding="utf-8"))["runs"]
    for found in run["results"]:
        assert found["locations"][0]["physicalLocation"] == {
            "artifactLocation": {"uri": "seppcheck.toml", "uriBaseId": "%SRCROOT%"},
        }


@pytest.mark.usefixtures("folder")
def test_two_runs_give_the_same_fingerprints(call: Call) -> None:
    def fingerprints() -> list[str]:
        (run,) = call("cutover", "--sarif", "-").json["runs"]
        return sorted(found["partialFingerprints"]["seppcheck/v1"] for found in run["results"])

    first = fingerprints()
    assert first
    assert fingerprints() == first


def test_a_report_that_cannot_be_written_keeps_no_other_from_being_written(call: Call, folder: Path) -> None:
    (folder / "there").write_text("no folder", encoding="utf-8")
    options = ("--json", "there/results.json", "--sarif", "out.sarif", "--markdown", "there/summary.md")
    answer = call("readiness", "--only", "dns-ptr", "--save-evidence", "there/bundle.json", *options)
    assert answer.code == 2
    assert "bundle.json" in answer.err
    assert "results.json" in answer.err
    assert "summary.md" in answer.err
    assert json.loads((folder / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"

"""What drifted, in the reports that a CI job hands on."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.drift.finished_lab import Finished

SENTENCE = "connection filter policy Default: IPAllowList was not set, and is 192.0.2.1"


@pytest.mark.parametrize("drifts", [True, False])
def test_every_report_of_a_drift_run_tells_what_changed(finished: Finished, tmp_path: Path, drifts: bool) -> None:
    if drifts:
        finished.run("Set-HostedConnectionFilterPolicy", Identity="Default", IPAllowList=["192.0.2.1"])
    names = ("json", "junit", "sarif", "markdown", "annotations")
    files = {name: tmp_path / name for name in names}

    code = finished.command("drift", "--quiet", *(word for name in names for word in (f"--{name}", str(files[name]))))

    told = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    assert code == (1 if drifts else 0)
    entries = json.loads(told["json"])["drift"]
    assert [entry["summary"] for entry in entries] == ([SENTENCE] if drifts else [])
    cases = ET.fromstring(told["junit"]).iterfind(".//testcase[@classname='drift']/failure")  # noqa: S314 - our own
    assert [case.get("message") for case in cases] == ([SENTENCE] if drifts else [])
    (run,) = json.loads(told["sarif"])["runs"]
    assert [r["message"]["text"].split("\n") for r in run["results"] if r["ruleId"] == "drift"] == (
        [[f"kunde-test.onmicrosoft.com: {SENTENCE}", "before: —", "after: 192.0.2.1"]] if drifts else []
    )
    count = "1 change" if drifts else "no change"
    assert f"Drift: {count} since the baseline of 20" in told["markdown"].splitlines()[0]
    assert (f"| {SENTENCE} | — | 192.0.2.1 |" in told["markdown"].replace("\\", "")) is drifts
    assert (f"title=drift::{SENTENCE}%0Abefore: —%0Aafter: 192.0.2.1\n" in told["annotations"]) is drifts

"""The lab and the audit together: what the scenarios promise is what seppcheck finds."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seppcheck.cli import main
from seppcheck.lab.world import Lab, running

ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}


def audited(scenario: str, folder: Path) -> tuple[int, Any]:
    """Run `seppcheck lab SCENARIO -- seppcheck readiness` as a shell would."""
    done = subprocess.run(
        [sys.executable, "-m", "seppcheck", "lab", scenario, "--", "seppcheck", "readiness", "--json", "-"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def outcomes(document: Any) -> dict[tuple[str, str], str]:
    return {(result["check"], result["target"]["name"]): result["outcome"] for result in document["results"]}


def test_ready_is_ready_and_its_gate_is_open(tmp_path: Path) -> None:
    code, document = audited("ready", tmp_path)
    assert code == 0
    assert document["verdict"] == "passed"
    found = outcomes(document)
    assert {check for check, _ in found} >= {
        *("dns-ptr", "dns-mx-ttl", "dns-spf-ttl", "dns-ttl-lead-time", "dns-spf-gateway"),
        *("smtp-banner", "smtp-certificate"),
    }
    assert set(found.values()) == {"passed"}


def test_broken_fails_in_several_ways(tmp_path: Path) -> None:
    code, document = audited("broken", tmp_path)
    assert code == 1
    found = outcomes(document)
    assert {check for (check, _), outcome in found.items() if outcome == "failed"} >= {
        *("dns-ptr", "dns-mx-ttl", "dns-spf-ttl", "smtp-banner", "gateway-mta", "custom-command")
    }
    assert found["smtp-certificate", "secure.secmail365.test"] == "warned"
    assert found["dns-spf-gateway", "praxis.test"] == "warned"
    assert found["dns-spf-ttl", "praxis.test"] == "not-applicable"
    assert found["dns-mx-ttl", "praxis.test"] == "passed"
    assert "inconclusive" not in found.values()


def test_of_two_servers_that_disagree_the_one_over_the_limit_is_named(tmp_path: Path) -> None:
    _, document = audited("broken", tmp_path)
    result = next(r for r in document["results"] if (r["check"], r["target"]["name"]) == ("dns-mx-ttl", "kunde.test"))
    assert {finding["subject"].split()[0]: finding["outcome"] for finding in result["findings"]} == {
        "ns1.lab.test": "passed",
        "ns2.lab.test": "failed",
    }


def audit(phase: str, lab: Lab, *options: str) -> int:
    return main([phase, "--config", str(lab.settings), "--quiet", "--no-progress", "--lang", "en", *options])


def test_a_move_of_the_mx_can_be_rehearsed(own_lab: Lab) -> None:
    only = ("--only", "dns-mx")
    assert audit("verification", own_lab, *only) == 1
    own_lab.names.replace("kunde.test", "MX", "10 secure.secmail365.test.", server="ns1.lab.test")
    own_lab.names.replace("praxis.test", "MX", "10 secure.secmail365.test.")
    assert audit("verification", own_lab, *only) == 1
    own_lab.names.replace("kunde.test", "MX", "10 secure.secmail365.test.")
    assert audit("verification", own_lab, *only) == 0


def test_lab_and_audit_may_live_in_another_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def clock() -> datetime:
        return datetime(2031, 5, 1, 12, tzinfo=UTC)

    with running("ready", tmp_path / "lab", clock=clock) as lab:
        code = main(["readiness", "--config", str(lab.settings), "--json", "-", "--lang", "en"], clock=clock)
    document = json.loads(capsys.readouterr().out)
    assert {key: value for key, value in outcomes(document).items() if value != "passed"} == {}
    assert code == 0

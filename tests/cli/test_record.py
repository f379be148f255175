"""The gateway record in whole runs: refused when it is wrong, read anew beside a bundle."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Call

NOW = datetime.now(UTC).replace(microsecond=0)
SETTINGS = """\
[gateway]
name = "secure.example.test"
addresses = ["127.0.0.1"]
smtp_port = 1

[dns]
resolvers = ["127.0.0.1"]
port = 1
timeout = 0.2

[[domains]]
name = "example.test"
customer = "kunde"
"""


def written(hold: str, at: datetime) -> str:
    return (
        f'attested_by = "A. Admin"\nattested_at = {at:%Y-%m-%dT%H:%M:%SZ}\n'
        f'[customers.kunde.extended_fields]\ndisable_delivery = "{hold}"\n'
        "[mail_processing]\ngroups_override_hold = false\n"
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("seppcheck.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def record(content: str) -> None:
    Path("gateway-record.toml").write_text(content, encoding="utf-8")


HOLD = ("--only", "delivery-hold", "--json", "-")


@pytest.mark.parametrize("command", [("readiness", "--only", "delivery-hold"), ("config", "check")], ids=" ".join)
@pytest.mark.parametrize("wrong", ["perhaps", 'true"\n[mail_system]\nsmtp_baner = "x'])
def test_a_record_that_is_wrong_is_refused_with_its_line(call: Call, command: tuple[str, ...], wrong: str) -> None:
    record(written(wrong, NOW))
    answer = call(*command)
    assert answer.code == 2
    assert "gateway-record.toml, line " in answer.err


def test_the_hold_of_the_record_is_judged_and_remembered(call: Call) -> None:
    record(written("true", NOW - timedelta(hours=2)))
    answer = call("cutover", *HOLD)
    (result,) = answer.json["results"]
    (noted,) = [note for note in result["evidence"] if note["kind"] == "delivery-hold"]
    (document,) = [json.loads(path.read_text(encoding="utf-8")) for path in Path(".seppcheck/history").iterdir()]

    assert (result["outcome"], result["assurance"]) == ("passed", "attested")
    assert noted["from"] == "gateway-record.toml, A. Admin"
    assert document["hold"] == {"example.test": "true"}


def test_beside_a_bundle_the_present_record_counts(call: Call) -> None:
    record(written("true", NOW - timedelta(hours=2)))
    call("readiness", "--only", "delivery-hold", "--save-evidence", "old.json")
    record(written("false", NOW))
    answer = call("readiness", *HOLD, "--evidence", "old.json", "--config", "seppcheck.toml")
    assert answer.json["results"][0]["outcome"] == "passed"


@pytest.mark.parametrize(("days", "reason"), [(3, None), (29, None), (31, "expired")])
def test_what_was_written_keeps_its_own_age_in_a_bundle(call: Call, days: int, reason: str | None) -> None:
    record(written("false", NOW))
    then = NOW + timedelta(days=days)
    call("readiness", "--only", "delivery-hold", "--save-evidence", "old.json")
    Path("gateway-record.toml").unlink()
    answer = call("readiness", *HOLD, "--evidence", "old.json", "--config", "seppcheck.toml", clock=lambda: then)
    assert answer.json["results"][0]["reason"] == reason


def test_a_replay_gives_the_same_verdict_without_the_record(call: Call) -> None:
    record(written("true", NOW - timedelta(days=3)))
    live = call("readiness", *HOLD, "--save-evidence", "old.json")
    Path("gateway-record.toml").unlink()
    replayed = call("readiness", *HOLD, "--evidence", "old.json")
    assert replayed.json["results"] == live.json["results"]
    assert live.code == 1

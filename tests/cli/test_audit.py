from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seppcheck.lab.world import running
from tests.cli.conftest import Call

UNTIMED = ("started_at", "finished_at", "replay_of")


def without_times(document: str) -> dict[str, object]:
    return {key: value for key, value in json.loads(document).items() if key not in UNTIMED}


@pytest.mark.usefixtures("folder")
def test_a_lab_that_is_ready_is_ready(call: Call) -> None:
    answer = call("readiness")

    assert answer.code == 0
    assert answer.out.splitlines()[0].startswith("✔ Ready")
    assert answer.err == ""


@pytest.mark.usefixtures("folder")
def test_json_on_standard_output_is_alone_there(call: Call) -> None:
    answer = call("readiness", "--json", "-")

    assert answer.json["verdict"] == "passed"
    assert answer.json["counts"]["planned"] == len(answer.json["results"])
    assert "Ready" in answer.err


@pytest.mark.usefixtures("folder")
def test_quiet_is_the_verdict_line_alone(call: Call) -> None:
    answer = call("readiness", "--quiet")

    assert len(answer.out.splitlines()) == 1


def test_a_replay_gives_the_same_json_byte_for_byte(call: Call, folder: Path) -> None:
    live = call("readiness", "--save-evidence", "b.json", "--json", "-", "--lang", "de").out
    (folder / "seppcheck.toml").unlink()
    replayed = call("readiness", "--evidence", "b.json", "--json", "-").out
    again = call("readiness", "--evidence", "b.json", "--json", "-").out

    assert without_times(replayed) == without_times(live)
    assert without_times(again) == without_times(replayed)
    assert json.loads(replayed)["replay_of"] == json.loads(live)["judged_at"]
    assert json.loads(replayed)["language"] == "de"


def test_a_replay_asks_nobody_and_writes_no_history(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call("readiness", "--save-evidence", "b.json")
    before = sorted((folder / ".seppcheck" / "history").iterdir())

    def refuse(*_: object) -> None:
        raise AssertionError("a replay must not touch the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "sendto", refuse)
    answer = call("readiness", "--evidence", "b.json")

    assert answer.code == 0
    assert sorted((folder / ".seppcheck" / "history").iterdir()) == before
    assert "replay" in answer.out


@pytest.mark.parametrize("report", ["--json", "--junit", "--html", "--sarif", "--markdown", "--annotations"])
def test_a_report_that_cannot_be_written_does_not_lose_what_was_gathered(call: Call, folder: Path, report: str) -> None:
    answer = call("readiness", "--save-evidence", "b.json", report, "seppcheck.toml/report")

    assert answer.code == 2
    assert "cannot be written" in answer.err
    assert (folder / "b.json").is_file()
    assert call("readiness", "--evidence", "b.json").code == 0


def test_what_a_bundle_lacks_is_not_collected(call: Call, folder: Path) -> None:
    call("readiness", "--only", "dns-ptr", "--save-evidence", "b.json")
    answer = call("readiness", "--evidence", "b.json", "--json", "-")

    banner = next(r for r in answer.json["results"] if r["check"] == "smtp-banner")
    assert (answer.code, banner["outcome"], banner["reason"]) == (3, "inconclusive", "not-collected")
    assert folder.is_dir()


@pytest.mark.usefixtures("folder")
def test_a_bundle_with_a_configuration_is_judged_now_and_live_sources_fill_the_rest(call: Call) -> None:
    call("collect", "--only", "smtp-*", "--out", "smtp.json")
    answer = call("readiness", "--evidence", "smtp.json", "--config", "seppcheck.toml", "--json", "-")

    assert (answer.code, answer.json["replay_of"]) == (0, None)


@pytest.mark.usefixtures("folder")
def test_bundled_evidence_expires(call: Call) -> None:
    call("collect", "--only", "smtp-*", "--out", "smtp.json")
    document = json.loads(Path("smtp.json").read_text(encoding="utf-8"))
    for entry in document["evidence"]:
        entry["collected_at"] = (datetime.now(UTC) - timedelta(days=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    Path("smtp.json").write_text(json.dumps(document), encoding="utf-8")
    answer = call("readiness", "--evidence", "smtp.json", "--config", "seppcheck.toml", "--json", "-")

    banner = next(r for r in answer.json["results"] if r["check"] == "smtp-banner")
    assert (answer.code, banner["reason"]) == (3, "expired")


@pytest.mark.usefixtures("folder")
def test_collect_gathers_for_every_phase(call: Call) -> None:
    whole = call("collect", "--out", "whole.json")
    settings = Path("seppcheck.toml").read_text(encoding="utf-8")
    Path("seppcheck.toml").write_text(re.sub(r"(?m)^samples = .*$", "", settings), encoding="utf-8")
    without_mail = call("collect", "--out", "without-mail.json")
    collected = call("collect", "--skip", "mail-route", "--out", "b.json")
    answer = call("verification", "--evidence", "b.json", "--skip", "mail-route", "--json", "-")

    assert (whole.code, without_mail.code, collected.code) == (0, 3, 0)
    assert "missing: mail-samples" in without_mail.out
    assert answer.code == 1  # the lab's MX has not moved yet
    assert not [r for r in answer.json["results"] if r["reason"] == "not-collected"]


@pytest.mark.usefixtures("folder")
def test_bundles_of_other_domains_do_not_go_together(call: Call) -> None:
    call("collect", "--out", "one.json", "--only", "dns-ptr")
    document = json.loads(Path("one.json").read_text(encoding="utf-8"))
    document["settings"]["domains"] = [{"name": "other.test"}]
    Path("two.json").write_text(json.dumps(document), encoding="utf-8")

    answer = call("readiness", "--evidence", "one.json", "--evidence", "two.json")

    assert answer.code == 2
    assert "do not go together" in answer.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("section", "other"), [("gateway", {"name": "other.test"}), ("domains", [{"name": "other.test"}])]
)
def test_a_bundle_of_another_gateway_or_other_domains_does_not_go_with_a_configuration(
    call: Call, section: str, other: object
) -> None:
    call("collect", "--out", "b.json", "--only", "dns-ptr")
    document = json.loads(Path("b.json").read_text(encoding="utf-8"))
    document["settings"][section] = other
    Path("b.json").write_text(json.dumps(document), encoding="utf-8")

    answer = call("readiness", "--evidence", "b.json", "--config", "seppcheck.toml")

    assert answer.code == 2
    assert "do not go together: one is about other.test" in answer.err


@pytest.mark.usefixtures("folder")
def test_only_and_skip_leave_out_and_say_so(call: Call) -> None:
    answer = call("readiness", "--only", "dns-*", "--skip", "dns-spf-*", "--json", "-")

    assert {r["check"] for r in answer.json["results"]} == {"dns-ptr", "dns-mx-ttl", "dns-ttl-lead-time"}
    assert answer.json["requirements"]["P4"] == "not-selected"
    assert {s["check"] for s in answer.json["skipped"]} >= {"smtp-banner", "dns-spf-ttl"}


@pytest.mark.usefixtures("folder")
def test_what_is_green_with_requirements_left_out_does_not_say_ready(call: Call) -> None:
    answer = call("readiness", "--only", "dns-ptr", "--quiet")

    assert answer.code == 0
    assert answer.out.startswith("What was looked at is in order: 1 check passed, ")
    assert "checks left out" in answer.out


@pytest.mark.usefixtures("folder")
def test_a_domain_limits_the_targets(call: Call) -> None:
    answer = call("readiness", "KUNDE.test.", "--json", "-")

    names = {r["target"]["name"] for r in answer.json["results"] if r["target"]["kind"] == "domain"}
    assert names == {"kunde.test"}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--only", "dns-prt"], "--only dns-prt: no check has such an id"),
        (["kunde.tset"], "kunde.test"),
        (["--json", "-", "--junit", "-"], "two outputs"),
        (["--sarif", "-", "--markdown", "-"], "two outputs"),
        (["--annotations", "-", "--save-evidence", "-"], "two outputs"),
        (["--sarif", "r", "--annotations", "./r"], "two outputs cannot both go to r"),
        (["--markdown", "./seppcheck.toml"], "seppcheck.toml is what this command reads"),
        (["--json", "."], "directory"),
        (["--html", "seppcheck.toml"], "seppcheck.toml is what this command reads"),
        (["--save-evidence", "./seppcheck.toml"], "seppcheck.toml is what this command reads"),
        (["--json", "r", "--junit", "./r"], "two outputs cannot both go to r"),
        (["--config", "none.toml"], "none.toml"),
        (["--evidence", "none.json"], "none.json cannot be read"),
        (["--plugins", "none"], "there is no folder none"),
        (["--lang", "fr"], "--lang"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_usage_errors_exit_with_2_and_one_message(call: Call, argv: list[str], told: str) -> None:
    answer = call("readiness", *argv)

    assert answer.code == 2
    assert told in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""


def test_nothing_at_all_exits_with_2_and_says_what_to_give(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert "seppcheck init" in call("readiness").err
    assert "--gateway NAME" in call("readiness", "example.org").err
    assert call("readiness").code == call("readiness", "example.org").code == 2


@pytest.mark.usefixtures("folder")
def test_selected_checks_that_are_not_due_end_with_3_and_a_sentence(call: Call) -> None:
    answer = call("readiness", "--only", "dns-mx")

    assert answer.code == 3
    assert "nothing was run" in answer.out


@pytest.mark.usefixtures("folder")
def test_a_run_is_remembered(call: Call, folder: Path) -> None:
    history = folder / ".seppcheck" / "history"
    before = set(history.iterdir())
    call("readiness")

    (new,) = set(history.iterdir()) - before
    document = json.loads(new.read_text(encoding="utf-8"))
    assert document["domains"]["kunde.test"]["mx"]["servers"][0]["ttl"] == 5


def test_a_silent_network_is_inconclusive_within_the_deadline(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        config = f"""
            [gateway]
            name = "gw.example.org"
            [dns]
            resolvers = ["127.0.0.1"]
            port = {silent.getsockname()[1]}
            timeout = 0.3
            [run]
            deadline = 3.0
            [[domains]]
            name = "example.org"
            """
        Path("seppcheck.toml").write_text(config, encoding="utf-8")
        started = time.monotonic()
        answer = call("readiness", "--json", "-")

    assert time.monotonic() - started < 10
    assert (answer.code, answer.json["verdict"]) == (3, "inconclusive")
    assert {r["outcome"] for r in answer.json["results"]} == {"inconclusive"}


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_keeps_what_was_concluded_and_marks_the_rest(tmp_path: Path) -> None:
    with running("ready", tmp_path / "lab") as lab, socket.create_server(("127.0.0.1", 0)) as silent:
        config = lab.settings.read_text(encoding="utf-8")
        port = next(line for line in config.splitlines() if line.startswith("smtp_port"))
        config = config.replace(port, f"smtp_port = {silent.getsockname()[1]}\naddresses = ['127.0.0.1']")
        lab.settings.write_text(config, encoding="utf-8")
        command = [sys.executable, "-m", "seppcheck", "readiness", "--json", "-"]
        with subprocess.Popen(
            command, cwd=lab.settings.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as run:
            silent.settimeout(20)
            connection, _ = silent.accept()
            with connection:
                time.sleep(1.0)
                run.send_signal(signal.SIGINT)
                out, err = run.communicate(timeout=20)

    document = json.loads(out)
    outcomes = {r["check"]: (r["outcome"], r["reason"]) for r in document["results"]}
    assert run.returncode == 3
    assert outcomes["smtp-banner"] == ("inconclusive", "interrupted")
    assert outcomes["dns-ptr"] == ("passed", None)
    assert "Traceback" not in err


@pytest.mark.usefixtures("folder")
def test_a_reader_that_has_read_enough_changes_neither_files_nor_exit_code() -> None:
    command = [sys.executable, "-m", "seppcheck", "readiness", "--json", "r.json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as run:
        assert run.stdout is not None
        run.stdout.close()
        _, err = run.communicate(timeout=60)

    assert (run.returncode, err) == (0, "")
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["verdict"] == "passed"


@pytest.mark.usefixtures("folder")
def test_collect_never_writes_over_the_configuration(call: Call) -> None:
    answer = call("collect", "--out", "seppcheck.toml")

    assert answer.code == 2
    assert "seppcheck.toml is what this command reads" in answer.err
    assert "[gateway]" in Path("seppcheck.toml").read_text(encoding="utf-8")

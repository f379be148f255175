from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seppcheck.record.questions import QUESTIONS, checks_asked
from tests.cli.conftest import Call
from tests.peers.pki import Pki

SETTINGS = """\
[gateway]
name = "secure.example.org"

[[domains]]
name = "example.org"
customer = "kunde"
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "seppcheck.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def at_a_terminal(answers: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it with a terminal as standard input, and type the answers."""
    master, terminal = pty.openpty()
    try:
        os.write(master, answers.encode() + b"\x04")
        return subprocess.run(
            [sys.executable, "-m", "seppcheck", "attest", *arguments],
            stdin=terminal,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
            timeout=60,
        )
    finally:
        os.close(master)
        os.close(terminal)


def record() -> dict[str, Any]:
    return tomllib.loads(Path("gateway-record.toml").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("settings")
def test_without_a_terminal_it_refuses(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        answer = call("attest")

    assert answer.code == 2
    assert "terminal" in answer.err


def test_a_pattern_that_no_question_belongs_to_is_refused_with_the_nearest(call: Call) -> None:
    answer = call("attest", "--only", "delivery-hld")

    assert answer.code == 2
    assert "delivery-hold" in answer.err


@pytest.mark.usefixtures("settings")
def test_every_question_names_its_menu_and_its_answer_is_dated() -> None:
    done = at_a_terminal("A. Admin\nsecure.example.org ESMTP\n", "--only", "smtp-banner")

    assert done.returncode == 0, done.stderr
    assert "Mail System > SMTP Settings > SMTP server banner string" in done.stderr
    written = record()
    assert written["mail_system"] == {"smtp_banner": "secure.example.org ESMTP"}
    noted = written["answered"]["mail_system.smtp_banner"]
    assert noted["by"] == "A. Admin"
    assert datetime.now(UTC) - noted["at"] < timedelta(minutes=1)


@pytest.mark.usefixtures("settings")
def test_the_hold_is_asked_at_customer_and_domain_and_goes_into_the_history() -> None:
    done = at_a_terminal("A. Admin\n\nTRUE\n?\nn\n", "--only", "delivery-hold", "--lang", "en")

    assert done.returncode == 0, done.stderr
    assert "Customers > kunde > Extended Fields > disable_delivery" in done.stderr
    (document,) = [json.loads(path.read_text(encoding="utf-8")) for path in Path(".seppcheck/history").iterdir()]
    assert document["hold"] == {"example.org": "true"}
    assert record()["domains"] == {"example.org": {"customer": "kunde"}}
    assert record()["customers"] == {"kunde": {"extended_fields": {"disable_delivery": "true"}}}


@pytest.mark.usefixtures("settings")
def test_an_empty_answer_keeps_the_earlier_one_and_a_question_mark_leaves_it_alone() -> None:
    at_a_terminal("A. Admin\n?\n?\nGenerator\ny\n", "--only", "custom-command")
    first = record()
    done = at_a_terminal("B. Bot\nsecure.example.org\n", "--only", "smtp-helo")

    assert done.returncode == 0, done.stderr
    assert {**record(), "answered": None, "mail_system": None} == {**first, "answered": None, "mail_system": None}
    assert record()["attested_by"] == "A. Admin"
    assert record()["answered"]["mail_system.smtp_helo"]["by"] == "B. Bot"
    done = at_a_terminal("\n\n", "--only", "smtp-helo")
    assert "[secure.example.org]" in done.stderr
    assert record()["answered"]["mail_system.smtp_helo"]["by"] == "A. Admin"
    done = at_a_terminal("\n?\n", "--only", "smtp-helo")
    assert done.returncode == 3


@pytest.mark.usefixtures("settings")
def test_a_custom_command_is_pasted_up_to_an_empty_line() -> None:
    done = at_a_terminal("A. Admin\n15.0.4\ninternal();\nincoming();\n\nUpload\nn\n", "--only", "custom-command")

    assert done.returncode == 0, done.stderr
    assert record()["custom_commands"]["before_processing"] == "internal();\nincoming();\n"
    assert record()["mail_processing"] == {"ruleset_type": "Upload", "ruleset_generated": False}


@pytest.mark.usefixtures("settings")
def test_a_custom_command_may_come_from_a_file() -> None:
    Path("before.txt").write_text("internal();\n", encoding="utf-8")
    done = at_a_terminal("A. Admin\n?\nbefore.txt\n?\n?\n", "--only", "custom-command")

    assert done.returncode == 0, done.stderr
    assert record()["custom_commands"]["before_processing"] == "file:before.txt"


@pytest.mark.usefixtures("settings")
def test_a_certificate_that_cannot_be_read_is_asked_for_again(pki: Pki) -> None:
    Path("own.pem").write_bytes(pki.issue("example.org").pem)
    Path("other.pem").write_text("nothing", encoding="utf-8")
    done = at_a_terminal("A. Admin\nother.pem\nnot there.pem\nown.pem\n", "--only", "sender-certificate")

    assert done.returncode == 0, done.stderr
    assert "CN=example.org" in done.stderr
    assert record()["domains"]["example.org"]["certificate"] == "own.pem"


@pytest.mark.usefixtures("settings")
def test_the_extended_field_is_asked_for_with_its_properties_or_noted_as_absent() -> None:
    done = at_a_terminal("A. Admin\ny\n\n\nkunde, other\n\n", "--only", "extended-field")
    assert done.returncode == 0, done.stderr
    (field,) = record()["extended_fields"]
    assert field == {
        "name": "disable_delivery",
        "type": "boolean",
        "default": "false",
        "tenants": ["kunde", "other"],
        "managed_domains": [],
    }
    done = at_a_terminal("A. Admin\nn\n", "--only", "extended-field")
    assert done.returncode == 0, done.stderr
    assert record()["extended_fields"] == []


@pytest.mark.usefixtures("settings")
def test_a_private_key_is_refused_and_never_written() -> None:
    key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"
    done = at_a_terminal(f"A. Admin\ny\n{key}\nMIIBIjANBgkq\n", "--only", "dkim-gateway-key")

    assert done.returncode == 0, done.stderr
    assert record()["domains"]["example.org"]["dkim_public_key"] == "MIIBIjANBgkq"
    assert key not in done.stdout + Path("gateway-record.toml").read_text(encoding="utf-8")


def test_a_record_that_is_configured_and_missing_can_be_begun(settings: Path) -> None:
    settings.write_text(SETTINGS.replace("[[", 'record = "r/notes.toml"\n\n[[', 1), encoding="utf-8")
    done = at_a_terminal("A. Admin\ny\n", "--only", "gateway-mta")

    assert done.returncode == 0, done.stderr
    assert tomllib.loads(Path("r/notes.toml").read_text(encoding="utf-8"))["mail_system"] == {"use_builtin_mta": True}


def test_every_question_belongs_to_a_check_that_there_is(call: Call) -> None:
    listed = call("list").out
    assert not [check for check in checks_asked() if check not in listed]
    assert len({question.path for question in QUESTIONS}) == len(QUESTIONS)

"""`seppcheck config`, as people call it."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Call

SOUND = """\
[gateway]
name = "secure.example.org"
addresses = ["203.0.113.25"]

[[domains]]
name = "münchen.example"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("seppcheck.toml")
    path.write_text(SOUND, encoding="utf-8")
    return path


def add(file: Path, text: str) -> None:
    file.write_text(SOUND + text, encoding="utf-8")


@pytest.mark.usefixtures("file")
def test_a_sound_file_is_told_as_it_was_understood(call: Call) -> None:
    answer = call("config", "check", "--lang", "en")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == "seppcheck.toml is in order."
    for expected in ("secure.example.org, SMTP port 25", "203.0.113.25", "xn--mnchen-3ya.example", "not configured"):
        assert expected in answer.out


@pytest.mark.usefixtures("file")
def test_it_is_told_in_german(call: Call) -> None:
    answer = call("config", "check", "--lang", "de")

    assert answer.code == 0
    assert "is in order" not in answer.out


def test_every_section_that_is_configured_is_told(call: Call, file: Path) -> None:
    Path("export").mkdir()
    add(
        file,
        '[exchange]\nexport = "export"\n[dns]\nresolvers = ["192.0.2.53"]\n[mail]\nsamples = ["m/*.eml"]\n'
        '[run]\nskip = [{ check = "dns-ptr", reason = "the provider is slow" }]\n'
        '[[waivers]]\ncheck = "dns-mx-ttl"\nreason = "r"\nowner = "mail team"\nuntil = 2026-12-31\n',
    )
    answer = call("config", "check", "--lang", "en")

    assert answer.code == 0
    for expected in ("the export in export", "192.0.2.53", "m/*.eml", "dns-ptr: the provider is slow", "mail team"):
        assert expected in answer.out


def test_an_expired_waiver_is_told_as_such(call: Call, file: Path) -> None:
    add(file, '[[waivers]]\ncheck = "dns-ptr"\nreason = "r"\nowner = "o"\nuntil = 2020-01-31\n')

    assert "dns-ptr for every target until 2020-01-31 (o): expired" in call("config", "check", "--lang", "en").out


def test_several_faults_are_told_at_once(call: Call, file: Path) -> None:
    add(file, "[dns]\nport = 0\nresolver = []\n")
    answer = call("config", "check", "--lang", "en")

    assert (answer.code, answer.out) == (2, "")
    assert "seppcheck.toml, line 8: dns.port: must be at least 1" in answer.err
    assert "seppcheck.toml, line 9: dns.resolver: unknown key; did you mean resolvers?" in answer.err


def test_an_unknown_check_is_named_with_its_line(call: Call, file: Path) -> None:
    add(file, '[run]\nskip = [{ check = "dns-prt", reason = "r" }]\n')
    answer = call("config", "check", "--lang", "en")

    assert answer.code == 2
    assert "line 8: run.skip[1].check: there is no check dns-prt; did you mean dns-ptr?" in answer.err


def test_a_secret_that_is_not_there_is_named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, '[[notify]]\nkind = "slack"\nurl = "env:SEPPCHECK_TEST_HOOK"\n')
    monkeypatch.delenv("SEPPCHECK_TEST_HOOK", raising=False)
    answer = call("config", "check", "--lang", "en")

    assert answer.code == 2
    assert "line 9: notify[1].url: the environment variable SEPPCHECK_TEST_HOOK is not set" in answer.err

    monkeypatch.setenv("SEPPCHECK_TEST_HOOK", "https://hooks.example/hunter2")
    answer = call("config", "check", "--lang", "en")
    assert answer.code == 0
    assert "hunter2" not in answer.out + answer.err


def test_escape_sequences_of_the_file_are_shown_and_not_obeyed(call: Call, file: Path) -> None:
    add(file, '"\\u001b[2J" = 1\n')
    answer = call("config", "check", "--lang", "en")

    assert answer.code == 2
    assert "\x1b" not in answer.err


@pytest.mark.parametrize("name", ["nothing.toml", ".", "x" * 5000])
@pytest.mark.usefixtures("file")
def test_a_file_that_is_none_is_told_in_one_line(call: Call, name: str) -> None:
    answer = call("config", "check", "--config", name)

    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1


def test_the_schema_is_json_on_standard_output(call: Call) -> None:
    answer = call("config", "schema")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.isascii()
    Draft202012Validator.check_schema(answer.json)

"""Secrets that the settings refer to."""

from __future__ import annotations

from pathlib import Path

import pytest

from seppcheck.settings.file import load
from seppcheck.settings.references import check_secrets, references
from seppcheck.toml_files.faults import SettingsError

CONTENT = """\
[gateway]
name = "secure.example.org"
[gateway.api]
url = "https://secure.example.org:8445/v1"
token = "env:TOKEN"
secret = "file:secret"
[exchange]
tenant = "example.onmicrosoft.com"
client_id = "a"
client_secret = "env:APP"
[[dns.update]]
server = "192.0.2.1"
key_name = "k"
secret = "env:TSIG"
[[notify]]
kind = "slack"
url = "env:HOOK"
[[domains]]
name = "example.org"
"""
ALL = {"TOKEN": "t", "APP": "a", "TSIG": "k", "HOOK": "https://hooks.example/hunter2"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "seppcheck.toml"
    path.write_text(CONTENT, encoding="utf-8")
    (tmp_path / "secret").write_text("s", encoding="utf-8")
    return path


def test_secrets_that_are_there_pass(file: Path) -> None:
    settings = load(file)
    check_secrets(settings, ALL)
    assert [".".join(map(str, key)) for key, _ in references(settings)] == [
        "gateway.api.token",
        "gateway.api.secret",
        "exchange.client_secret",
        "dns.update.0.secret",
        "notify.0.url",
    ]


def test_a_webhook_may_have_a_query_for_that_of_some_is_their_signature(file: Path) -> None:
    check_secrets(load(file), {**ALL, "HOOK": "https://flow.example:443/invoke?api-version=1&sig=hunter2"})


@pytest.mark.parametrize("url", ["https://u:hunter2@hooks.example/", "https://hooks.example/#hunter2", "hunter2"])
def test_what_is_no_url_of_a_webhook_is_refused_and_not_repeated(file: Path, url: str) -> None:
    with pytest.raises(SettingsError) as error:
        check_secrets(load(file), {**ALL, "HOOK": url})
    assert "line 17: notify[1].url" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_every_secret_that_is_not_there_is_named_with_its_line(file: Path) -> None:
    settings = load(file)
    (file.parent / "secret").unlink()
    with pytest.raises(SettingsError) as error:
        check_secrets(settings, {"HOOK": "http://hooks.example/hunter2"})
    said = [str(message).replace(str(file), "FILE") for message in error.value.messages]
    assert [line.partition(" is")[0].partition(" cannot")[0] for line in said] == [
        "FILE, line 5: gateway.api.token: the environment variable TOKEN",
        f"FILE, line 6: gateway.api.secret: the secret's file {file.parent / 'secret'}",
        "FILE, line 10: exchange.client_secret: the environment variable APP",
        "FILE, line 14: dns.update[1].secret: the environment variable TSIG",
        "FILE, line 17: notify[1].url: http://",
    ]
    assert "hunter2" not in str(error.value)

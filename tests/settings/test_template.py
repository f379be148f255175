"""The file that `init` writes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from seppcheck.settings import Document
from seppcheck.settings.file import load
from seppcheck.settings.template import Start, settings_text
from seppcheck.toml_files.words import faults_of

LEAST = Start("secure.example.org", (), ("example.org",))
MOST = Start(
    "secure.example.org",
    ("203.0.113.25", "2001:db8::25"),
    ("example.org", "xn--mnchen-3ya.example"),
    "example.onmicrosoft.com",
    ("192.0.2.53",),
    5353,
)
_EXAMPLE = re.compile(r"# (?=\[|[a-z_]+ = )")


@pytest.mark.parametrize("start", [LEAST, MOST], ids=["least", "most"])
def test_what_is_written_is_read_back(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "seppcheck.toml"
    path.write_text(settings_text(start), encoding="utf-8")
    found = load(path)
    assert found.gateway.name == start.gateway
    assert found.gateway.addresses == start.addresses
    assert tuple(domain.name for domain in found.domains) == start.domains
    assert found.site.tenant.name == start.tenant
    assert (found.dns.resolvers, found.dns.port) == (start.resolvers, start.port)


@pytest.mark.parametrize("start", [LEAST, MOST], ids=["least", "most"])
def test_every_example_in_a_comment_is_right_once_its_mark_is_taken_away(start: Start) -> None:
    switched_on = _EXAMPLE.sub("", settings_text(start)).split("\n")
    content = tomllib.loads("\n".join(switched_on))
    content["gateway"].pop("nodes")  # a cluster, instead of addresses
    content["exchange"].pop("export")  # instead of a client_id
    assert not list(faults_in(content))
    assert {"gateway", "exchange", "dns", "mail", "notify", "run", "domains", "waivers"} <= content.keys()
    assert "api" in content["gateway"]


def faults_in(content: object) -> list[str]:
    try:
        Document.model_validate(content)
    except ValueError as error:
        return [str(fault) for fault in faults_of(error, Document)]  # type: ignore[arg-type]  # pydantic's
    return []


def test_names_are_shown_as_people_write_them() -> None:
    assert 'name = "xn--mnchen-3ya.example"  # münchen.example' in settings_text(MOST)


def test_comments_are_translated() -> None:
    assert "# EXCHANGE ONLINE." in settings_text(LEAST, str.upper)
    assert tomllib.loads(settings_text(LEAST, str.upper)) == tomllib.loads(settings_text(LEAST))

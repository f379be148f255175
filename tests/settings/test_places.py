from __future__ import annotations

from pathlib import Path

import pytest

from seppcheck.model.places import Places
from seppcheck.model.targets import Domain, Gateway, Target, Tenant
from seppcheck.settings.file import from_arguments, load
from seppcheck.settings.places import places_of

CONTENT = """\
# of the customer
[gateway]
addresses = ["203.0.113.25"]
name = "secure.example.org"

[exchange]
client_id = "x"
tenant = "Example.onmicrosoft.com"
client_secret = "env:SECRET"

[[domains]]
name = "example.org"

[[domains]]
customer = "x"
name = "münchen.example"
"""


def written(folder: Path, content: str = CONTENT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "seppcheck.toml"
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (Gateway("secure.example.org"), 4),
        (Domain("example.org"), 12),
        (Domain("xn--mnchen-3ya.example"), 16),
        (Tenant("example.onmicrosoft.com"), 8),
        (Domain("unknown.example"), 1),
    ],
)
def test_each_target_has_the_line_that_names_it(tmp_path: Path, target: Target, line: int) -> None:
    file = written(tmp_path)
    assert places_of(load(file), tmp_path).line_of(target) == line


def test_a_section_stands_for_the_key_that_it_lacks(tmp_path: Path) -> None:
    content = '\n[[gateway.nodes]]\nname = "a.example.org"\n[exchange]\nclient_id = "x"\n[[domains]]\nname = "e.org"\n'
    settings = load(written(tmp_path, content.replace('client_id = "x"', 'transport_rule = "r"')))
    places = places_of(settings, tmp_path)
    assert places.line_of(settings.site.gateway) == 2
    assert places.line_of(settings.site.tenant) == 4


def test_a_gateway_of_the_command_line_and_domains_too_point_into_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[gateway]\nname = "a.example.org"\n')
    settings = load(file, ["example.org"], "b.example.org")
    places = places_of(settings, tmp_path)
    assert places.line_of(settings.site.gateway) == 2
    assert places.line_of(settings.site.domains[0]) == 1


def test_without_a_file_there_is_a_name_and_no_line(tmp_path: Path) -> None:
    settings = from_arguments(["example.org"], "secure.example.org")
    assert places_of(settings, tmp_path) == Places("seppcheck.toml", None)
    assert Places().line_of(settings.site.gateway) is None


def test_a_file_that_is_gone_has_its_name_and_no_lines(tmp_path: Path) -> None:
    file = written(tmp_path / "repository")
    settings = load(file)
    file.unlink()
    assert places_of(settings, tmp_path) == Places("repository/seppcheck.toml", None)


def test_the_path_starts_at_the_top_of_the_repository(tmp_path: Path) -> None:
    file = written(tmp_path / "repository" / "audit")
    settings = load(file)
    assert places_of(settings, tmp_path / "repository").path == "audit/seppcheck.toml"
    assert places_of(settings, tmp_path / "repository" / "audit").path == "seppcheck.toml"
    (tmp_path / "repository" / ".git").mkdir()
    assert places_of(settings, tmp_path / "repository" / "audit").path == "audit/seppcheck.toml"


def test_of_a_file_elsewhere_the_name_alone_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "home")
    (tmp_path / "work").mkdir()
    assert places_of(load(file), tmp_path / "work").path == "seppcheck.toml"


def test_a_relative_path_is_that_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "audit")
    monkeypatch.chdir(tmp_path)
    assert places_of(load(Path("audit/seppcheck.toml")), Path.cwd()).path == "audit/seppcheck.toml"

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from seppcheck.settings.file import load
from seppcheck.watch.files_seen import changed, files_seen

SETTINGS = """
[gateway]
name = "secure.example.org"
record = "record.toml"

[exchange]
tenant = "example.onmicrosoft.com"
export = "export"

[mail]
samples = ["samples/*.eml"]

[[domains]]
name = "example.org"
"""


def test_a_file_that_is_written_new_or_gone_is_noticed_by_what_reads_it(tmp_path: Path) -> None:
    for folder in ("export", "samples"):
        (tmp_path / folder).mkdir()
    files = {name: tmp_path / name for name in ("record.toml", "samples/one.eml", "export/Get-TransportRule.json")}
    for file in files.values():
        file.write_text("one", encoding="utf-8")
    (tmp_path / "seppcheck.toml").write_text(SETTINGS, encoding="utf-8")
    settings = load(tmp_path / "seppcheck.toml", (), None)
    before = files_seen(settings)
    assert not changed(before, files_seen(settings))

    files["record.toml"].write_text("two, longer", encoding="utf-8")
    assert changed(before, files_seen(settings)) == {"record"}
    (tmp_path / "samples" / "two.eml").write_text("new", encoding="utf-8")
    files["export/Get-TransportRule.json"].unlink()
    assert changed(before, files_seen(settings)) == {"record", "mail", "exchange"}


def test_a_share_that_is_gone_is_seen_as_a_change_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("record.toml", "samples/one.eml", "export/Get-TransportRule.json"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("one", encoding="utf-8")
    (tmp_path / "seppcheck.toml").write_text(SETTINGS, encoding="utf-8")
    settings = load(tmp_path / "seppcheck.toml", (), None)
    before = files_seen(settings)

    def gone(self: Path, pattern: str) -> Iterator[Path]:
        raise OSError(errno.EHOSTDOWN, "Host is down", f"{self}/{pattern}")

    monkeypatch.setattr(Path, "glob", gone)
    assert changed(before, files_seen(settings)) == {"mail", "exchange"}

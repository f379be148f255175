"""Which program a command's first word means."""

import shutil
import sys
from pathlib import Path

import pytest

from seppcheck.lab.command import resolve


def test_seppcheck_is_the_running_installation_whatever_path_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "seppcheck"
    other.write_text("#!/bin/sh\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("seppcheck") == str(other)
    program, *arguments = resolve(["seppcheck", "readiness"])
    assert Path(program).parent == Path(sys.executable).parent
    assert arguments[-1] == "readiness"


def test_without_its_script_seppcheck_is_a_module_of_this_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert resolve(["seppcheck", "list"]) == [str(tmp_path / "python"), "-P", "-m", "seppcheck", "list"]


def test_other_commands_are_found_on_path_or_left_as_they_are() -> None:
    assert resolve(["sh", "-c", "exit"]) == [shutil.which("sh"), "-c", "exit"]
    assert resolve(["no-such-program-here"]) == ["no-such-program-here"]

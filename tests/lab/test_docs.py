"""The page about the lab tells the truth, in both languages: its example runs, its tables name what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seppcheck.lab import SCENARIOS, Trouble, Updates

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "en" / "lab.md").read_text(encoding="utf-8")
PAGES = (PAGE, (DOCS / "de" / "lab.md").read_text(encoding="utf-8"))


def test_the_example_is_a_test_that_passes(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "test_example.py").write_text(example, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_example.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=["en", "de"])
def test_the_table_names_every_scenario_once(page: str) -> None:
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|.*\|.*\|$", page, re.MULTILINE)) == sorted(SCENARIOS)


@pytest.mark.parametrize("page", PAGES, ids=["en", "de"])
def test_every_trouble_is_told(page: str) -> None:
    fields = {*Trouble.__dataclass_fields__, *Updates.__dataclass_fields__}
    assert {name for name in fields if f"`{name}`" not in page} == set()

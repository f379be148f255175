"""Chromium without a network, as the reader's browser."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"),
    *("--disable-extensions", "--proxy-server=127.0.0.1:9", "--virtual-time-budget=3000"),
)

Browse = Callable[[str], str]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Return what a page has become after its scripts ran: the DOM as text."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is missing: apt-get install chromium"

    def dump(page: str) -> str:
        file = tmp_path / "page.html"
        file.write_text(page, encoding="utf-8", newline="\n")
        command = [chromium, *_FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=90, check=True)
        return done.stdout.decode("utf-8")

    return dump

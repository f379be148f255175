"""Files that are read where they lie beside the project, and are no part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared(name: str) -> Path:
    """Return one of these files or folders; without it the test is skipped, and says so."""
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"there is no ../shared/data/{name}")
    return path

"""Which files [mail] samples names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seppcheck.settings import Settings

_MOST = 1000


def sample_files(settings: Settings) -> list[Path]:
    """Return the files that the patterns name, in order and each once; of very many the first ones.

    Raises:
        OSError: when a folder cannot be listed, as when a network share is gone.
    """
    return sorted({path for pattern in settings.mail.samples for path in _matching(settings, pattern)})[:_MOST]


def _matching(settings: Settings, pattern: str) -> Iterator[Path]:
    """Yield the files that a pattern names, relative to the configuration's folder unless it is absolute."""
    path = Path(pattern)
    base = Path(path.anchor) if path.is_absolute() else settings.folder
    relative = path.relative_to(base) if path.is_absolute() else path
    yield from (found for found in base.glob(str(relative)) if found.is_file())

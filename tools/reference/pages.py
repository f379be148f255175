"""Which pages there are, each in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from seppcheck.locale import languages
from tools.reference import api, checks, commands, configuration, exit_codes, permissions, results
from tools.reference.speaking import Speaker

ROOT = Path(__file__).resolve().parent.parent.parent

WRITERS: Mapping[str, Callable[[Speaker], str]] = {
    "permissions.md": permissions.page,
    "reference/checks.md": checks.page,
    "reference/commands.md": commands.page,
    "reference/configuration.md": configuration.page,
    "reference/exit-codes.md": exit_codes.page,
    "reference/results.md": results.page,
}
"""By their path below docs/LANGUAGE."""


def pages() -> dict[str, str]:
    """Return the content of every generated page by its path in the repository."""
    written = {
        f"docs/{language}/{path}": write(Speaker(language))
        for language in languages()
        for path, write in WRITERS.items()
    }
    return {"docs/reference/api.md": api.page(), **written}

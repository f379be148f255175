"""Where the settings in force stand: file and lines, for reports that point at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seppcheck import files
from seppcheck.errors import UserError
from seppcheck.model.places import Places
from seppcheck.settings.document import Settings
from seppcheck.toml_files.faults import KeyPath
from seppcheck.toml_files.lines import key_lines

_LARGEST = 8_000_000


def places_of(settings: Settings, working: Path) -> Places:
    """Return where the file names the targets of some settings.

    Args:
        settings: what is in force.
        working: the working directory. Paths start from it, or from the top of the git repository that it lies in.
    """
    if settings.file is None:
        return Places()
    path = _relative(settings.file, working)
    try:
        lines = key_lines(files.read_text(settings.file, _LARGEST))
    except UserError:  # gone since it was read: the reports still tell what was found
        return Places(path)
    known = ((kind, name, lines.of(key)) for kind, name, key in _keys(settings))
    return Places(path, {(kind, name): line for kind, name, line in known if line is not None})


def _keys(settings: Settings) -> Iterator[tuple[str, str, KeyPath]]:
    site = settings.site
    yield site.gateway.kind, site.gateway.name, ("gateway", "name")
    for number, domain in enumerate(site.domains):
        yield domain.kind, domain.name, ("domains", number, "name")
    yield site.tenant.kind, site.tenant.name, ("exchange", "tenant")


def _relative(file: Path, working: Path) -> str:
    """Return the path from the repository's top; of a file elsewhere its name alone, which tells of no machine."""
    working = working.resolve()
    top = next((folder for folder in (working, *working.parents) if (folder / ".git").exists()), working)
    whole = (working / file).parent.resolve() / file.name
    return whole.relative_to(top).as_posix() if whole.is_relative_to(top) else file.name

"""octoDNS' own configuration: which zones it gives to the provider, read without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seppcheck import names
from seppcheck.clients.octodns_library import library, quietly
from seppcheck.errors import InvalidValueError, UserError
from seppcheck.settings import Settings

EVERY_ZONE = "*"
"""Stands for the zones that the provider itself lists (octoDNS' dynamic zones)."""
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Configuration:
    """The file, the provider's name in it, and the zones that have it as a target, as lower-case A-labels."""

    path: Path
    provider: str
    zones: tuple[str, ...]


def configuration(settings: Settings) -> Configuration | None:
    """Read the file that `[octodns]` names; None where there is no such section.

    Raises:
        UserError: when octoDNS is not installed, or its file cannot be used.
    """
    section = settings.octodns
    if section is None:
        return None
    path = settings.path(section.config)
    content = _read(path)
    providers, zones = (_table(content.get(key)) for key in ("providers", "zones"))
    if section.provider not in providers:
        raise UserError(
            "{file} has no provider {provider}, which [octodns] provider names; it has {providers}",
            file=path,
            provider=section.provider,
            providers=sorted(map(str, providers)) or "-",
        )
    return Configuration(path, section.provider, tuple(_zones_of(section.provider, zones)))


def _read(path: Path) -> Mapping[str, Any]:
    load = library().safe_load
    try:
        with path.open(encoding="utf-8") as file:
            return _table(quietly(_PATIENCE, lambda: load(file, enforce_order=False)))
    except OSError as error:
        problem = error.strerror or type(error).__name__
    except Exception as error:  # noqa: BLE001 - whatever octoDNS' loader raises; its words may quote a secret
        mark = getattr(error, "problem_mark", None)
        problem = f"no YAML, see line {mark.line + 1}" if mark else f"no YAML ({type(error).__name__})"
    raise UserError(
        "octoDNS' configuration {file}, which [octodns] config names, cannot be read: {problem}",
        file=path,
        problem=problem,
    )


def _zones_of(provider: str, zones: Mapping[str, Any]) -> Iterator[str]:
    for name, options in zones.items():
        given = _table(options)
        targets = _table(zones.get(str(given.get("alias")), given)).get("targets")
        if not isinstance(targets, list) or provider in targets:
            yield EVERY_ZONE if str(name).startswith(EVERY_ZONE) else _zone(str(name))


def _zone(name: str) -> str:
    try:
        return names.a_label(name)
    except InvalidValueError:  # of a classless reverse zone, for instance
        return name.lower().rstrip(".")


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

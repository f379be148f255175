"""Where people named what is judged: the configuration file, and the line of each target in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seppcheck.model.targets import Target


@dataclass(frozen=True, slots=True)
class Places:
    """The configuration as code scanners know files.

    `path` is relative to the repository (or the working directory), with `/` between its parts: never a path of
    one machine. `lines` are those of the targets by kind and name, counted from 1; None where no file was read,
    as in a replay or without a configuration. Then `path` is where the targets would be named.
    """

    path: str = "seppcheck.toml"
    lines: Mapping[tuple[str, str], int] | None = None

    def line_of(self, target: Target) -> int | None:
        """Return the line that names a target, the first where the file does not; None where no file was read."""
        return None if self.lines is None else self.lines.get((target.kind, target.name), 1)

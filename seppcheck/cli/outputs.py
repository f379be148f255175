"""Where a run's reports go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seppcheck.errors import UserError
from seppcheck.files import STDOUT


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where reports go besides the terminal; `-` is standard output."""

    save_evidence: Path | None
    html: Path | None
    json: Path | None
    junit: Path | None

    def __post_init__(self) -> None:
        given = [path for path in (self.save_evidence, self.html, self.json, self.junit) if path is not None]
        if sum(path == STDOUT for path in given) > 1:
            raise UserError("two outputs cannot both go to standard output (`-`): give one of them a file")

    @property
    def stdout_is_taken(self) -> bool:
        """Whether standard output carries a report for programs, and nothing else may."""
        return STDOUT in (self.save_evidence, self.html, self.json, self.junit)

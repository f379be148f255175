"""Where a run's reports go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from seppcheck.choices import Choices
from seppcheck.drift.document import DEFAULT as BASELINE
from seppcheck.errors import UserError
from seppcheck.files import STDOUT
from seppcheck.settings.file import DEFAULT


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
        for one, other in combinations(given, 2):
            if one != STDOUT and _same(one, other):
                raise UserError("two outputs cannot both go to {file}: give each a file of its own", file=one)

    def spare(self, choices: Choices) -> None:
        """Refuse to write over what is read.

        Raises:
            UserError: naming the file; evidence may be saved into the bundle that it came from.
        """
        reports = [path for path in (self.html, self.json, self.junit) if path is not None]
        config = choices.config or DEFAULT
        baseline = choices.baseline or config.with_name(BASELINE.name)
        spare(reports, [*choices.evidence, config, baseline])
        spare([self.save_evidence] if self.save_evidence else [], [config, baseline])

    @property
    def stdout_is_taken(self) -> bool:
        """Whether standard output carries a report for programs, and nothing else may."""
        return STDOUT in (self.save_evidence, self.html, self.json, self.junit)


def spare(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse an output that would write over an input.

    Raises:
        UserError: naming the file.
    """
    read = [*inputs]
    for path in outputs:
        if any(_same(path, other) for other in read):
            raise UserError("{file} is what this command reads and would be lost: give another file", file=path)


def _same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file; devices such as /dev/null may be written to twice."""
    if one.exists() and not one.is_file():
        return False
    return one.resolve() == other.resolve()

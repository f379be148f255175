"""Where a run's reports go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

import click

from seppcheck.choices import Choices
from seppcheck.drift.document import DEFAULT as BASELINE
from seppcheck.errors import UserError
from seppcheck.files import STDOUT
from seppcheck.settings.file import DEFAULT

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_OUTPUT_OPTIONS = (
    click.option("--save-evidence", type=_FILE, metavar="BUNDLE", help="Save what was gathered, to judge it again."),
    click.option("--html", type=_FILE, metavar="FILE", help="Write the report as one HTML file."),
    click.option("--markdown", type=_FILE, metavar="FILE", help="Write the report as Markdown, for summaries."),
    click.option("--json", type=_FILE, metavar="FILE", help="Write the results as JSON."),
    click.option("--junit", type=_FILE, metavar="FILE", help="Write the results as JUnit XML."),
    click.option("--sarif", type=_FILE, metavar="FILE", help="Write the results as SARIF, for code scanning."),
    click.option("--annotations", type=_FILE, metavar="FILE", help="Write GitHub workflow commands."),
)


def output_options(function: F) -> F:
    """Add the options that every command with a report takes; `Outputs.taken_from` reads them."""
    for option in reversed(_OUTPUT_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where reports go besides the terminal; `-` is standard output. A field for each option."""

    save_evidence: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    json: Path | None = None
    junit: Path | None = None
    sarif: Path | None = None
    annotations: Path | None = None

    def __post_init__(self) -> None:
        given = self._given()
        if sum(path == STDOUT for path in given) > 1:
            raise UserError("two outputs cannot both go to standard output (`-`): give one of them a file")
        for one, other in combinations(given, 2):
            if one != STDOUT and _same(one, other):
                raise UserError("two outputs cannot both go to {file}: give each a file of its own", file=one)

    @classmethod
    def taken_from(cls, options: Mapping[str, Any]) -> tuple[Outputs, dict[str, Any]]:
        """Return the outputs among a command's options, and the other options.

        Raises:
            UserError: for outputs that cannot go to one place.
        """
        names = {field.name for field in fields(cls)}
        others = {name: value for name, value in options.items() if name not in names}
        return cls(**{name: options[name] for name in names}), others

    def spare(self, choices: Choices) -> None:
        """Refuse to write over what is read.

        Raises:
            UserError: naming the file; evidence may be saved into the bundle that it came from.
        """
        reports = [path for path in self._given() if path != self.save_evidence]
        config = choices.config or DEFAULT
        baseline = choices.baseline or config.with_name(BASELINE.name)
        spare(reports, [*choices.evidence, config, baseline])
        spare([self.save_evidence] if self.save_evidence else [], [config, baseline])

    @property
    def stdout_is_taken(self) -> bool:
        """Whether standard output carries a report for programs, and nothing else may."""
        return STDOUT in self._given()

    def _given(self) -> list[Path]:
        paths = (getattr(self, field.name) for field in fields(self))
        return [path for path in paths if path is not None]


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

"""The results as annotations: workflow commands that GitHub Actions shows beside seppcheck.toml.

GitHub shows ten errors and ten warnings of a step at most, and says nothing of the rest. So the worst come first,
and a notice at the end counts what is not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from seppcheck.locale import translator
from seppcheck.model.outcomes import WORST_FIRST, Outcome, Reason, Severity
from seppcheck.model.places import Places
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.targets import Target
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports import drift
from seppcheck.reports.encoders import for_annotation, for_annotation_property
from seppcheck.reports.order import expectation, with_outcome
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.words import ADVICE

_SHOWN = 10
"""Annotations of one level that GitHub shows of a step."""


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    title: str
    target: Target
    lines: tuple[Message, ...]


def to_annotations(run: Run, places: Places | None = None, translate: Translate | None = None) -> str:
    """Return workflow commands, a line each.

    Args:
        run: what was judged.
        places: the configuration's name and lines; by default those of a run without one.
        translate: for the sentences; by default that of the run's language.
    """
    say = translate or translator(run.language)
    where = places or Places()
    found = [*_drifted(run), *_found(run)]
    shown = [each for level in ("error", "warning") for each in found if each.level == level]
    lines = [_command(each, where, say) for each in shown]
    counts = Counter(each.level for each in found)
    hidden = sum(max(0, counts[level] - _SHOWN) for level in ("error", "warning"))
    lines.append(_notice(run, hidden, say))
    return "\n".join(lines) + "\n"


def _drifted(run: Run) -> Iterator[_Annotation]:
    for entry in run.drift or ():
        yield _Annotation("error", "drift", entry.target, (entry.summary, *drift.compared(entry)))


def _found(run: Run) -> Iterator[_Annotation]:
    """Yield the results that need somebody; what could not be looked at comes before what is a warning alone."""
    for result in with_outcome(run, Outcome.FAILED, Outcome.WARNED, Outcome.INCONCLUSIVE, order=WORST_FIRST):
        lines = [text("{target}: {problem}", target=result.target.name, problem=result.summary)]
        if result.outcome is Outcome.INCONCLUSIVE:
            lines = [text("Could not look: {problem}", problem=lines[0])]
        if isinstance(result.reason, Reason):
            lines.append(ADVICE[result.reason])
        told = expectation(result)
        if told is not None and told.expected is not None:
            lines.append(text("expected: {value}", value=told.expected))
        if told is not None and told.observed is not None:
            lines.append(text("observed: {value}", value=told.observed))
        yield _Annotation(_level(result), result.check, result.target, tuple(lines))


def _level(result: CheckResult) -> str:
    grave = result.severity not in (Severity.LOW, Severity.ADVICE)
    return "error" if result.outcome is Outcome.FAILED and grave else "warning"


def _command(each: _Annotation, places: Places, say: Translate) -> str:
    line = places.line_of(each.target)
    properties = {"file": places.path, **({} if line is None else {"line": str(line)}), "title": each.title}
    told = ",".join(f"{name}={for_annotation_property(value)}" for name, value in properties.items())
    message = for_annotation("\n".join(line.render(say) for line in each.lines))
    return f"::{each.level} {told}::{message}"


def _notice(run: Run, hidden: int, say: Translate) -> str:
    told = verdict_line(run, say)
    if hidden:
        more = text("GitHub does not show {count} further annotations: see the report.", count=hidden)
        told = f"{told} {more.render(say)}"
    return f"::notice title=seppcheck::{for_annotation(told)}"

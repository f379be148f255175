"""What a notice says, for every channel alike; each channel encodes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from seppcheck.locale import translator
from seppcheck.model.notices import Notice
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.text import Message, Text, Translate, text
from seppcheck.reports.order import with_outcome
from seppcheck.reports.times import both
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.words import PHASES, STATES, SYMBOLS

MOST = 5
"""Findings, and entries of drift, that a message for people tells; the report has them all."""
_MOST_DOMAINS = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A message for people in their language; every text in it is untrusted."""

    title: str
    answer: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    more: str


def told(notice: Notice, translate: Translate | None = None) -> Told:
    """Return what people are told of a changed verdict."""
    run = notice.run
    say = translate or translator(run.language)
    lines = [*_drift(run, say), *_findings(run, say)]
    more = text("and {count} more; the report has them all", count=len(lines) - MOST).render(say)
    return Told(
        title=f"seppcheck · {PHASES[run.phase].render(say)} · {run.site.gateway.name}",
        answer=f"{SYMBOLS[run.verdict]} {verdict_line(run, say)}",
        facts=tuple((label.render(say), _said(value, say)) for label, value in _facts(notice)),
        lines=tuple(lines[:MOST]),
        more=more if len(lines) > MOST else "",
    )


def leading(run: Run) -> tuple[CheckResult, ...]:
    """Return the results that made a verdict other than passed, most urgent first."""
    return with_outcome(run, Outcome.FAILED, Outcome.INCONCLUSIVE)


def _facts(notice: Notice) -> Iterator[tuple[Message, Text]]:
    run = notice.run
    yield text("Verdict before"), STATES[notice.previous] if notice.previous else text("No earlier run on record")
    yield text("Domains"), _domains(run)
    if run.site.tenant.name:
        yield text("Tenant"), run.site.tenant.name
    yield text("Judged"), both(run.judged_at, UTC)


def _domains(run: Run) -> Message:
    names = [domain.name for domain in run.site.domains]
    if len(names) > _MOST_DOMAINS:
        return text("{names} and {count} more", names=names[:_MOST_DOMAINS], count=len(names) - _MOST_DOMAINS)
    return text("{names}", names=names)


def _drift(run: Run, say: Translate) -> Iterator[str]:
    for entry in run.drift or ():
        yield entry.summary.render(say)


def _findings(run: Run, say: Translate) -> Iterator[str]:
    for result in leading(run):
        sentence = result.summary.render(say)
        yield f"{SYMBOLS[result.outcome]} {sentence} ({result.check}, {result.target.name})"


def _said(value: Text, say: Translate) -> str:
    return value.render(say) if isinstance(value, Message) else value

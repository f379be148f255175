"""The results as JUnit XML, which CI systems read.

Failed is `failure`, inconclusive is `error`; waived and not applicable are `skipped`. Warned passes, with
its sentence in `system-out`. What differs from a baseline is a failed case of the class `drift`.

The document keeps to what the schemas of JUnit, Surefire and Jenkins have in common: `properties` belong to the
suite alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from seppcheck.locale import translator
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports import drift
from seppcheck.reports.encoders import for_xml
from seppcheck.reports.order import drift_names, mending_of, names, waivers_of
from seppcheck.reports.verdict import verdict_line
from seppcheck.reports.words import REASONS

_LONGEST = 20_000
"""Characters of a result's details."""
_NOT_RUN = (Outcome.NOT_APPLICABLE, Outcome.WAIVED)


def to_junit(run: Run, translate: Translate | None = None) -> str:
    """Return the run as a JUnit XML document.

    Args:
        run: what was judged.
        translate: for the sentences; by default that of the run's language.
    """
    say = translate or translator(run.language)
    counts, drifted = run.counts, len(run.drift or ())
    duration = f"{max(0.0, (run.finished_at - run.started_at).total_seconds()):.3f}"
    totals = (
        f'name="seppcheck {run.phase}" tests="{counts["planned"] + drifted}" '
        f'failures="{counts[Outcome.FAILED] + drifted}" '
        f'errors="{counts[Outcome.INCONCLUSIVE]}" time="{duration}"'
    )
    skipped = sum(counts[outcome] for outcome in _NOT_RUN)
    started = run.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites {totals}>",
        f'<testsuite {totals} skipped="{skipped}" timestamp="{started}">',
        *_properties(_facts(run, say)),
        *_drifted(run, say),
        *_cases(run, say),
        f"<system-out>{for_xml(verdict_line(run, say))}</system-out>",
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _facts(run: Run, say: Translate) -> Iterator[tuple[str, str]]:
    yield "phase", run.phase
    yield "verdict", run.verdict
    for number, state in run.requirements.items():
        yield f"requirement.{number}", state
    for skipped in run.skipped:
        yield f"skipped.{skipped.check}", skipped.reason
    for note in run.notes:
        yield "note", note.render(say)


def _properties(facts: Iterator[tuple[str, str]]) -> Iterator[str]:
    yield "<properties>"
    for name, value in facts:
        yield f'<property name="{_attribute(name)}" value="{_attribute(value)}"/>'
    yield "</properties>"


def _drifted(run: Run, say: Translate) -> Iterator[str]:
    """Yield a failing case for each thing that is not as the baseline has it."""
    for entry, name in drift_names(run):
        lines = (drift.about(entry), *(compared.render(say) for compared in drift.compared(entry)))
        details = for_xml("\n".join(lines), limit=_LONGEST)
        yield f'<testcase classname="drift" name="{name}" time="0.000">'
        yield f'<failure message="{_attribute(entry.summary.render(say))}" type="{entry.change}">{details}</failure>'
        yield "</testcase>"


def _cases(run: Run, say: Translate) -> Iterator[str]:
    for (_, name), result in zip(names(run).items(), run.results, strict=True):
        check, _, target = name.partition("::")
        yield f'<testcase classname="seppcheck.{run.phase}.{check}" name="{target}" time="0.000">'
        yield from _outcome(result, say)
        yield f"<system-out>{for_xml(_told(result, say), limit=_LONGEST)}</system-out>"
        yield "</testcase>"


def _about(result: CheckResult, say: Translate) -> Iterator[tuple[str, str]]:
    yield "title", result.title.render(say)
    yield "target", f"{result.target.kind} {result.target.name}"
    yield "severity", result.severity
    yield "outcome", result.outcome
    yield "assurance", result.assurance
    yield "requirements", " ".join(result.requirements)


def _told(result: CheckResult, say: Translate) -> str:
    """Return what is known of a case, and its findings where no failure or error holds them."""
    lines = [f"{name}: {value}" for name, value in _about(result, say) if value]
    if result.outcome not in (Outcome.FAILED, Outcome.INCONCLUSIVE):
        lines.append(_details(result, say))
    return "\n".join(lines)


def _outcome(result: CheckResult, say: Translate) -> Iterator[str]:
    summary = _attribute(result.summary.render(say))
    details = for_xml(_details(result, say), limit=_LONGEST)
    kind = result.reason.value if result.reason else result.severity.value
    match result.outcome:
        case Outcome.FAILED:
            yield f'<failure message="{summary}" type="{kind}">{details}</failure>'
        case Outcome.INCONCLUSIVE:
            yield f'<error message="{summary}" type="{kind}">{details}</error>'
        case Outcome.NOT_APPLICABLE:
            reason = REASONS[result.reason].render(say) if result.reason else ""
            yield f'<skipped message="{_attribute(reason)}: {summary}"/>'
        case Outcome.WAIVED:
            yield f'<skipped message="{_attribute(_waived(result, say))}"/>'


def _waived(result: CheckResult, say: Translate) -> str:
    waivers = (
        text("waived until {until} by {owner}: {reason}", until=w.until, owner=w.owner, reason=w.reason)
        for w in waivers_of(result)
    )
    return "; ".join(waiver.render(say) for waiver in waivers)


def _details(result: CheckResult, say: Translate) -> str:
    """Return every finding that did not pass, then how to mend them."""
    lines: list[str] = []
    for finding in result.findings:
        if finding.outcome is not Outcome.PASSED or result.outcome is Outcome.PASSED:
            lines.append(" ".join(filter(None, (finding.requirement, finding.subject, finding.summary.render(say)))))
            lines += _compared(finding.expected, finding.observed, say)
    lines += [f"{number}. {step.render(say)}" for number, step in enumerate(result.steps, 1)]
    lines += [mending.render(say)] if (mending := mending_of(result)) else []
    return "\n".join(lines)


def _compared(expected: Message | None, observed: Message | None, say: Translate) -> list[str]:
    told = []
    if expected is not None:
        told.append("  " + text("expected: {value}", value=expected).render(say))
    if observed is not None:
        told.append("  " + text("observed: {value}", value=observed).render(say))
    return told


def _attribute(value: str) -> str:
    return for_xml(value, keep="")

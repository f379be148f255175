"""The results as JSON: what other programs rely on. `results.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from seppcheck import __version__
from seppcheck.clock import stamp
from seppcheck.locale import translator
from seppcheck.model.drift import DriftEntry
from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult, EvidenceNote, Finding, Waiver
from seppcheck.model.run import Run
from seppcheck.model.text import Message, Translate
from seppcheck.reports.encoders import for_json
from seppcheck.reports.order import expectation, waivers_of

SCHEMA_VERSION = 1


def to_json(run: Run, translate: Translate | None = None) -> str:
    """Return the run as one JSON document in UTF-8, the same for the same run.

    Args:
        run: what was judged.
        translate: for the sentences; by default that of the run's language.
    """
    document = _run(run, translate or translator(run.language))
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def results_schema() -> dict[str, Any]:
    """Return the published JSON Schema (draft 2020-12) of `to_json`."""
    published = files("seppcheck.reports").joinpath("results.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(published)
    return schema


def _run(run: Run, translate: Translate) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "seppcheck", "version": __version__},
        "phase": run.phase,
        "language": run.language,
        "started_at": stamp(run.started_at),
        "finished_at": stamp(run.finished_at),
        "judged_at": stamp(run.judged_at),
        "replay_of": None if run.replay_of is None else stamp(run.replay_of),
        "verdict": run.verdict,
        "next": _say(run.next, translate),
        "notes": [_say(note, translate) for note in run.notes],
        "skipped": [{"check": for_json(s.check), "reason": for_json(s.reason)} for s in run.skipped],
        "unused_waivers": [_waiver(unused.waiver) | {"expired": unused.expired} for unused in run.unused_waivers],
        "counts": dict(run.counts),
        "requirements": dict(run.requirements),
        "uncovered": list(run.uncovered),
        "moments": [_moment(moment, translate) for moment in run.moments],
        **({} if run.drift is None else {"drift": [_drift(entry, translate) for entry in run.drift]}),
        "results": [_result(result, translate) for result in run.results],
    }


def _drift(entry: DriftEntry, translate: Translate) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "object": for_json(entry.object),
        "change": entry.change,
        "property": None if entry.property is None else for_json(entry.property),
        "before": _value(entry.before),
        "after": _value(entry.after),
        "summary": _say(entry.summary, translate),
    }


def _value(value: Any) -> Any:
    """Return a JSON value in which every text is fit for every reader."""
    if isinstance(value, str):
        return for_json(value)
    if isinstance(value, Mapping):
        return {for_json(str(key)): _value(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(inner) for inner in value]
    return value


def _moment(moment: Moment, translate: Translate) -> dict[str, Any]:
    return {
        "kind": moment.kind,
        "target": {"kind": moment.target.kind, "name": for_json(moment.target.name)},
        "at": None if moment.at is None else stamp(moment.at),
        "over": moment.over,
        "summary": _say(moment.summary, translate),
        "details": [_say(detail, translate) for detail in moment.details],
    }


def _result(result: CheckResult, translate: Translate) -> dict[str, Any]:
    told = expectation(result)
    return {
        "check": result.check,
        "requirements": list(result.requirements),
        "target": {"kind": result.target.kind, "name": for_json(result.target.name)},
        "outcome": result.outcome,
        "severity": result.severity,
        "assurance": result.assurance,
        "title": _say(result.title, translate),
        "summary": _say(result.summary, translate),
        "expected": _say(told.expected, translate) if told else None,
        "observed": _say(told.observed, translate) if told else None,
        "reason": result.reason,
        "detail": _detail(result, translate),
        "findings": [_finding(finding, translate) for finding in result.findings],
        "evidence": [_evidence(note) for note in result.evidence],
        "remediation": _remediation(result, translate),
        "waiver": next((_waiver(waiver) for waiver in waivers_of(result)), None),
        "waived_outcome": result.waived_outcome,
    }


def _remediation(result: CheckResult, translate: Translate) -> dict[str, Any]:
    """Return how a person mends it, and what the planner would do by which command."""
    mending = result.mending
    told: dict[str, Any] = {
        "kind": mending.kind if mending else "manual" if result.steps else "none",
        "steps": [_say(step, translate) for step in result.steps],
    }
    if mending:
        told["plan"] = f"seppcheck plan {mending.plan.value}"
        told["changes"] = [_say(change, translate) for change in mending.changes]
    return told


def _detail(result: CheckResult, translate: Translate) -> str | None:
    """Return the sentence behind the reason, of the same finding."""
    if result.outcome not in (Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE):
        return None
    first = next((finding for finding in result.findings if finding.outcome is result.outcome), None)
    return _say(first.summary if first else result.summary, translate)


def _finding(finding: Finding, translate: Translate) -> dict[str, Any]:
    return {
        "outcome": finding.outcome,
        "requirement": finding.requirement,
        "subject": for_json(finding.subject),
        "expected": _say(finding.expected, translate),
        "observed": _say(finding.observed, translate),
        "summary": _say(finding.summary, translate),
        "reason": finding.reason,
    }


def _evidence(note: EvidenceNote) -> dict[str, str]:
    return {
        "kind": note.kind,
        "source": note.provenance.source,
        "collected_at": stamp(note.provenance.collected_at),
        "from": for_json(note.provenance.asked),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    given: Mapping[str, str] = {
        "check": waiver.check,
        "target": waiver.target,
        "requirement": waiver.requirement,
        "subject": waiver.subject,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "until": waiver.until.isoformat(),
    }
    return {key: for_json(value) for key, value in given.items()}


def _say(message: Message | None, translate: Translate) -> str | None:
    return None if message is None else for_json(message.render(translate))

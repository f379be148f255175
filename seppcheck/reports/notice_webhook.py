"""A changed verdict as JSON, for programs. `notice.schema.json` describes it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from seppcheck import __version__
from seppcheck.clock import stamp
from seppcheck.locale import translator
from seppcheck.model.drift import DriftEntry
from seppcheck.model.notices import Notice
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.text import Translate
from seppcheck.reports.encoders import for_json, visible
from seppcheck.reports.notice_words import leading
from seppcheck.reports.verdict import verdict_line

SCHEMA_VERSION = 1
_MOST = 20
"""Findings and entries of drift that stand in it."""
_MOST_DOMAINS = 100
_LONGEST = 500


def to_webhook(notice: Notice, translate: Translate | None = None) -> dict[str, Any]:
    """Return the body of the request, as JSON has it.

    Args:
        notice: what changed.
        translate: for the sentences; by default that of the run's language.
    """
    run = notice.run
    say = translate or translator(run.language)
    domains = [for_json(domain.name) for domain in run.site.domains]
    findings = leading(run)
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "verdict-changed",
        "tool": {"name": "seppcheck", "version": __version__},
        "change": notice.change.value,
        "phase": run.phase.value,
        "verdict": run.verdict.value,
        "previous": notice.previous.value if notice.previous else None,
        "language": run.language,
        "gateway": for_json(run.site.gateway.name),
        "tenant": for_json(run.site.tenant.name) or None,
        "domains": {"count": len(domains), "first": domains[:_MOST_DOMAINS]},
        "judged_at": stamp(run.judged_at),
        "answer": for_json(verdict_line(run, say)),
        "counts": dict(run.counts),
        "findings": {"count": len(findings), "first": [_finding(result, say) for result in findings[:_MOST]]},
        "drift": _drift(run, say),
    }


def notice_schema() -> dict[str, Any]:
    """Return the published JSON Schema (draft 2020-12) of `to_webhook`."""
    published = files("seppcheck.reports").joinpath("notice.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(published)
    return schema


def _finding(result: CheckResult, say: Translate) -> dict[str, Any]:
    return {
        "check": result.check,
        "requirements": list(result.requirements),
        "target": {"kind": result.target.kind, "name": for_json(result.target.name)},
        "outcome": result.outcome.value,
        "severity": result.severity.value,
        "summary": _short(result.summary.render(say)),
    }


def _drift(run: Run, say: Translate) -> dict[str, Any] | None:
    """Return what drifted; None where nothing was compared with a baseline."""
    if run.drift is None:
        return None
    return {"count": len(run.drift), "first": [_entry(entry, say) for entry in run.drift[:_MOST]]}


def _entry(entry: DriftEntry, say: Translate) -> dict[str, Any]:
    return {
        "kind": for_json(entry.kind),
        "object": _short(entry.object),
        "change": entry.change.value,
        "property": None if entry.property is None else for_json(entry.property),
        "summary": _short(entry.summary.render(say)),
    }


def _short(value: str) -> str:
    """Return one short line: it is for a glance, the results are for programs that want all of it."""
    return visible(value, limit=_LONGEST)

"""The results of a SARIF log: one for each finding that somebody has to act upon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seppcheck.model.drift import DriftEntry
from seppcheck.model.outcomes import Outcome, Reason, Severity
from seppcheck.model.places import Places
from seppcheck.model.results import Waiver
from seppcheck.model.run import Run
from seppcheck.model.targets import Target
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports import drift
from seppcheck.reports.actionable import Actionable, actionable, fingerprinted
from seppcheck.reports.encoders import for_json, for_sarif, for_uri_path
from seppcheck.reports.sarif_rules import DRIFT
from seppcheck.reports.words import ADVICE, REASONS

ROOT = "%SRCROOT%"
_FINGERPRINT = "seppcheck/v1"
_GITHUB_FINGERPRINT = "primaryLocationLineHash"
"""The one that GitHub reads. Left to itself, its upload takes the line's text, which many results have in common."""


class Results:
    """Makes the results of one run; `rules` are the places of the rules by id."""

    def __init__(self, run: Run, rules: Mapping[str, int], places: Places, say: Translate) -> None:
        self.run = run
        self.rules = rules
        self.places = places
        self.translate = say

    def say(self, message: Message) -> str:
        """Return a message in the run's language, fit for SARIF."""
        return for_sarif(message.render(self.translate))

    def all(self) -> list[dict[str, Any]]:
        """Return what drifted, then what was found, worst first."""
        drifted = [self._drifted(entry, fingerprint) for entry, fingerprint in fingerprinted(self.run.drift or ())]
        return [*drifted, *(self._found(each) for each in actionable(self.run, waived=True))]

    def _found(self, each: Actionable) -> dict[str, Any]:
        result, finding = each.result, each.finding
        properties = {
            "target": for_json(f"{result.target.kind} {result.target.name}"),
            "outcome": finding.outcome,
            "severity": result.severity,
            "requirement": finding.requirement,
            "subject": for_json(finding.subject),
            "reason": finding.reason,
        }
        found = {
            **self._rule(result.check),
            "kind": "fail",
            "level": _level(each),
            "message": {"text": self._message(each)},
            **self._where(result.target, each.fingerprint),
            "properties": {name: value for name, value in properties.items() if value},
        }
        waiver = finding.waived_by
        return found if waiver is None else {**found, "suppressions": [self._suppression(waiver)]}

    def _rule(self, check: str) -> dict[str, Any]:
        return {"ruleId": for_sarif(check), "ruleIndex": self.rules[check]}

    def _message(self, each: Actionable) -> str:
        """Return what is said: the target first, for many results have the line in common with others."""
        result, finding = each.result, each.finding
        told = text("{target}: {problem}", target=result.target.name, problem=finding.summary)
        if finding.outcome is Outcome.INCONCLUSIVE:
            told = text("Could not look: {problem}", problem=told)
        lines = [told]
        if isinstance(finding.reason, Reason):
            lines.append(text("{reason}. {advice}", reason=REASONS[finding.reason], advice=ADVICE[finding.reason]))
        if finding.expected is not None:
            lines.append(text("expected: {value}", value=finding.expected))
        if finding.observed is not None:
            lines.append(text("observed: {value}", value=finding.observed))
        return "\n".join(self.say(line) for line in lines)

    def _where(self, target: Target, fingerprint: str) -> dict[str, Any]:
        physical: dict[str, Any] = {
            "artifactLocation": {"uri": for_uri_path(self.places.path), "uriBaseId": ROOT},
        }
        line = self.places.line_of(target)
        if line is not None:
            physical["region"] = {"startLine": line}
        logical = {"name": for_json(target.name) or target.kind, "fullyQualifiedName": for_json(_qualified(target))}
        return {
            "locations": [{"physicalLocation": physical, "logicalLocations": [logical]}],
            "partialFingerprints": {_FINGERPRINT: fingerprint, _GITHUB_FINGERPRINT: f"{fingerprint}:1"},
        }

    def _suppression(self, waiver: Waiver) -> dict[str, Any]:
        told = text(
            "waived until {until} by {owner}: {reason}", until=waiver.until, owner=waiver.owner, reason=waiver.reason
        )
        return {"kind": "external", "status": "accepted", "justification": self.say(told)}

    def _drifted(self, entry: DriftEntry, fingerprint: str) -> dict[str, Any]:
        lines = [
            text("{target}: {problem}", target=entry.target.name, problem=entry.summary),
            *drift.compared(entry),
        ]
        properties = {"kind": entry.kind, "object": entry.object, "change": entry.change, "property": entry.property}
        return {
            **self._rule(DRIFT),
            "kind": "fail",
            "level": "error",
            "message": {"text": "\n".join(self.say(line) for line in lines)},
            **self._where(entry.target, fingerprint),
            "properties": {name: for_json(value) for name, value in properties.items() if value},
        }


def _qualified(target: Target) -> str:
    return f"{target.kind}/{target.name}"


def _level(each: Actionable) -> str:
    severity = each.result.severity
    match each.finding.outcome:
        case Outcome.FAILED:
            return "warning" if severity in (Severity.LOW, Severity.ADVICE) else "error"
        case Outcome.WARNED:
            return "note" if severity is Severity.ADVICE else "warning"
        case Outcome.WAIVED:
            return "note"
    return "warning"

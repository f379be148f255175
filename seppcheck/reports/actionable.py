"""The findings that somebody has to act upon, one by one, with a name that stays the same from run to run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from seppcheck.model.drift import DriftEntry
from seppcheck.model.outcomes import WORST_FIRST, Outcome, Severity
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Run

_TOLD = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.WARNED)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Actionable:
    """One finding of a result. The fingerprint is made of what it is about, not of what is said about it."""

    result: CheckResult
    finding: Finding
    fingerprint: str


def actionable(run: Run, *, waived: bool = False) -> list[Actionable]:
    """Return what failed, could not be looked at or warned, worst first; with `waived` also what is waived.

    The fingerprint comes from check, target, requirement and subject alone, so that no wording, time or order
    changes it. Findings that have all of these in common are numbered.
    """
    wanted = (*_TOLD, Outcome.WAIVED) if waived else _TOLD
    fingerprints = _Fingerprints()
    found = [
        Actionable(result, finding, fingerprints.of(_identity(result, finding)))
        for result in run.results
        for finding in result.findings
        if finding.outcome in wanted
    ]
    return sorted(found, key=_urgency)


def fingerprinted(entries: tuple[DriftEntry, ...]) -> Iterator[tuple[DriftEntry, str]]:
    """Yield what drifted, each with a fingerprint of what it is about, whatever became of it."""
    fingerprints = _Fingerprints()
    for entry in entries:
        target = entry.target
        identity = ("drift", target.kind, target.name, entry.kind, entry.object, entry.property or "")
        yield entry, fingerprints.of(identity)


def _urgency(each: Actionable) -> tuple[int, int]:
    return WORST_FIRST.index(each.finding.outcome), _SEVERITIES.index(each.result.severity)


def _identity(result: CheckResult, finding: Finding) -> tuple[str, ...]:
    """Return what a finding is about; a check of one number speaks of that number, said or not."""
    only = result.requirements[0] if len(result.requirements) == 1 else ""
    return result.check, result.target.kind, result.target.name, finding.requirement or only, finding.subject


class _Fingerprints:
    def __init__(self) -> None:
        self.taken: dict[tuple[str, ...], int] = {}

    def of(self, identity: tuple[str, ...]) -> str:
        """Return the fingerprint of an identity; twins get a running number."""
        number = self.taken[identity] = self.taken.get(identity, 0) + 1
        told = identity if number == 1 else (*identity, str(number))
        return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:32]

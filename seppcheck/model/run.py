"""A run: what was planned, what was gathered, what came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seppcheck.model.drift import DriftEntry
from seppcheck.model.evidence import Record
from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Waiver
from seppcheck.model.targets import Site
from seppcheck.model.text import Message


class Verdict(StrEnum):
    """The answer of a whole run."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that was left out, by whom and why."""

    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class UnusedWaiver:
    """A waiver that covered nothing in this run."""

    waiver: Waiver
    expired: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Everything about one run; reports read nothing else.

    `requirements` rolls every number of the guide up: an outcome's value, or `not-due`, `past`,
    `not-selected`. `uncovered` are numbers that no check of this installation answers.
    """

    phase: Phase
    site: Site
    results: tuple[CheckResult, ...]
    requirements: Mapping[str, str]
    judged_at: datetime
    started_at: datetime
    finished_at: datetime
    language: str = "en"
    replay_of: datetime | None = None
    notes: tuple[Message, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unused_waivers: tuple[UnusedWaiver, ...] = ()
    uncovered: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    history: tuple[Mapping[str, object], ...] = ()
    settings: Mapping[str, object] | None = None
    interrupted: bool = False
    next: Message | None = None
    """In cutover, when everything passed: which of its two green ends this is."""
    moments: tuple[Moment, ...] = ()
    """What is waited for, or was."""
    drift: tuple[DriftEntry, ...] | None = None
    """What differs from the accepted baseline; None where there was none to compare with."""
    drift_since: datetime | None = None
    """When the baseline was accepted that `drift` compares with."""
    whole: bool = True
    """Whether every configured check was asked about every configured domain: only such verdicts compare."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many results were planned, and how many there are of each outcome."""
        found = Counter(result.outcome for result in self.results)
        return {"planned": len(self.results), **{o.value: found[o] for o in Outcome}}

    @property
    def verdict(self) -> Verdict:
        """Failed beats inconclusive; where nothing applied, nothing was verified. Any drift is a failure."""
        return Verdict.FAILED if self.drift else verdict_of(result.outcome for result in self.results)


def verdict_of(outcomes: Iterable[Outcome]) -> Verdict:
    """Return the answer for some outcomes. Never passed for none, or when none applied."""
    found = set(outcomes)
    if Outcome.FAILED in found:
        return Verdict.FAILED
    if Outcome.INCONCLUSIVE in found or not found - {Outcome.NOT_APPLICABLE}:
        return Verdict.INCONCLUSIVE
    return Verdict.PASSED

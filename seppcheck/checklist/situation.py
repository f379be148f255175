"""Where a migration stands: everything that the checklist is worked out from. Frozen, and already gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from seppcheck.model.changes import ChangeKind, PlanPhase
from seppcheck.model.checks import Check
from seppcheck.model.evidence import Evidence
from seppcheck.model.guide import Guide
from seppcheck.model.moments import Moment
from seppcheck.model.phases import Phase
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Skipped
from seppcheck.model.targets import Site
from seppcheck.model.text import Message
from seppcheck.remediate.journal import Record


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan of this migration in the working folder; `record` is its journal, None while it was not begun."""

    path: Path
    plan: MigrationPlan
    record: Record | None = None

    @property
    def begun(self) -> bool:
        """Whether it was begun, and neither finished nor rolled back."""
        return self.record is not None and not self.record.rolled_back and any(self.left())

    def left(self) -> Iterator[PlannedChange]:
        """Yield the changes that its journal does not call done, in order."""
        for change in self.plan.changes:
            if self.record is None or self.record.of(change.id).done is None:
                yield change


@dataclass(frozen=True, slots=True)
class Seen:
    """What evidence shows of how far the migration is; unknown counts as not so.

    `held` are the domains whose mail is held back, `moving` those of which some server names the gateway, `moved`
    those of which every server names it alone. The mail of `refused` comes to Microsoft directly, where an enabled
    inbound connector of inline operation refuses it. `customers` each domain's customer, `addresses` the gateway's.
    `inline` are the names of the objects of inline operation that are there. `unrecorded` names the domains whose low
    TTL no recorded run has seen yet. `hidden` is the evidence that could not be had of what decides how far it is: of
    every domain the hold and the MX record, and the mail flow. `proven_at` is when the hold was last written down as
    `false` for every domain, `sample_at` the newest mail sample. `answered` are the keys that the gateway record
    holds.
    """

    held: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    customers: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    inline: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unrecorded: tuple[str, ...] = ()
    hidden: frozenset[type[Evidence]] = frozenset()
    proven_at: datetime | None = None
    sample_at: datetime | None = None
    samples_configured: bool = False
    answered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that the checklist is worked out from.

    It is that of the whole site: DOMAIN, `--only` and `--skip` choose what is shown, which is
    `narrowed`; what they leave out is in `skipped` of both. `results` and `requirements` are those of
    each phase over the same evidence. `removed_late` are the checks whose objects a completion
    removes. `configured` tells whether a configuration file is read; `options` are those that every
    command named has to repeat, and `narrowing` those of a run. `accepted` tells whether a baseline of
    this site lies beside the configuration.
    """

    site: Site
    guide: Guide
    checks: Mapping[str, Check]
    now: datetime
    results: Mapping[Phase, tuple[CheckResult, ...]]
    requirements: Mapping[Phase, Mapping[str, str]]
    plans: Mapping[PlanPhase, MigrationPlan]
    seen: Seen = Seen()
    moments: tuple[Moment, ...] = ()
    files: tuple[PlanFile, ...] = ()
    taken: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[Message, ...] = ()
    removed_late: frozenset[str] = frozenset()
    configured: bool = True
    record: str | None = None
    options: tuple[str, ...] = ()
    narrowing: tuple[str, ...] = ()
    language: str = "en"
    replay_of: datetime | None = None
    accepted: bool = False
    narrowed: Situation | None = None

    def begun(self, *phases: PlanPhase) -> PlanFile | None:
        """Return the plan that was begun and is not finished: of several that of the latest phase."""
        found = [each for each in self.files if each.begun and each.plan.phase in phases]
        return max(found, key=lambda each: list(PlanPhase).index(each.plan.phase), default=None)

    def changes(self, phase: PlanPhase) -> tuple[PlannedChange, ...]:
        """Return what a plan would still do; a proof alone is nothing to do."""
        changes = self.plans[phase].changes
        return () if all(change.proof for change in changes) else changes

    def automatic(self, phase: PlanPhase) -> bool:
        """Tell whether this program would carry out something of a plan."""
        return any(change.kind is ChangeKind.AUTOMATIC for change in self.changes(phase))

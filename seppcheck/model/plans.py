"""A plan as it is reviewed, stored and applied: what is to be done, in which order, with images and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seppcheck.model.changes import ChangeKind, Image, Milestone, PlanPhase, System


@dataclass(frozen=True, slots=True)
class Backwards:
    """A change's way back: from the state after it to the one before it."""

    before: Image | None
    after: Image | None
    steps: tuple[str, ...] = ()
    """What a person does, where this program does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """One change of a plan. Sentences are in the language of the plan.

    `until` is when a wait is over, or before when a step must not be relied on. `seconds` is how long a wait
    lasts once everything that it needs is done, where the moment is not known beforehand; for a moved RRset it is
    how long caches may hold what was there.
    """

    id: str
    check: str
    requirements: tuple[str, ...]
    system: System
    kind: ChangeKind
    summary: str
    why: str
    target: str
    target_kind: str
    before: Image | None = None
    after: Image | None = None
    inverse: Backwards | None = None
    needs: tuple[str, ...] = ()
    until: datetime | None = None
    breaks: str | None = None
    steps: tuple[str, ...] = ()
    seconds: int | None = None
    milestone: Milestone | None = None
    proof: bool = False

    @property
    def writes(self) -> bool:
        """Whether this program carries it out."""
        return self.kind is ChangeKind.AUTOMATIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Evidence for a check that is due, which could not be had: what it would have planned is not known."""

    check: str
    target: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """A whole plan. Its fingerprint covers everything but the moments."""

    phase: PlanPhase
    language: str
    gateway: str
    tenant: str
    domains: tuple[str, ...]
    created_at: datetime
    judged_at: datetime
    changes: tuple[PlannedChange, ...]
    notes: tuple[str, ...] = ()
    unseen: tuple[Unseen, ...] = ()

    def change(self, identifier: str) -> PlannedChange:
        """Return a change by its id.

        Raises:
            LookupError: when the plan has none of that id.
        """
        found = next((change for change in self.changes if change.id == identifier), None)
        if found is None:
            raise LookupError(identifier)
        return found

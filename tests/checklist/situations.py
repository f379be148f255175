"""Situations made by hand: every check of the house with one outcome, and plans with what a test needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from seppcheck.checklist.situation import PlanFile, Seen, Situation
from seppcheck.engine.rollup import roll_up
from seppcheck.guide import load_guide
from seppcheck.model.changes import ChangeKind, FactImage, Milestone, PlanPhase, System
from seppcheck.model.checks import Check
from seppcheck.model.evidence import Provenance
from seppcheck.model.guide import Guide
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Absence, Assurance, Outcome, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.results import CheckResult, EvidenceNote, Finding, outcome_of
from seppcheck.model.targets import Domain, Gateway, Node, Site, Target, Tenant
from seppcheck.model.text import text
from seppcheck.plugins import bundled, load
from seppcheck.remediate.journal import Record

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
SITE = Site(
    Gateway("secure.example.org", (Node("secure.example.org", ("203.0.113.25",)),)),
    (Domain("example.org", "example"), Domain("example.net", "example")),
    Tenant("example.onmicrosoft.com"),
)
MOVED = ("example.org", "example.net")
OPEN = tuple(Moment(MomentKind.MX_MAY_MOVE, domain, NOW, over=True, summary=text("it may")) for domain in SITE.domains)
"""Every domain's gate, open."""
PHASES = (Phase.READINESS, Phase.CUTOVER, Phase.VERIFICATION)
Outcomes = Mapping[tuple[str, Phase], Outcome]
"""Which check has which outcome in which phase; the rest passes."""


@cache
def guide() -> Guide:
    return load_guide(bundled("checks"))


@cache
def checks() -> Mapping[str, Check]:
    return load(sources=False).checks


def situation(outcomes: Outcomes | None = None, everything: Outcome = Outcome.PASSED, **more: object) -> Situation:
    """Return a situation in which every check has an outcome in every phase in which it runs."""
    found = {
        phase: tuple(
            result(check, phase, target, (outcomes or {}).get((check.id, phase), everything))
            for check in checks().values()
            if phase in check.phases
            for target in SITE.targets(check.target)
        )
        for phase in PHASES
    }
    made = Situation(
        site=SITE,
        guide=guide(),
        checks=checks(),
        now=NOW,
        results=found,
        requirements={phase: roll_up(guide(), phase, checks().values(), found[phase], ()) for phase in PHASES},
        plans={phase: plan(phase) for phase in PlanPhase},
        moments=OPEN,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a situation


def result(check: Check, phase: Phase, target: Target, outcome: Outcome) -> CheckResult:
    """Make a result whose findings, one a number, have an outcome."""
    numbers = check.numbers(phase)
    reason: Reason | Absence | None = {
        Outcome.INCONCLUSIVE: Reason.TIMEOUT,
        Outcome.NOT_APPLICABLE: Absence.CONDITION_ABSENT,
    }.get(outcome)
    findings = tuple(
        Finding(outcome, text("{check} said {word}", check=check.id, word=outcome.value), number, reason=reason)
        for number in numbers or (None,)
    )
    note = EvidenceNote("a-kind", Provenance("dns", NOW, "192.0.2.53", Assurance.OBSERVED))
    return CheckResult(
        check=check.id,
        requirements=numbers,
        severity=check.severity,
        title=check.manual.title,
        target=target,
        outcome=outcome_of(findings),
        findings=findings,
        evidence=(note,),
        steps=check.manual.steps,
    )


def plan(phase: PlanPhase, *changes: PlannedChange) -> MigrationPlan:
    return MigrationPlan(
        phase=phase,
        language="en",
        gateway=SITE.gateway.name,
        tenant=SITE.tenant.name,
        domains=tuple(domain.name for domain in SITE.domains),
        created_at=NOW,
        judged_at=NOW,
        changes=changes,
    )


def change(number: int, kind: ChangeKind = ChangeKind.MANUAL, **more: object) -> PlannedChange:
    made = PlannedChange(
        id=str(number),
        check="gateway-mta",
        requirements=("P3",),
        system=System.GATEWAY,
        kind=kind,
        summary=f"Do what step {number} does",
        why="it is wanted",
        target=SITE.gateway.name,
        target_kind="gateway",
        steps=("On the gateway, open: Mail System > Outgoing Server", "Enable it."),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a change


def hold(number: int, value: str = "true", **more: object) -> PlannedChange:
    """Return the step that sets the hold of example.org."""
    image = FactImage("delivery-hold", SITE.domains[0], {"customer_value": value})
    told: dict[str, object] = {
        "check": "delivery-hold",
        "requirements": ("A2",) if value == "true" else ("D1",),
        "target": "example.org",
        "target_kind": "domain",
        "after": image,
        "milestone": Milestone.HOLD_ON if value == "true" else Milestone.HOLD_OFF,
    }
    return change(number, **{**told, **more})


def plans(phase: PlanPhase, *changes: PlannedChange) -> Mapping[PlanPhase, MigrationPlan]:
    """Return the three plans, one of them with changes."""
    return {each: plan(each, *changes) if each is phase else plan(each) for each in PlanPhase}


def begun(phase: PlanPhase, changes: Sequence[PlannedChange], done: Sequence[str] = ()) -> PlanFile:
    """Return a plan's file with a journal in which some changes are done."""
    record = Record(plan(phase, *changes))
    for identifier in done:
        record.of(identifier).done = NOW
    return PlanFile(Path(f"{phase.value}.json"), record.plan, record)


FINISHED = Seen(moved=MOVED, moving=MOVED, customers=dict.fromkeys(MOVED, "example"))

"""Asking remediations: what is missing, what crashes and what is nonsense never looks like "nothing to do"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from seppcheck.engine.gather import Key, key_of
from seppcheck.engine.plan import Remedy
from seppcheck.engine.propose import mended, propose
from seppcheck.model.changes import (
    Change,
    ChangeKind,
    DnsImage,
    ManualStep,
    Milestone,
    Note,
    PlanPhase,
    Proposal,
    Proposed,
    System,
    Wait,
)
from seppcheck.model.checks import MARK, PluginError
from seppcheck.model.evidence import Evidence, Now, Provenance, Record, Unavailable
from seppcheck.model.outcomes import Outcome, Reason, Severity
from seppcheck.model.phases import Phase
from seppcheck.model.remediations import remediation
from seppcheck.model.results import CheckResult, Failed, Passed, outcome_of
from seppcheck.model.targets import Domain, Gateway, Site
from seppcheck.model.text import text
from tests.engine.conftest import Age, Colour

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = Site(Gateway("gw.example"), (Domain("one.example"), Domain("two.example")))
ONE = SITE.domains[0]
RECORD = DnsImage("one.example", "MX", 300, ("10 gw.example.",))


def records(*contents: tuple[Domain | Gateway, Evidence | Unavailable, str]) -> Mapping[Key, Record]:
    made = [Record(kind, target, Provenance("t", NOON), content) for target, content, kind in contents]
    return {key_of(record.kind, record.target): record for record in made}


KNOWN = records((ONE, Age(7), "tests-age"), (SITE.gateway, Colour("red"), "tests-colour"))


def remedy(function: Callable[..., Proposal], target: Domain | Gateway = ONE) -> Remedy:
    return Remedy(getattr(function, MARK), target)


def asked(function: Callable[..., Proposal], phase: PlanPhase = PlanPhase.CUTOVER, known: object = KNOWN) -> Proposed:
    return propose(remedy(function), SITE, phase, Now(NOON), known)  # type: ignore[arg-type]  # records by key


@remediation("tests-age", kind="automatic", phases=["cutover", "completion"])
def grow_up(domain: Domain, age: Age, phase: PlanPhase, now: Now) -> Proposal:
    """Grow up."""
    assert (now.at, domain) == (NOON, ONE)
    step = Change(
        summary=text("{domain} grows from {years} in {phase}", domain=domain.name, years=age.years, phase=phase.value),
        why=text("it is young"),
        before=None,
        after=RECORD,
    )
    return [step, Note(text("nobody can see it"))]


def test_steps_and_notes_are_told_apart() -> None:
    found = asked(grow_up)
    assert [str(step.summary) for step in found.steps] == ["one.example grows from 7 in cutover"]
    assert [str(note) for note in found.notes] == ["nobody can see it"]
    assert found.missing is None


def test_in_a_plan_that_it_takes_no_part_in_it_is_not_asked() -> None:
    assert asked(grow_up, PlanPhase.READINESS) == Proposed("tests-age", ONE)


def test_missing_evidence_is_told_and_is_not_nothing_to_do() -> None:
    gone = Unavailable(Reason.TIMEOUT, text("the registry is silent"))
    found = asked(grow_up, known=records((ONE, gone, "tests-age"), (SITE.gateway, Colour("red"), "tests-colour")))
    assert str(found.missing) == "the registry is silent"
    assert not found.crashed
    assert found.steps == ()


@remediation("tests-age", kind="manual", phases=["cutover"])
def crash(domain: Domain, age: Age) -> Proposal:
    """Crash."""
    raise RuntimeError(f"{domain.name} {age.years}")


@remediation("tests-age", kind="manual", phases=["cutover"])
def talk_nonsense(domain: Domain) -> Proposal:
    """Return what is no step."""
    return ["do something"]  # type: ignore[list-item]  # that is the point


@remediation("tests-age", kind="manual", phases=["cutover"])
def go_back_in_time(domain: Domain) -> Proposal:
    """Need what comes after what it reaches."""
    return [Wait(summary=text("wait"), why=text("why"), needs=Milestone.MX_MOVED, reaches=Milestone.HOLD_ON)]


@pytest.mark.parametrize(
    ("function", "words"),
    [(crash, "RuntimeError: one.example 7"), (talk_nonsense, "not a change"), (go_back_in_time, "comes before")],
)
def test_a_remediation_that_is_broken_says_so(function: Callable[..., Proposal], words: str) -> None:
    found = asked(function)
    assert found.crashed
    assert words in str(found.missing)
    assert found.steps == ()


def result(*findings: Passed | Failed) -> CheckResult:
    return CheckResult("tests-age", ("P1",), Severity.HIGH, text("t"), ONE, outcome_of(findings), findings)


def mending(phase: Phase, *findings: Passed | Failed, function: Callable[..., Proposal] = grow_up) -> CheckResult:
    return mended(result(*findings), [remedy(function)], SITE, phase, Now(NOON), KNOWN)


def test_a_failed_result_says_what_would_be_done_and_by_which_plan() -> None:
    found = mending(Phase.CUTOVER, Failed("too young")).mending
    assert found is not None
    assert (found.kind, found.plan) == (ChangeKind.AUTOMATIC, PlanPhase.CUTOVER)
    assert [str(change) for change in found.changes] == ["one.example grows from 7 in cutover"]


def test_after_the_move_completion_is_asked_first() -> None:
    found = mending(Phase.VERIFICATION, Failed("too young")).mending
    assert found is not None
    assert found.plan is PlanPhase.COMPLETION


def test_what_passed_needs_no_mending() -> None:
    assert mending(Phase.CUTOVER, Passed("old enough")).mending is None


def test_where_nothing_is_planned_nothing_is_promised() -> None:
    assert mending(Phase.READINESS, Failed("too young")).mending is None
    assert mending(Phase.CUTOVER, Failed("too young"), function=crash).mending is None


@remediation("tests-age", kind="manual", phases=["cutover"])
def ask_somebody(domain: Domain) -> Proposal:
    """Ask somebody."""
    return [
        ManualStep(summary=text("ask"), why=text("why"), system=System.PEOPLE, steps=[text("ask {d}", d=domain.name)])
    ]


def test_what_people_do_is_by_hand() -> None:
    found = mending(Phase.CUTOVER, Failed("too young"), function=ask_somebody).mending
    assert found is not None
    assert found.kind is ChangeKind.MANUAL
    assert found.plan.phase is Phase.CUTOVER
    assert Outcome.FAILED is mending(Phase.CUTOVER, Failed("x")).outcome


def no_target(age: Age) -> Proposal:
    return []


def unknown_wish(domain: Domain, weather: str) -> Proposal:
    return []


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        (no_target, {"kind": "manual", "phases": ["cutover"]}, "no target"),
        (unknown_wish, {"kind": "manual", "phases": ["cutover"]}, "weather"),
        (ask_somebody, {"kind": "magic", "phases": ["cutover"]}, "magic"),
        (ask_somebody, {"kind": "manual", "phases": ["tonight"]}, "tonight"),
        (ask_somebody, {"kind": "manual", "phases": []}, "no plan"),
    ],
)
def test_a_remediation_that_is_not_well_formed_is_refused_by_name(
    function: Callable[..., Proposal], arguments: dict[str, object], words: str
) -> None:
    with pytest.raises(PluginError, match=words):
        remediation("tests-age", **arguments)(function)  # type: ignore[arg-type]  # that is the point

"""From proposals to a plan: sorted, numbered, with the way back, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime

from seppcheck.locale import translator
from seppcheck.model.changes import (
    Change,
    ChangeKind,
    DnsImage,
    ExchangeImage,
    FactImage,
    ManualStep,
    Milestone,
    PlanPhase,
    Proposed,
    Step,
    System,
    Wait,
)
from seppcheck.model.plans import MigrationPlan, PlannedChange, Unseen
from seppcheck.model.targets import Domain, Gateway, Site, Tenant
from seppcheck.model.text import text
from seppcheck.plan_document import fingerprint_of, from_document, to_document
from seppcheck.remediate.making import Frame, Means, make_plan

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DOMAIN = Domain("kunde.example")
SITE = Site(Gateway("secure.example.org"), (DOMAIN,), Tenant("example.onmicrosoft.com"))
MX = DnsImage("kunde.example", "MX", 300, ("0 kunde.mail.protection.outlook.com.",))
MX_NEW = DnsImage("kunde.example", "MX", 300, ("10 secure.example.org.",))
RULE = ExchangeImage("TransportRule", "200", {"Name": "200", "State": "Enabled"}, "g1")
WHY = text("because the guide says so")

MOVE = Change(
    summary=text("move"), why=WHY, needs=Milestone.PARALLEL_OFF, reaches=Milestone.MX_MOVED, before=MX, after=MX_NEW
)
REMOVE = Change(
    summary=text("remove"), why=WHY, requirements=("B1",), needs=Milestone.HOLD_OFF, before=RULE, after=None
)
HOLD = ManualStep(
    summary=text("hold"),
    why=WHY,
    reaches=Milestone.HOLD_ON,
    system=System.GATEWAY,
    steps=[text("Customers > Extended Fields: {value}", value="true")],
    before=FactImage("delivery-hold", DOMAIN, {"customer_value": "false"}),
    after=FactImage("delivery-hold", DOMAIN, {"customer_value": "true"}),
    undo=[text("set it back")],
)
PROOF = ManualStep(summary=text("proof"), why=WHY, needs=Milestone.HOLD_OFF, system=System.PEOPLE, steps=[], proof=True)
SETTLE = Wait(summary=text("settle"), why=WHY, needs=Milestone.MX_MOVED, reaches=Milestone.MX_SETTLED, seconds=300)

ALL_MEANS = Means(dns=lambda _: True, exchange=True)
NO_MEANS = Means(dns=lambda _: False, exchange=False)


def made(
    *steps: Step, means: Means = ALL_MEANS, unseen: tuple[Unseen, ...] = (), language: str = "en"
) -> MigrationPlan:
    frame = Frame(PlanPhase.CUTOVER, SITE, NOON, NOON, language, translator(language))
    return make_plan(frame, [Proposed("dns-mx", DOMAIN, steps)], unseen, lambda _: ("C1",), means)


def only(plan: MigrationPlan) -> PlannedChange:
    (change,) = plan.changes
    return change


def test_changes_are_numbered_in_their_order_and_know_what_they_need() -> None:
    plan = made(SETTLE, MOVE, HOLD)
    assert [(c.id, c.summary, c.needs) for c in plan.changes] == [
        ("1", "hold", ()),
        ("2", "move", ("1",)),
        ("3", "settle", ("1", "2")),
    ]


def test_a_plan_says_whose_it_is() -> None:
    plan = made(MOVE)
    assert (plan.gateway, plan.tenant, plan.domains) == (
        "secure.example.org",
        "example.onmicrosoft.com",
        ("kunde.example",),
    )
    assert only(plan).target == "kunde.example"
    assert only(plan).system is System.DNS


def test_numbers_are_the_steps_own_or_the_checks() -> None:
    assert only(made(MOVE)).requirements == ("C1",)
    assert only(made(REMOVE)).requirements == ("B1",)


def test_what_can_be_written_is_automatic_and_the_way_back_is_the_change_backwards() -> None:
    change = only(made(MOVE))
    assert change.kind is ChangeKind.AUTOMATIC
    assert change.inverse is not None
    assert (change.inverse.before, change.inverse.after) == (MX_NEW, MX)
    assert change.steps == ()


def test_what_cannot_be_written_is_for_people_with_the_value_to_enter() -> None:
    change = only(made(MOVE, means=NO_MEANS))
    assert change.kind is ChangeKind.MANUAL
    assert "kunde.example. 300 IN MX 10 secure.example.org." in change.steps
    assert (change.before, change.after) == (MX, MX_NEW)


def test_exchange_without_an_app_is_for_people_who_get_the_script() -> None:
    change = only(made(REMOVE, means=NO_MEANS))
    assert change.kind is ChangeKind.MANUAL
    assert any("--format powershell" in step for step in change.steps)


def test_a_manual_step_with_a_known_state_before_can_be_undone() -> None:
    change = only(made(HOLD))
    assert change.inverse is not None
    assert change.inverse.steps == ("set it back",)
    assert change.inverse.after == HOLD.before


def test_a_proof_changes_nothing_and_has_no_way_back() -> None:
    change = only(made(PROOF))
    assert change.proof
    assert change.inverse is None


def test_a_crashed_remediation_is_unseen_and_not_nothing_to_do() -> None:
    frame = Frame(PlanPhase.CUTOVER, SITE, NOON, NOON, "en", str)
    crashed = Proposed("dns-mx", DOMAIN, missing=text("it crashed"), crashed=True)
    plan = make_plan(frame, [crashed], (), lambda _: (), ALL_MEANS)
    assert [(each.check, each.reason, each.detail) for each in plan.unseen] == [("dns-mx", "crashed", "it crashed")]


def test_a_note_is_told_once() -> None:
    frame = Frame(PlanPhase.CUTOVER, SITE, NOON, NOON, "en", str)
    noted = Proposed("tenant-to-tenant", SITE.gateway, notes=(text("mind the neighbours"),))
    assert make_plan(frame, [noted, noted], (), lambda _: (), ALL_MEANS).notes == ("mind the neighbours",)


def test_a_plan_survives_its_file() -> None:
    plan = made(
        MOVE, HOLD, SETTLE, REMOVE, PROOF, unseen=(Unseen(check="a", target="b", reason="timeout", detail="c"),)
    )
    assert from_document(to_document(plan)) == plan


def test_the_fingerprint_is_that_of_what_is_done_not_of_when() -> None:
    frame = Frame(PlanPhase.CUTOVER, SITE, datetime(2026, 12, 1, tzinfo=UTC), NOON, "en", str)
    later = make_plan(frame, [Proposed("dns-mx", DOMAIN, (MOVE,))], (), lambda _: ("C1",), ALL_MEANS)
    assert fingerprint_of(later) == fingerprint_of(made(MOVE))
    assert fingerprint_of(made(MOVE, HOLD)) != fingerprint_of(made(MOVE))

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.delivery_hold import hold_is_as_the_phase_wants
from remediations.delivery_hold import switch_the_hold
from seppcheck.api import (
    DeliveryHold,
    FactImage,
    MailFlow,
    MailSamples,
    ManualStep,
    Milestone,
    MxRecords,
    Now,
    PlanPhase,
    Proposal,
    Reason,
    System,
    Unavailable,
    text,
)
from tests.checks.evidence import MICROSOFT, NAME, answer, findings, history, mx
from tests.checks.exchange_objects import inline_rule, parallel_rules
from tests.checks.gateway_facts import DOMAIN, GATEWAY, NOON, WRITTEN
from tests.checks.mail_flow import flow
from tests.checks.mail_samples import sample
from tests.remediations.dns_simulation import EVERY_PLAN, kinds
from tests.remediations.fact_simulation import done, notes, opens_the_menu, told

NOW = Now(NOON + timedelta(hours=1))
MOVED = mx(answer(f"10 {NAME}."), answer(f"10 {NAME}."))
OLD = mx(answer(f"0 {MICROSOFT}."), answer(f"0 {MICROSOFT}."))
UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))
NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no mail samples are configured"))
NO_FILES = Unavailable(Reason.NOT_COLLECTED, text("no file matches"))


def hold(
    customer: str | None = None, domain: str | None = None, default: str | None = "false", groups: bool | None = False
) -> DeliveryHold:
    return DeliveryHold("example", customer, domain, groups, default, WRITTEN)


def plan(
    found: DeliveryHold | Unavailable,
    phase: PlanPhase,
    records: MxRecords | Unavailable = MOVED,
    known: MailFlow | Unavailable = UNKNOWN,
    samples: MailSamples | Unavailable = NO_SAMPLES,
) -> Proposal:
    return switch_the_hold(DOMAIN, GATEWAY, found, records, known, samples, phase, NOW)


def steps(proposal: Proposal) -> list[ManualStep]:
    return [each for each in proposal if isinstance(each, ManualStep)]


def reaching(proposal: Proposal, milestone: Milestone | None) -> ManualStep:
    (step,) = [each for each in steps(proposal) if each.reaches is milestone and not each.proof]
    return step


def failing(found: DeliveryHold, phase: PlanPhase, now: Now = NOW) -> list[str]:
    records = OLD if phase is PlanPhase.READINESS else MOVED
    judged = hold_is_as_the_phase_wants(DOMAIN, GATEWAY, found, records, history(), phase.phase, now)
    return [str(each.summary) for each in findings(judged) if each.outcome in ("failed", "inconclusive")]


def test_before_the_move_nothing_is_held_back() -> None:
    for right in (hold("false"), hold("default"), hold(domain="false"), UNKNOWN):
        assert plan(right, PlanPhase.READINESS, OLD) == []
    step = reaching(plan(hold("true"), PlanPhase.READINESS, OLD), None)
    assert step.after == FactImage("delivery-hold", DOMAIN, {"customer_value": "false"})
    by_default = reaching(plan(hold("default", default="true"), PlanPhase.READINESS, OLD), None)
    assert by_default.after == FactImage("delivery-hold", DOMAIN, {"customer_value": "false"})


def test_a_default_that_nobody_wrote_down_is_told() -> None:
    found = plan(hold("default", default=None), PlanPhase.READINESS, OLD)
    assert kinds(found) == ["Note"]


@pytest.mark.parametrize("value", ["false", "default"])
def test_the_hold_is_switched_on_at_the_customer_once_for_all_of_its_domains(value: str) -> None:
    step = reaching(plan(hold(value), PlanPhase.CUTOVER, OLD), Milestone.HOLD_ON)
    assert (step.needs, step.system) == (None, System.GATEWAY)
    assert step.before == FactImage("delivery-hold", DOMAIN, {"customer_value": value})
    assert step.after == FactImage("delivery-hold", DOMAIN, {"customer_value": "true"})
    assert "Customers > example > Extended Fields > disable_delivery" in told(step)
    assert "Once is enough for all domains of this customer." in told(step)
    assert "seppcheck attest --only delivery-hold" in told(step)
    back = "say: default value" if value == "default" else "Enter again: false"
    assert back in told(step)


def test_where_the_record_keeps_the_value_at_the_domain_it_is_switched_there() -> None:
    step = reaching(plan(hold(domain="false"), PlanPhase.CUTOVER, OLD), Milestone.HOLD_ON)
    assert step.after == FactImage("delivery-hold", DOMAIN, {"domain_value": "true"})
    assert "Mail System > Managed Domains > example.org > Extended Fields" in told(step)


def test_a_domain_that_says_otherwise_than_its_customer_is_switched_too() -> None:
    step = reaching(plan(hold("false", "false"), PlanPhase.CUTOVER, OLD), Milestone.HOLD_ON)
    assert isinstance(step.after, FactImage)
    assert step.after.fields == {"customer_value": "true", "domain_value": "true"}


def test_a_fresh_hold_is_believed_and_an_old_one_is_looked_at_again() -> None:
    fresh = hold("true")
    assert plan(fresh, PlanPhase.CUTOVER, OLD) == []
    stale = replace(fresh, voice=replace(WRITTEN, at=NOW.at - timedelta(hours=24)))
    assert reaching(plan(stale, PlanPhase.CUTOVER, OLD), Milestone.HOLD_ON).after is not None


@pytest.mark.parametrize(
    ("phase", "milestone"), [(PlanPhase.CUTOVER, Milestone.HOLD_ON), (PlanPhase.COMPLETION, Milestone.HOLD_OFF)]
)
def test_a_hold_that_nobody_wrote_down_is_switched_all_the_same(phase: PlanPhase, milestone: Milestone) -> None:
    step = reaching(plan(UNKNOWN, phase), milestone)
    assert step.before is None
    assert "Customers > example > Extended Fields" in told(step)


@pytest.mark.parametrize("groups", [True, None])
def test_groups_that_decide_instead_come_first_in_a_cutover_and_do_not_hold_up_the_release(
    groups: bool | None,
) -> None:
    first, on = steps(plan(hold("false", groups=groups), PlanPhase.CUTOVER, OLD))
    assert (first.needs, first.reaches) == (None, None)
    assert first.after == FactImage("delivery-hold", DOMAIN, {"groups_override": False})
    assert opens_the_menu_of_groups(first)
    assert on.reaches is Milestone.HOLD_ON
    _, later, _ = steps(plan(hold("true", groups=groups), PlanPhase.COMPLETION))
    assert later.needs is Milestone.HOLD_OFF


def opens_the_menu_of_groups(step: ManualStep) -> bool:
    return "Mail Processing Groups > Extended Fields" in told(step)


def test_the_menus_are_those_of_the_record() -> None:
    assert opens_the_menu(
        reaching(plan(hold("false", "false"), PlanPhase.CUTOVER), Milestone.HOLD_ON),
        "delivery-hold",
        "disable_delivery",
    )


def test_others_whose_mail_is_held_as_well_are_told_of() -> None:
    found = plan(replace(hold("true"), also_held=("example.net",)), PlanPhase.CUTOVER, OLD)
    assert "also stops the mail of example.net" in notes(found)


@pytest.mark.parametrize("value", ["true", "default"])
def test_the_release_comes_after_the_inbound_connector_and_then_the_proof(value: str) -> None:
    off, proof = steps(plan(hold(value), PlanPhase.COMPLETION))
    assert (off.needs, off.reaches) == (Milestone.INBOUND_ON, Milestone.HOLD_OFF)
    assert off.after == FactImage("delivery-hold", DOMAIN, {"customer_value": "false"})
    assert off.until is None
    assert proof.proof
    assert (proof.needs, proof.reaches, proof.system) == (Milestone.HOLD_OFF, None, System.PEOPLE)


def test_a_release_that_is_done_still_has_to_be_proven() -> None:
    (proof,) = steps(plan(hold("false"), PlanPhase.COMPLETION))
    assert proof.proof
    assert "seppcheck attest --only delivery-hold" in told(proof)


@pytest.mark.parametrize(
    ("samples", "asked"), [(NO_SAMPLES, False), (NO_FILES, True), (MailSamples((sample(),)), True)]
)
def test_samples_are_saved_where_they_are_configured(samples: MailSamples | Unavailable, asked: bool) -> None:
    (proof,) = steps(plan(hold("false"), PlanPhase.COMPLETION, samples=samples))
    assert ("Save both messages as .eml" in told(proof)) is asked


@pytest.mark.parametrize("records", [OLD, UNKNOWN, mx(answer(f"10 {NAME}."), answer(f"0 {MICROSOFT}."))])
def test_where_the_cutover_is_not_finished_nothing_is_released(records: MxRecords | Unavailable) -> None:
    found = plan(hold("true"), PlanPhase.COMPLETION, records)
    assert [each.proof for each in steps(found)] == [True]  # what takes the way back away comes after it
    assert "the cutover is not finished" in notes(found)


@pytest.mark.parametrize("minutes", [5, 29])
def test_mail_is_not_released_before_exchange_acts_on_the_last_change_of_its_rules(minutes: int) -> None:
    at = NOW.at - timedelta(minutes=minutes)
    changed = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    rules = (inline_rule(WhenChanged=changed), *parallel_rules())
    off = reaching(plan(hold("true"), PlanPhase.COMPLETION, known=flow(rules=rules)), Milestone.HOLD_OFF)
    assert off.until == at + timedelta(minutes=30)
    assert str(off.steps[0]).startswith("Not before 2026-11-24 13:")


def test_rules_that_changed_long_ago_or_are_unknown_need_no_wait() -> None:
    for known in (flow(rules=[inline_rule()]), flow(rules=UNKNOWN), UNKNOWN):
        off = reaching(plan(hold("true"), PlanPhase.COMPLETION, known=known), Milestone.HOLD_OFF)
        assert off.until is None


values = st.sampled_from([None, "true", "false", "default"])


@given(
    customer=values,
    domain=values,
    groups=st.sampled_from([None, True, False]),
    default=st.sampled_from(["false", "true"]),
    age=st.integers(0, 48),
    phase=st.sampled_from(EVERY_PLAN),
)
def test_done_and_written_down_the_check_does_not_fail_and_only_the_proof_is_left(
    customer: str | None, domain: str | None, groups: bool | None, default: str, age: int, phase: PlanPhase
) -> None:
    found = hold(customer, domain, default, groups)
    found = replace(found, voice=replace(WRITTEN, at=NOW.at - timedelta(hours=age)))
    for step in steps(plan(found, phase)):
        # who proves that mail flows writes the hold down again
        found = replace(found, voice=replace(found.voice, at=NOW.at)) if step.proof else _done(found, step)
    assert failing(found, phase) == []
    assert [step.proof for step in steps(plan(found, phase))] == ([True] if phase is PlanPhase.COMPLETION else [])


def _done(found: DeliveryHold, step: ManualStep) -> DeliveryHold:
    if isinstance(step.before, FactImage) and isinstance(step.after, FactImage) and step.before == step.after:
        return replace(found, voice=replace(found.voice, at=NOW.at))  # looked at again, and it is as it was
    return done(found, step, NOW.at)

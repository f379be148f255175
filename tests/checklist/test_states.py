"""The state of every step: done only where it was seen to be so, at every stage and for every outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.checklist.stage import stage_of
from seppcheck.checklist.states import parts_of, phase_for, settled
from seppcheck.engine.rollup import NOT_DUE, NOT_SELECTED, PAST
from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase
from seppcheck.model.checklist import ChecklistStep, Stage, State
from seppcheck.model.evidence import Provenance
from seppcheck.model.guide import Number
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Assurance, Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.results import EvidenceNote
from seppcheck.model.run import Skipped
from seppcheck.model.text import text
from tests.checklist.situations import FINISHED, NOW, PHASES, SITE, change, checks, guide, hold, plans, situation

OPEN = {State.DUE, State.BLOCKED, State.WAITING, State.UNSEEN, State.NOTED, State.WAIVED}


def steps(made: object, stage: Stage) -> dict[str, ChecklistStep]:
    return {step.number: step for part in parts_of(made, stage) for step in part.steps}  # type: ignore[arg-type]


def number(identifier: str) -> Number:
    return next(each for each in guide().numbers if each.id == identifier)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.PASSED])
def test_nothing_is_done_that_no_check_saw_to_be_right(stage: Stage, outcome: Outcome) -> None:
    found = steps(situation(everything=outcome), stage)
    assert [step.number for step in found.values() if step.state is State.DONE] == []


@given(
    st.sampled_from(list(Stage)),
    st.dictionaries(st.tuples(st.sampled_from(sorted(checks())), st.sampled_from(PHASES)), st.sampled_from(Outcome)),
)
def test_a_step_is_done_only_when_every_check_of_it_passed_in_the_phase_that_counts(
    stage: Stage, outcomes: dict[tuple[str, Phase], Outcome]
) -> None:
    made = situation(outcomes)
    for step in steps(made, stage).values():
        if step.number and step.state is State.DONE:
            phase = phase_for(number(step.number), stage)
            planned = [each for each in made.results[phase] if step.number in each.requirements]
            assert planned
            assert {each.outcome for each in planned} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}
            assert Outcome.PASSED in {each.outcome for each in planned}


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (Outcome.PASSED.value, State.DONE),
        (Outcome.WAIVED.value, State.WAIVED),
        (Outcome.NOT_APPLICABLE.value, State.NOT_NEEDED),
        (Outcome.INCONCLUSIVE.value, State.UNSEEN),
        (NOT_SELECTED, State.UNSEEN),
        (NOT_DUE, State.BLOCKED),
        (PAST, State.NOT_NEEDED),
        ("a word of another version", State.UNSEEN),
    ],
)
def test_only_passed_is_done(value: str, state: State) -> None:
    assert settled(value, Stage.COMPLETION, number("K1")) is state


def test_an_object_that_is_not_there_yet_is_blocked_and_not_needless() -> None:
    assert settled(Outcome.NOT_APPLICABLE.value, Stage.PREPARATION, number("R1")) is State.BLOCKED


def test_a_finished_migration_is_done_and_what_belonged_to_the_night_is_over() -> None:
    made = situation(seen=FINISHED)
    found = steps(made, stage_of(made))
    assert {step.number for step in found.values() if step.state is State.NOT_NEEDED} == {"P2", "A2"}
    assert {step.state for step in found.values()} == {State.DONE, State.NOT_NEEDED}


def test_the_release_is_not_done_before_the_move_although_nothing_is_held() -> None:
    assert steps(situation(), Stage.READY)["D1"].state is State.BLOCKED


def test_what_a_person_wrote_down_is_told_with_author_and_time() -> None:
    made = situation()
    note = EvidenceNote("builtin-mta", Provenance("record", NOW, "gateway-record.toml, Erika", Assurance.ATTESTED))
    results = tuple(replace(r, evidence=(note,)) if r.check == "gateway-mta" else r for r in made.results[PHASES[0]])
    found = steps(replace(made, results={**made.results, PHASES[0]: results}), Stage.READY)
    assert [each.asked for each in found["P3"].witnesses] == ["gateway-record.toml, Erika"]
    assert found["P1"].witnesses == ()


def test_a_step_with_a_plan_is_due_and_says_which_plan_and_where() -> None:
    wrong = {("gateway-mta", Phase.READINESS): Outcome.FAILED}
    found = steps(situation(wrong, plans=plans(PlanPhase.READINESS, change(1))), Stage.PREPARATION)["P3"]
    assert (found.state, found.plan, found.kind) == (State.DUE, PlanPhase.READINESS, ChangeKind.MANUAL)
    assert str(found.menu) == "Mail System > Outgoing Server > Use built-in mail transport agent"


def test_a_step_that_needs_another_one_is_blocked_by_it() -> None:
    wrong = {(check, Phase.VERIFICATION): Outcome.FAILED for check in ("transport-rule", "outbound-connector")}
    wrong[("delivery-hold", Phase.CUTOVER)] = Outcome.FAILED
    rule = change(2, ChangeKind.AUTOMATIC, check="transport-rule", requirements=("R1",), needs=("1",))
    found = steps(situation(wrong, plans=plans(PlanPhase.CUTOVER, hold(1), rule)), Stage.CUTOVER)
    assert found["A2"].state is State.DUE
    assert (found["R1"].state, str(found["R1"].detail)) == (State.BLOCKED, "first: Do what step 1 does")


def test_what_only_waits_says_until_when() -> None:
    over = NOW + timedelta(minutes=5)
    wrong = {("inbound-connector", Phase.VERIFICATION): Outcome.FAILED}
    wait = change(1, ChangeKind.WAIT, check="dns-mx", requirements=("C1",), until=over)
    enable = change(2, ChangeKind.AUTOMATIC, check="inbound-connector", requirements=("I2",), needs=("1",))
    found = steps(situation(wrong, plans=plans(PlanPhase.CUTOVER, wait, enable)), Stage.CUTOVER)["I2"]
    assert (found.state, found.until) == (State.WAITING, over)


@pytest.mark.parametrize(("unrecorded", "state"), [((), State.WAITING), (("example.org",), State.DUE)])
def test_the_low_ttl_waits_for_its_gate_once_it_is_on_record(unrecorded: tuple[str, ...], state: State) -> None:
    opens = NOW + timedelta(hours=23)
    gate = Moment(MomentKind.MX_MAY_MOVE, SITE.domains[0], opens, over=False, summary=text("not yet"))
    wait = change(1, ChangeKind.WAIT, check="dns-ttl-lead-time", requirements=("P2",), until=opens)
    warned = {("dns-ttl-lead-time", Phase.READINESS): Outcome.WARNED}
    made = situation(warned, moments=(gate,), plans=plans(PlanPhase.CUTOVER, wait))
    found = steps(replace(made, seen=replace(made.seen, unrecorded=unrecorded)), Stage.LEAD_TIME)["P2"]
    assert found.state is state
    assert found.until == (opens if state is State.WAITING else None)


def test_what_is_kept_for_the_way_back_is_blocked_by_the_completion() -> None:
    wrong = {("parallel-connectors", Phase.VERIFICATION): Outcome.FAILED}
    made = situation(wrong, removed_late=frozenset({"parallel-connectors"}))
    assert steps(made, Stage.CUTOVER)["B2"].state is State.BLOCKED
    assert steps(made, Stage.COMPLETION)["B2"].state is State.DUE


def test_the_certificate_is_done_only_with_the_connector_that_demands_its_name() -> None:
    found = steps(situation({("inbound-connector-tls", Phase.VERIFICATION): Outcome.FAILED}), Stage.CUTOVER)
    assert found["S1"].state is State.BLOCKED
    assert steps(situation(), Stage.CUTOVER)["S1"].state is State.DONE


def test_the_hint_about_encryption_is_not_over_while_the_smarthost_is_still_there() -> None:
    assert steps(situation({("gateway-smarthost", Phase.VERIFICATION): Outcome.FAILED}), Stage.READY)["T1"].state is (
        State.BLOCKED
    )


def test_of_many_domains_the_first_are_named_and_the_rest_counted() -> None:
    many = tuple(replace(SITE.domains[0], name=f"d{number}.example") for number in range(200))
    found = steps(replace(situation(), site=replace(SITE, domains=many)), Stage.READY)["C1"]
    assert "d4.example and 195 more at secure.example.org" in str(found.says)


def test_what_was_left_out_cannot_be_seen_and_says_who_left_it_out() -> None:
    made = situation()
    numbers = {phase: {**made.requirements[phase], "P4": NOT_SELECTED} for phase in PHASES}
    found = steps(
        replace(made, requirements=numbers, skipped=(Skipped("smtp-banner", "--skip smtp-*"),)), Stage.PREPARATION
    )["P4"]
    assert (found.state, str(found.detail)) == (State.UNSEEN, "smtp-banner was left out: --skip smtp-*")


def test_every_step_carries_the_readers_names() -> None:
    found = steps(situation(seen=FINISHED), Stage.FINISHED)
    assert str(found["C1"].says) == "Point the MX record of example.org, example.net at secure.example.org."
    assert str(found["D1"].menu) == "Customers > example > Extended Fields > disable_delivery"
    assert not [step.number for step in found.values() if "{" in f"{step.says}{step.menu}{step.departure}"]


def test_advice_without_a_number_stands_at_the_end_once_a_check() -> None:
    made = situation({("mta-sts", Phase.READINESS): Outcome.WARNED})
    (step,) = parts_of(made, Stage.READY)[-1].steps
    assert (step.checks, step.state, str(step.detail)) == (
        ("mta-sts",),
        State.NOTED,
        "mta-sts said warned (and 1 more)",
    )


@pytest.mark.parametrize(("over", "state"), [(True, State.DUE), (False, State.WAITING)])
def test_the_move_waits_for_its_gate_although_no_plan_has_the_wait(over: bool, state: State) -> None:
    move = change(1, ChangeKind.AUTOMATIC, check="dns-mx", requirements=("C1",), milestone=Milestone.MX_MOVED)
    gates = tuple(
        Moment(MomentKind.MX_MAY_MOVE, each, NOW, over=over, summary=text("not yet")) for each in SITE.domains
    )
    failed = {("dns-mx", phase): Outcome.FAILED for phase in PHASES}
    made = situation(failed, plans=plans(PlanPhase.CUTOVER, move), moments=gates)
    assert steps(made, Stage.CUTOVER)["C1"].state is state
    assert steps(replace(made, moments=()), Stage.CUTOVER)["C1"].state is State.BLOCKED


def test_what_is_right_in_the_end_and_harms_now_has_a_remark() -> None:
    made = situation({("inbound-connector", Phase.CUTOVER): Outcome.WARNED})
    assert steps(made, Stage.CUTOVER)["I2"].state is State.NOTED
    assert steps(made, Stage.FINISHED)["I2"].state is State.DONE

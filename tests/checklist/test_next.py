"""What comes next: the first thing in the safe order that can be done now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.checklist.next import next_of
from seppcheck.checklist.situation import PlanFile, Seen, Situation
from seppcheck.checklist.stage import stage_of
from seppcheck.checklist.states import parts_of
from seppcheck.engine.rollup import NOT_SELECTED
from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase
from seppcheck.model.checklist import NextKind, NextStep, RecordEntry, Stage, State
from seppcheck.model.dns import MxRecords
from seppcheck.model.evidence import Evidence
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.plans import PlannedChange, Unseen
from seppcheck.model.run import Skipped
from seppcheck.model.text import text
from tests.checklist.situations import (
    FINISHED,
    MOVED,
    NOW,
    PHASES,
    SITE,
    begun,
    change,
    checks,
    guide,
    hold,
    plan,
    plans,
    situation,
)

AUTOMATIC = change(1, ChangeKind.AUTOMATIC, check="dns-mx-ttl", requirements=("P2",))
GATE = Moment(MomentKind.MX_MAY_MOVE, SITE.domains[0], NOW + timedelta(hours=20), over=False, summary=text("not yet"))
MOVE = change(3, ChangeKind.AUTOMATIC, check="dns-mx", requirements=("C1",), milestone=Milestone.MX_MOVED)
REMOVE = change(3, ChangeKind.AUTOMATIC, check="parallel-rules", requirements=("B1",))
PROOF = change(2, check="delivery-hold", requirements=(), target="example.org", target_kind="domain", proof=True)
HELD = replace(FINISHED, held=MOVED)


def following(made: Situation) -> NextStep:
    return next_of(made, stage_of(made))


def command(made: Situation) -> str:
    return " ".join(following(made).command)


def reviewed(phase: PlanPhase, *changes: PlannedChange, name: str = "") -> PlanFile:
    return PlanFile(Path(name or f"{phase.value}.json"), plan(phase, *changes))


def test_what_a_program_does_is_planned_before_people_are_asked() -> None:
    made = situation(plans=plans(PlanPhase.READINESS, AUTOMATIC, change(2)))
    assert command(made) == "seppcheck plan readiness --out readiness.json"
    assert following(made).after == ("seppcheck", "apply", "readiness.json")


def test_a_plan_that_was_written_and_still_holds_is_applied() -> None:
    made = situation(
        plans=plans(PlanPhase.READINESS, AUTOMATIC), files=(reviewed(PlanPhase.READINESS, AUTOMATIC, name="mine.json"),)
    )
    assert command(made) == "seppcheck apply mine.json"


def test_the_language_of_a_plan_does_not_make_it_another_one() -> None:
    german = replace(AUTOMATIC, summary="Die TTL senken")
    made = situation(plans=plans(PlanPhase.READINESS, AUTOMATIC), files=(reviewed(PlanPhase.READINESS, german),))
    assert command(made) == "seppcheck apply readiness.json"


def test_a_plan_that_holds_no_more_is_made_anew_in_its_place() -> None:
    old = reviewed(PlanPhase.READINESS, AUTOMATIC, change(2))
    made = situation(plans=plans(PlanPhase.READINESS, AUTOMATIC), files=(old,), taken=frozenset({"readiness.json"}))
    assert command(made) == "seppcheck plan readiness --out readiness.json"


@pytest.mark.parametrize("taken", [{"readiness.json"}, {"readiness.json.journal.jsonl"}])
def test_no_file_is_named_that_is_something_else_or_a_way_back(taken: set[str]) -> None:
    made = situation(plans=plans(PlanPhase.READINESS, AUTOMATIC), taken=frozenset(taken))
    assert command(made) == "seppcheck plan readiness --out readiness-2.json"


def test_a_low_ttl_is_put_on_record_before_people_go_to_work() -> None:
    made = situation(plans=plans(PlanPhase.READINESS, change(1)), seen=Seen(unrecorded=("example.org",)))
    assert command(made) == "seppcheck readiness"


def test_a_step_for_people_says_what_to_write_down() -> None:
    step = following(situation(plans=plans(PlanPhase.READINESS, change(1, after=None))))
    assert (step.kind, step.numbers, step.target) == (NextKind.BY_HAND, ("P3",), SITE.gateway.name)
    assert step.change is not None
    assert step.entries == (RecordEntry("mail_system.use_builtin_mta"),)


def test_what_the_night_needs_of_people_and_can_be_done_today_comes_before_the_wait() -> None:
    early = change(1, check="delivery-hold", requirements=("A2",))
    made = situation(plans=plans(PlanPhase.CUTOVER, early, hold(2, needs=("1",))), moments=(GATE,))
    assert following(made).change == early


def test_an_answer_that_nobody_wrote_down_is_asked_for() -> None:
    made = situation({("sender-certificate", Phase.READINESS): Outcome.INCONCLUSIVE})
    step = following(made)
    assert " ".join(step.command) == "seppcheck attest --only sender-certificate"
    assert step.entries == (RecordEntry('domains."example.org".certificate'),)
    assert "SSL Certificate" in str(step.steps[0])


def test_what_is_written_down_and_cannot_be_seen_all_the_same_is_told_with_its_reason() -> None:
    made = situation({("smtp-certificate", Phase.READINESS): Outcome.INCONCLUSIVE})
    step = following(made)
    assert (step.entries, step.command) == ((), ())
    assert str(step.why).startswith("smtp-certificate said inconclusive")


def test_what_no_plan_mends_is_told_with_its_manual_page() -> None:
    made = situation({("smtp-certificate", Phase.READINESS): Outcome.FAILED})
    assert command(made) == "seppcheck explain smtp-certificate"


def test_the_gate_is_waited_for() -> None:
    step = following(situation(moments=(GATE,)))
    assert (step.kind, step.until) == (NextKind.WAIT, GATE.at)


def test_when_the_gate_is_open_the_night_is_planned() -> None:
    assert command(situation(plans=plans(PlanPhase.CUTOVER, hold(1)))) == "seppcheck plan cutover --out cutover.json"


def test_what_the_night_cannot_see_comes_before_its_plan() -> None:
    entry = Unseen(check="transport-rule", target=SITE.tenant.name, reason="timeout", detail="no answer")
    cutover = replace(plan(PlanPhase.CUTOVER, hold(1)), unseen=(entry,))
    made = situation({("transport-rule", Phase.CUTOVER): Outcome.INCONCLUSIVE})
    assert "transport-rule" in str(following(replace(made, plans={**made.plans, PlanPhase.CUTOVER: cutover})).title)


def in_the_night(*still: PlannedChange, done: tuple[str, ...] = (), **more: object) -> Situation:
    whole = [hold(1), change(2, ChangeKind.WAIT, until=NOW + timedelta(minutes=5), check="dns-mx"), MOVE]
    return situation(plans=plans(PlanPhase.CUTOVER, *still), files=(begun(PlanPhase.CUTOVER, whole, done),), **more)


def test_a_begun_plan_names_the_step_of_people_that_does_not_show_yet() -> None:
    step = following(in_the_night(hold(1), MOVE))
    assert step.change is not None
    assert step.change.check == "delivery-hold"
    assert step.after == ("seppcheck", "apply", "cutover.json", "--resume")


def test_once_the_step_shows_the_plan_is_gone_on_with_or_waited_for() -> None:
    assert following(in_the_night(MOVE)).kind is NextKind.WAIT
    assert command(in_the_night(MOVE, now=NOW + timedelta(minutes=6))) == "seppcheck apply cutover.json --resume"
    assert command(in_the_night(MOVE, done=("1", "2"))) == "seppcheck apply cutover.json --resume"


def test_a_rollback_that_was_begun_is_gone_on_with_before_anything_else() -> None:
    file = begun(PlanPhase.CUTOVER, [MOVE], ["3"])
    assert file.record is not None
    file.record.of("3").intent = NOW
    file.record.traces["3"].undo = NOW
    made = situation(plans=plans(PlanPhase.CUTOVER, MOVE), files=(file,))
    assert command(made) == "seppcheck rollback cutover.json.journal.jsonl"


def test_mail_that_is_refused_after_the_move_is_released_whatever_else_cannot_be_seen() -> None:
    made = situation(
        {
            ("mail-route", Phase.VERIFICATION): Outcome.INCONCLUSIVE,
            ("delivery-hold", Phase.VERIFICATION): Outcome.FAILED,
        },
        seen=HELD,
        plans=plans(PlanPhase.COMPLETION, hold(1, "false"), PROOF, REMOVE),
    )
    assert command(made) == "seppcheck plan completion --out completion.json"
    assert "still refused" in str(following(made).why)


def released(asked: datetime | None, seen: Seen) -> Situation:
    file = begun(PlanPhase.COMPLETION, [hold(1, "false"), PROOF, REMOVE], ["1"])
    assert file.record is not None
    file.record.of("1").intent = NOW - timedelta(minutes=10)
    file.record.of("2").intent = asked
    made = situation({("parallel-rules", Phase.VERIFICATION): Outcome.FAILED}, seen=seen, files=(file,))
    return replace(made, plans=plans(PlanPhase.COMPLETION, PROOF, REMOVE))


@pytest.mark.parametrize(
    ("asked", "written", "kind"),
    [
        (None, None, NextKind.COMMAND),
        (NOW, NOW - timedelta(minutes=11), NextKind.BY_HAND),
        (NOW, None, NextKind.BY_HAND),
        (NOW, NOW - timedelta(minutes=10), NextKind.COMMAND),
        (NOW, NOW, NextKind.COMMAND),
    ],
)
def test_the_proof_is_a_step_until_apply_would_take_it(
    asked: datetime | None, written: datetime | None, kind: NextKind
) -> None:
    step = following(released(asked, replace(FINISHED, proven_at=written)))
    assert step.kind is kind
    if kind is NextKind.BY_HAND:
        assert step.entries == (RecordEntry("customers.example.extended_fields.disable_delivery", "false"),)


def test_where_samples_are_configured_a_new_one_belongs_to_the_proof() -> None:
    seen = replace(FINISHED, proven_at=NOW + timedelta(minutes=1), samples_configured=True)
    assert following(released(NOW, seen)).kind is NextKind.BY_HAND
    assert following(released(NOW, replace(seen, sample_at=NOW))).kind is NextKind.COMMAND


def test_a_release_that_has_to_wait_for_exchange_says_until_when() -> None:
    until = NOW + timedelta(minutes=20)
    late = hold(1, "false", until=until)
    file = begun(PlanPhase.COMPLETION, [late, PROOF])
    made = situation(
        {("delivery-hold", Phase.VERIFICATION): Outcome.FAILED},
        seen=HELD,
        files=(file,),
        plans=plans(PlanPhase.COMPLETION, late, PROOF),
    )
    assert (following(made).kind, following(made).until) == (NextKind.WAIT, until)


def test_when_all_is_done_it_says_so_and_what_was_left_out_is_no_part_of_it() -> None:
    done = following(situation(seen=FINISHED))
    assert (done.kind, str(done.title)) == (NextKind.FINISHED, "Everything is done: inline operation is verified.")
    partly = following(situation(seen=FINISHED, skipped=(Skipped("mta-sts", "--skip mta-sts"),)))
    assert str(partly.title) == "Everything that was looked at is done; not known: mta-sts"
    assert partly.kind is NextKind.COMMAND


def test_numbers_that_no_check_looks_at_are_named_and_no_end() -> None:
    made = situation(seen=FINISHED)
    words = {phase: {**each, "P5": NOT_SELECTED, "P8": NOT_SELECTED} for phase, each in made.requirements.items()}
    step = following(replace(made, requirements=words))
    assert str(step.title) == "Everything that was looked at is done; not known: P5, P8"


def test_what_is_waived_is_named_at_the_end() -> None:
    step = following(situation({("dns-ptr", Phase.VERIFICATION): Outcome.WAIVED}, seen=FINISHED))
    assert (step.kind, str(step.title)) == (NextKind.FINISHED, "Everything is done but what is waived: dns-ptr")


@pytest.mark.parametrize("more", [{}, {"skipped": (Skipped("delivery-hold", "[run] skip"),)}])
def test_mail_that_is_refused_is_told_first_although_its_check_is_waived_or_left_out(more: dict[str, object]) -> None:
    outcomes = {
        ("delivery-hold", Phase.VERIFICATION): Outcome.WAIVED,
        ("mail-route", Phase.VERIFICATION): Outcome.INCONCLUSIVE,
    }
    step = following(situation(outcomes, seen=HELD, **more))
    assert "the mail of example.org, example.net is still refused" in str(step.title)
    assert step.entries == (RecordEntry("customers.example.extended_fields.disable_delivery", "false"),)


def test_a_state_that_was_accepted_before_is_not_to_be_accepted_again() -> None:
    told = " ".join(map(str, following(situation(seen=FINISHED, accepted=True)).steps))
    assert "seppcheck drift" in told
    assert "baseline accept" not in told


def test_a_completion_of_which_only_the_proof_is_left_is_gone_on_with() -> None:
    file = begun(PlanPhase.COMPLETION, [hold(1, "false"), PROOF], ["1"])
    assert command(situation(seen=FINISHED, files=(file,))) == "seppcheck apply completion.json --resume"


def test_where_a_configuration_lies_it_is_named_and_none_is_written() -> None:
    made = situation(configured=False, taken=frozenset({"seppcheck.toml"}))
    assert command(made) == "seppcheck guide --next"


@given(
    st.dictionaries(st.tuples(st.sampled_from(sorted(checks())), st.sampled_from(PHASES)), st.sampled_from(Outcome)),
    st.sets(st.sampled_from([DeliveryHold, MxRecords, MailFlow])),
    st.sampled_from([(), MOVED[:1], MOVED]),
    st.sampled_from([(), MOVED]),
    st.booleans(),
)
def test_no_mail_is_released_while_it_is_not_seen_whether_the_night_has_begun(
    outcomes: dict[tuple[str, Phase], Outcome],
    hidden: set[type[Evidence]],
    held: tuple[str, ...],
    moved: tuple[str, ...],
    planned: bool,
) -> None:
    seen = Seen(held=held, moved=moved, moving=moved, hidden=frozenset(hidden))
    off = hold(1, "false") if planned else AUTOMATIC
    made = situation(outcomes, seen=seen, plans={phase: plan(phase, off) for phase in PlanPhase})
    step = following(made)
    if MxRecords in hidden or (held and MailFlow in hidden):
        assert stage_of(made) in (Stage.UNKNOWN, Stage.CUTOVER)
        assert "release" not in str(step.title).lower()
        assert step.change is None or step.change.milestone is not Milestone.HOLD_OFF
        assert not {"readiness", "readiness.json", "completion"} & {*step.command}


@given(
    st.dictionaries(st.sampled_from(sorted(checks())), st.sampled_from(Outcome)),
    st.sampled_from([Seen(), FINISHED, FINISHED, HELD, replace(FINISHED, moved=MOVED[:1])]),
    st.sampled_from([(), (), (Skipped("delivery-hold", "--skip delivery-hold"),)]),
    st.sets(st.sampled_from([number.id for number in guide().numbers]), max_size=2),
    st.booleans(),
)
def test_it_is_finished_only_when_everything_moved_and_nothing_failed_or_was_out_of_sight(
    outcomes: dict[str, Outcome], seen: Seen, skipped: tuple[Skipped, ...], uncovered: set[str], narrowed: bool
) -> None:
    made = situation(
        {(check, phase): outcome for check, outcome in outcomes.items() for phase in PHASES}, seen=seen, skipped=skipped
    )
    words = {phase: {**each, **dict.fromkeys(uncovered, NOT_SELECTED)} for phase, each in made.requirements.items()}
    made = replace(made, requirements=words)
    if narrowed:  # what is shown is a finished site, whatever the whole is
        made = replace(made, narrowed=situation(seen=FINISHED))
    if NextKind.FINISHED is following(made).kind or stage_of(made) is Stage.FINISHED:
        whole = [step for part in parts_of(made, Stage.FINISHED) for step in part.steps]
        assert {step.state for step in whole} <= {State.DONE, State.NOTED, State.WAIVED, State.NOT_NEEDED}
        assert (following(made).kind, stage_of(made)) == (NextKind.FINISHED, Stage.FINISHED)
        assert not skipped
        assert not seen.held
        assert set(seen.moved) == set(MOVED)
        assert not {Outcome.FAILED, Outcome.INCONCLUSIVE} & {r.outcome for r in made.results[Phase.VERIFICATION]}


def test_without_a_configuration_the_first_thing_is_to_write_one() -> None:
    made = situation(everything=Outcome.INCONCLUSIVE, configured=False)
    assert command(made) == "seppcheck init example.org example.net --gateway secure.example.org"


def test_commands_repeat_the_configuration_and_runs_their_narrowing() -> None:
    more = {"options": ("--config", "other.toml"), "narrowing": ("example.org",)}
    made = situation(plans=plans(PlanPhase.READINESS, AUTOMATIC), **more)
    assert command(made) == "seppcheck plan readiness --out readiness.json example.org --config other.toml"
    assert following(made).after == ("seppcheck", "apply", "readiness.json", "--config", "other.toml")


@pytest.mark.parametrize(
    "made",
    [
        situation(),
        situation(seen=Seen(moving=MOVED[:1])),
        situation(everything=Outcome.NOT_APPLICABLE, seen=FINISHED),
        situation(seen=Seen(held=MOVED)),
    ],
)
def test_where_nothing_is_planned_it_is_not_finished_for_all_that(made: Situation) -> None:
    assert following(made).kind is NextKind.COMMAND
    assert "not everything is seen to be done" in str(following(made).title)


def test_mail_that_is_refused_now_is_told_before_anything_else() -> None:
    seen = Seen(inline={"inbound": ("in",)}, refused=MOVED[:1])
    step = following(situation(seen=seen, plans=plans(PlanPhase.CUTOVER, MOVE)))
    assert str(step.title).startswith("The mail of example.org is refused now. Plan the night")
    assert "do not let it wait" in str(step.why)
    assert " ".join(step.command) == "seppcheck plan cutover --out cutover.json"


def test_a_step_of_a_preparation_that_was_begun_says_how_to_go_on_with_it() -> None:
    file = begun(PlanPhase.READINESS, [AUTOMATIC, change(2)], ["1"])
    step = following(situation(plans=plans(PlanPhase.READINESS, change(2)), files=(file,)))
    assert step.kind is NextKind.BY_HAND
    assert step.after == ("seppcheck", "apply", "readiness.json", "--resume")


def test_a_completion_that_releases_nothing_says_what_it_holds_and_what_no_plan_mends() -> None:
    smarthost = change(1, check="gateway-smarthost", requirements=("A1",), summary="Empty the smarthost")
    failed = {(each, Phase.VERIFICATION): Outcome.FAILED for each in ("gateway-smarthost", "mail-route")}
    step = following(situation(failed, seen=FINISHED, plans=plans(PlanPhase.COMPLETION, smarthost, PROOF)))
    assert str(step.title) == "Plan what is left after the move, beginning with: Empty the smarthost"
    assert str(step.why) == "no plan mends mail-route: that is done by hand afterwards"

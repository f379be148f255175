"""How far a migration is: what is observed counts, and what cannot be seen never moves it on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seppcheck.checklist.situation import Seen, Situation
from seppcheck.checklist.stage import stage_of
from seppcheck.engine.rollup import NOT_SELECTED
from seppcheck.model.changes import ChangeKind, Milestone, PlanPhase
from seppcheck.model.checklist import Stage
from seppcheck.model.dns import MxRecords
from seppcheck.model.evidence import Evidence
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.plans import Unseen
from seppcheck.model.run import Skipped
from seppcheck.model.text import text
from tests.checklist.situations import FINISHED, MOVED, NOW, OPEN, SITE, begun, change, hold, plan, plans, situation

SHUT = Moment(MomentKind.MX_MAY_MOVE, SITE.domains[0], NOW + timedelta(1), over=False, summary=text("not yet"))
MOVE = change(2, ChangeKind.AUTOMATIC, check="dns-mx", requirements=("C1",), milestone=Milestone.MX_MOVED)
STILL_HELD = replace(FINISHED, held=MOVED[1:])
FAILED_EARLY = {("gateway-mta", Phase.READINESS): Outcome.FAILED}
HELD = Seen(held=MOVED)
BLIND = frozenset({DeliveryHold, MxRecords, MailFlow})
OUT_OF_SIGHT = {("smtp-banner", Phase.READINESS): Outcome.INCONCLUSIVE}
UNPREPARED = {("gateway-mta", Phase.READINESS): Outcome.FAILED}


def unseen(check: str) -> Situation:
    entry = Unseen(check=check, target="example.org", reason="timeout", detail="no answer")
    made = situation(seen=FINISHED)
    return replace(made, plans={**made.plans, PlanPhase.CUTOVER: replace(plan(PlanPhase.CUTOVER), unseen=(entry,))})


def hidden(*kinds: type[Evidence], held: tuple[str, ...] = ()) -> Seen:
    return Seen(held=held, hidden=frozenset(kinds))


@pytest.mark.parametrize(
    ("made", "stage"),
    [
        (situation(UNPREPARED, seen=hidden(*BLIND)), Stage.UNKNOWN),
        (situation(UNPREPARED, seen=hidden(MxRecords)), Stage.UNKNOWN),
        (situation(UNPREPARED, seen=hidden(MxRecords, held=MOVED)), Stage.UNKNOWN),
        (situation(UNPREPARED, seen=hidden(MailFlow, held=MOVED)), Stage.UNKNOWN),
        (situation(UNPREPARED, seen=hidden(MailFlow, DeliveryHold)), Stage.UNKNOWN),
        (situation(OUT_OF_SIGHT, seen=HELD), Stage.UNKNOWN),
        (situation(seen=HELD, moments=()), Stage.UNKNOWN),
        (situation(UNPREPARED, seen=hidden(MailFlow)), Stage.PREPARATION),
        (situation(UNPREPARED, seen=hidden(DeliveryHold)), Stage.PREPARATION),
        (situation(UNPREPARED, seen=HELD), Stage.PREPARATION),
        (situation(OUT_OF_SIGHT, seen=HELD, files=(begun(PlanPhase.CUTOVER, [hold(1)]),)), Stage.CUTOVER),
        (situation(seen=replace(FINISHED, hidden=frozenset({MailFlow}))), Stage.CUTOVER),
        (situation(seen=replace(FINISHED, held=MOVED, hidden=frozenset({MailFlow}))), Stage.CUTOVER),
    ],
)
def test_the_stage_is_told_only_when_what_decides_it_was_seen(made: Situation, stage: Stage) -> None:
    assert stage_of(made) is stage


def test_a_wait_for_what_is_done_already_holds_up_nothing_but_a_release() -> None:
    late = change(1, ChangeKind.WAIT, check="dns-mx", milestone=Milestone.MX_SETTLED)
    left = plans(PlanPhase.CUTOVER, late)
    assert stage_of(situation(seen=FINISHED, plans=left)) is Stage.FINISHED
    assert stage_of(situation(seen=STILL_HELD, plans=left)) is Stage.CUTOVER
    blind = replace(FINISHED, hidden=frozenset({DeliveryHold}))
    assert stage_of(situation(seen=blind, plans=left)) is Stage.CUTOVER


def without_checks_of(*numbers: str) -> Situation:
    """Return a site on which everything passed, in an installation that lacks the checks of some numbers."""
    made = situation(seen=FINISHED)
    words = {phase: {**each, **dict.fromkeys(numbers, NOT_SELECTED)} for phase, each in made.requirements.items()}
    return replace(made, requirements=words)


@pytest.mark.parametrize(
    ("made", "stage"),
    [
        (situation(FAILED_EARLY), Stage.PREPARATION),
        (situation({("smtp-banner", Phase.READINESS): Outcome.INCONCLUSIVE}), Stage.PREPARATION),
        (situation(plans=plans(PlanPhase.READINESS, change(1))), Stage.PREPARATION),
        (situation(moments=(SHUT,)), Stage.LEAD_TIME),
        (situation(moments=(replace(SHUT, at=None),)), Stage.LEAD_TIME),
        (situation(moments=(replace(SHUT, over=True), *OPEN[1:])), Stage.READY),
        (situation(moments=OPEN[:1]), Stage.LEAD_TIME),
        (situation(moments=()), Stage.LEAD_TIME),
        (situation(moments=OPEN[:1], seen=Seen(moving=MOVED[1:])), Stage.CUTOVER),
        (situation(), Stage.READY),
        (situation({("mta-sts", Phase.READINESS): Outcome.WARNED}), Stage.READY),
        (situation(seen=HELD), Stage.CUTOVER),
        (situation({("delivery-hold", Phase.READINESS): Outcome.FAILED}, seen=HELD), Stage.CUTOVER),
        (situation(FAILED_EARLY, seen=HELD), Stage.PREPARATION),
        (situation(seen=HELD, moments=(SHUT,)), Stage.LEAD_TIME),
        (situation(seen=Seen(moving=MOVED[:1])), Stage.CUTOVER),
        (situation(FAILED_EARLY, seen=Seen(inline={"rule": ("200",)})), Stage.CUTOVER),
        (situation(files=(begun(PlanPhase.CUTOVER, [hold(1)]),)), Stage.READY),
        (situation(files=(begun(PlanPhase.CUTOVER, [hold(1), MOVE], ["1"]),)), Stage.CUTOVER),
        (situation(seen=FINISHED, plans=plans(PlanPhase.CUTOVER, MOVE)), Stage.CUTOVER),
        (unseen("inbound-connector"), Stage.CUTOVER),
        (unseen("mta-sts"), Stage.FINISHED),
        (situation({("delivery-hold", Phase.VERIFICATION): Outcome.FAILED}, seen=FINISHED), Stage.COMPLETION),
        (situation({("mail-route", Phase.VERIFICATION): Outcome.INCONCLUSIVE}, seen=FINISHED), Stage.COMPLETION),
        (situation(seen=replace(FINISHED, moved=MOVED[:1])), Stage.CUTOVER),
        (situation(seen=FINISHED), Stage.FINISHED),
        (situation({("delivery-hold", Phase.VERIFICATION): Outcome.WAIVED}, seen=FINISHED), Stage.FINISHED),
        (situation({("delivery-hold", Phase.VERIFICATION): Outcome.WAIVED}, seen=STILL_HELD), Stage.COMPLETION),
        (situation(seen=FINISHED, skipped=(Skipped("delivery-hold", "--skip"),)), Stage.COMPLETION),
        (without_checks_of("P5", "P8"), Stage.COMPLETION),
    ],
)
def test_a_migration_is_as_far_as_it_is_seen_to_be(made: Situation, stage: Stage) -> None:
    assert stage_of(made) is stage


def test_nothing_is_finished_where_nothing_applied() -> None:
    assert stage_of(situation(everything=Outcome.NOT_APPLICABLE, seen=FINISHED)) is Stage.COMPLETION

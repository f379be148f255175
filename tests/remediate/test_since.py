"""From when on a proof of mail flow counts, and until when a wait lasts: `apply` and `guide` ask the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seppcheck.model.changes import ChangeKind, PlanPhase
from seppcheck.remediate.journal import Record
from seppcheck.remediate.since import is_since, proof_counts_from, waits_until
from tests.checklist.situations import NOW, change, hold, plan

PROOF = change(3, check="delivery-hold", proof=True)
WAIT = change(4, ChangeKind.WAIT, until=NOW)
MINUTE = timedelta(minutes=1)


def record(**begun: timedelta) -> Record:
    made = Record(plan(PlanPhase.COMPLETION, hold(1, "false"), hold(2, "false"), PROOF, WAIT))
    for identifier, after in begun.items():
        made.of(identifier.removeprefix("step")).intent = NOW + after
    return made


def test_the_proof_counts_from_the_last_step_of_the_hold_whenever_it_was_asked_for() -> None:
    assert proof_counts_from(record(step1=0 * MINUTE, step2=MINUTE, step3=5 * MINUTE), PROOF) == NOW + MINUTE


def test_where_the_hold_was_off_before_it_counts_from_the_question() -> None:
    assert proof_counts_from(record(step3=5 * MINUTE), PROOF) == NOW + 5 * MINUTE
    assert proof_counts_from(record(), PROOF) is None


@pytest.mark.parametrize(("later", "counts"), [(-1.0, False), (-0.4, True), (0.0, True), (1.0, True)])
def test_moments_are_compared_in_whole_seconds(later: float, counts: bool) -> None:
    since = NOW + timedelta(seconds=0.5)
    assert is_since(since + timedelta(seconds=later), since) is counts


def test_what_never_was_is_not_since() -> None:
    assert not is_since(None, NOW)


def test_the_journals_moment_counts_before_the_plans_which_is_none_for_a_wait_that_is_counted() -> None:
    begun = record()
    assert waits_until(begun, WAIT) == NOW
    assert waits_until(begun, replace(WAIT, seconds=60)) is None
    begun.of("4").until = NOW + MINUTE
    assert waits_until(begun, replace(WAIT, seconds=60)) == NOW + MINUTE

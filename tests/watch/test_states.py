from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from seppcheck.engine.next import DONE, GO
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Severity
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Failed, Inconclusive, Passed, Warned
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.model.watching import StateKind
from seppcheck.watch.states import state_of
from tests.reports.runs import DOMAINS, GATEWAY, NOW, TENANT, result, run_of

IN_ORDER = result("dns-ptr", GATEWAY, Passed("fine"))
WRONG = result("delivery-hold", DOMAINS[0], Failed("mail is not held"), severity=Severity.BLOCKER)
LESS_WRONG = result("smtp-banner", GATEWAY, Failed("the banner is odd"), severity=Severity.HIGH)
UNSEEN = result("dns-mx", DOMAINS[0], Inconclusive("ns2 is silent", reason="timeout"))


def night(results: Sequence[CheckResult], next_step: Message | None = None, *moments: Moment) -> Run:
    return replace(run_of(tuple(results)), phase=Phase.CUTOVER, next=next_step, moments=moments, requirements={})


def settling(minutes: float) -> Moment:
    at = NOW + timedelta(minutes=minutes)
    return Moment(MomentKind.RULE_SETTLED, TENANT, at, over=False, summary=text("rule r was changed"))


@pytest.mark.parametrize(
    ("run", "kind", "sentence"),
    [
        (night([IN_ORDER], GO), StateKind.GO, "Go: move the MX now"),
        (night([IN_ORDER], DONE), StateKind.DONE, "Done: switch the hold off"),
        (
            night([IN_ORDER, LESS_WRONG, WRONG], None),
            StateKind.NO_GO,
            "No go: delivery-hold of example.org: mail is not held, and 1 more",
        ),
        (night([WRONG, UNSEEN]), StateKind.NO_GO, "No go: delivery-hold of example.org: mail is not held"),
        (night([IN_ORDER, UNSEEN]), StateKind.CANNOT_TELL, "Cannot tell: dns-mx of example.org: ns2 is silent"),
        (night([]), StateKind.CANNOT_TELL, "Cannot tell: nothing was checked"),
        (night([IN_ORDER]), StateKind.WAIT, "Everything is in order so far: go on with the plan"),
        (
            replace(night([IN_ORDER]), requirements={"P1": "not-selected"}),
            StateKind.WAIT,
            "What was looked at is in order; checks were left out, so there is no go",
        ),
    ],
)
def test_a_state_says_what_may_be_done_and_why(run: Run, kind: StateKind, sentence: str) -> None:
    state = state_of(run)
    assert (state.kind, str(state.sentence)) == (kind, sentence)


@pytest.mark.parametrize("answer", [GO, DONE])
def test_a_rule_that_was_changed_five_minutes_ago_is_provisional_for_25_more(answer: Message) -> None:
    state = state_of(night([IN_ORDER], answer, settling(25), settling(3)))
    assert state.kind is StateKind.PROVISIONAL
    assert str(state.sentence).startswith("Wait, provisional until 2026-11-24 08:25 UTC: rule r was changed")
    assert str(state.sentence).endswith(f"After that: {answer}")


def test_a_rule_that_has_settled_is_no_longer_provisional() -> None:
    settled = replace(settling(0), over=True)
    assert state_of(night([IN_ORDER], GO, settled)).kind is StateKind.GO


def test_a_part_of_the_mx_records_that_moved_names_the_rest() -> None:
    moved = result("dns-mx", DOMAINS[0], Passed("moved", requirement="C1"))
    behind = result("dns-mx", DOMAINS[1], Warned("not moved", requirement="C1"))
    state = state_of(night([moved, behind]))
    assert state.kind is StateKind.WAIT
    assert "The MX record of example.net is not moved yet" in str(state.sentence)


def test_the_old_mx_record_is_waited_for_with_the_time() -> None:
    moment = Moment(MomentKind.OLD_MX_GONE, DOMAINS[0], NOW, over=False, summary=text("resolvers may hold it"))
    assert str(state_of(night([IN_ORDER], None, moment)).sentence).endswith("so far: resolvers may hold it")

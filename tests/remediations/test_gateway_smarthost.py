from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.gateway_smarthost import outgoing_mail_goes_out_directly
from remediations.gateway_smarthost import empty_the_smarthost
from seppcheck.api import Milestone, Now, PlanPhase, Reason, Smarthost, Unavailable, text
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import DOMAIN, NOON, SEEN, WRITTEN
from tests.remediations.fact_simulation import done, opens_the_menu, step_of, told

NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
PLANS = [PlanPhase.CUTOVER, PlanPhase.COMPLETION]


@given(host=st.text(max_size=30), phase=st.sampled_from(PLANS), voice=st.sampled_from([SEEN, WRITTEN]))
def test_done_the_check_passes_and_nothing_is_left_to_plan(host: str, phase: PlanPhase, voice: object) -> None:
    field = Smarthost(host, voice)  # type: ignore[arg-type]  # a voice
    found = empty_the_smarthost(DOMAIN, field, phase)
    if found:
        field = done(field, step_of(found))
    assert outcome(outgoing_mail_goes_out_directly(DOMAIN, field, NO_SAMPLES, Now(NOON))) == "passed"
    assert empty_the_smarthost(DOMAIN, field, phase) == []


def test_the_field_is_emptied_once_mail_is_held_back_and_the_way_back_is_told() -> None:
    step = step_of(empty_the_smarthost(DOMAIN, Smarthost("[10.0.0.1]", SEEN), PlanPhase.CUTOVER))
    assert (step.needs, step.reaches) == (Milestone.HOLD_ON, None)
    assert opens_the_menu(step, "gateway-smarthost")
    assert [str(each) for each in step.undo][1] == "Enter: [10.0.0.1]"


@pytest.mark.parametrize("phase", PLANS)
def test_a_domain_that_the_gateway_does_not_have_is_made_before_everything(phase: PlanPhase) -> None:
    absent = Smarthost("", SEEN, listed=False)
    step = step_of(empty_the_smarthost(DOMAIN, absent, phase))
    assert (step.needs, step.reaches) == (None, None)
    assert "example.org" in told(step)
    after = done(absent, step)
    assert outcome(outgoing_mail_goes_out_directly(DOMAIN, after, NO_SAMPLES, Now(NOON))) == "passed"

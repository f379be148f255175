from __future__ import annotations

import pytest

from checks.smtp_helo import gateway_introduces_itself_by_its_ptr_name
from remediations.smtp_helo import introduce_itself_by_the_ptr_name
from seppcheck.api import (
    Gateway,
    HeloSetting,
    MailSample,
    MailSamples,
    Now,
    PlanPhase,
    Proposal,
    Reason,
    Unavailable,
    text,
)
from tests.checks.evidence import CLUSTER, GATEWAY, NAME, addresses, outcome
from tests.checks.gateway_facts import NOON, WRITTEN
from tests.checks.mail_samples import handed_over, sample
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import done, notes, opens_the_menu, step_of, told

NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
UNWRITTEN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))
WRONG, RIGHT = HeloSetting("localhost", WRITTEN), HeloSetting(f"{NAME}.", WRITTEN)


def plan(
    setting: HeloSetting | Unavailable,
    *samples: MailSample,
    gateway: Gateway = GATEWAY,
    phase: PlanPhase = PlanPhase.READINESS,
) -> Proposal:
    given = MailSamples(samples) if samples else NO_SAMPLES
    return introduce_itself_by_the_ptr_name(gateway, setting, given, addresses(), phase, Now(NOON))


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_done_and_written_down_the_check_passes_and_nothing_is_left_to_plan(phase: PlanPhase) -> None:
    step = step_of(plan(WRONG, phase=phase))
    assert opens_the_menu(step, "smtp-helo")
    assert f"Enter: {NAME}" in told(step)
    assert "Enter again: localhost" in told(step)
    after = done(WRONG, step)
    judged = gateway_introduces_itself_by_its_ptr_name(GATEWAY, addresses(), NO_SAMPLES, after, Now(NOON))
    assert outcome(judged) == "passed"
    assert plan(after, phase=phase) == []


@pytest.mark.parametrize("setting", [WRONG, RIGHT, UNWRITTEN])
def test_where_real_mail_shows_another_name_newer_mail_has_to_show_the_right_one(
    setting: HeloSetting | Unavailable,
) -> None:
    step = step_of(plan(setting, sample(handed_over(helo="localhost"))))
    assert step.after is None
    assert "sample.eml show localhost" in told(step)
    assert "Send a new message through the gateway" in told(step)


def test_real_mail_with_the_right_name_needs_nothing_whatever_is_written_down() -> None:
    assert plan(WRONG, sample()) == []
    assert plan(UNWRITTEN, sample()) == []


def test_in_a_cluster_each_node_gets_its_own_name() -> None:
    step = step_of(plan(WRONG, gateway=CLUSTER))
    assert "On secure2.example.org, enter: secure2.example.org" in told(step)


def test_what_nobody_knows_is_told() -> None:
    found = plan(UNWRITTEN)
    assert kinds(found) == ["Note"]
    assert "nobody wrote it down" in notes(found)

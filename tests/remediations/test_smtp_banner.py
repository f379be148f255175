from __future__ import annotations

import pytest

from checks.smtp_banner import greeting_names_the_gateway
from remediations.smtp_banner import greet_with_the_ptr_name
from seppcheck.api import Gateway, Greeting, PlanPhase, Proposal, Reason, SmtpFault, SmtpGreeting, Unavailable, text
from tests.checks.evidence import CLUSTER, GATEWAY, IPV4, NAME, addresses, greeting, outcome
from tests.remediations.fact_simulation import opens_the_menu, step_of, told

UNWRITTEN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))


def plan(*greetings: Greeting, gateway: Gateway = GATEWAY, phase: PlanPhase = PlanPhase.READINESS) -> Proposal:
    return greet_with_the_ptr_name(gateway, SmtpGreeting(25, greetings), phase)


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
@pytest.mark.parametrize("line", ["mail.internal ESMTP", "", "ESMTP secure.example.org"])
def test_a_wrong_greeting_is_changed_and_what_is_heard_decides(line: str, phase: PlanPhase) -> None:
    step = step_of(plan(greeting(line), phase=phase))
    assert step.after is None
    assert opens_the_menu(step, "smtp-banner")
    assert f"enter as the first word: {NAME}" in told(step)
    assert f"seppcheck {phase.value} --only smtp-banner" in told(step)
    assert f"On {NAME}, enter again: {line or '-'}" in told(step)


def test_each_node_has_its_own_name() -> None:
    second = greeting("factory ESMTP", node="secure2.example.org", address="192.0.2.26")
    step = step_of(plan(greeting(), second, gateway=CLUSTER))
    assert "On secure2.example.org, enter as the first word: secure2.example.org (it greets as factory now)" in told(
        step
    )
    assert f"On {NAME}," not in told(step)


@pytest.mark.parametrize("word", [NAME, NAME.upper(), f"{NAME}."])
def test_a_right_greeting_needs_nothing_and_passes(word: str) -> None:
    heard = greeting(f"{word} ESMTP")
    assert plan(heard) == []
    assert outcome(greeting_names_the_gateway(GATEWAY, SmtpGreeting(25, (heard,)), addresses(), UNWRITTEN)) == "passed"


def test_what_was_not_heard_is_not_planned_for() -> None:
    silent = Greeting(NAME, IPV4, fault=SmtpFault(Reason.TIMEOUT, "timed out"))
    assert plan(silent) == []

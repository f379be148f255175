from __future__ import annotations

import pytest

from checks.gateway_mta import gateway_delivers_by_itself
from remediations.gateway_mta import enable_the_mail_transport_agent
from seppcheck.api import BuiltinMta, MailSamples, Now, Phase, PlanPhase, Proposal, Reason, Site, Unavailable, text
from tests.checks.evidence import addresses, outcome
from tests.checks.gateway_facts import DOMAIN, GATEWAY, NOON, WRITTEN
from tests.checks.mail_samples import OUTGOING, sample
from tests.remediations.dns_simulation import kinds
from tests.remediations.fact_simulation import done, notes, opens_the_menu, step_of, told

SITE = Site(GATEWAY, (DOMAIN,))
NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
OFF, ON = (BuiltinMta(enabled=enabled, voice=WRITTEN) for enabled in (False, True))
PARALLEL = MailSamples((sample(headers=(*OUTGOING, ("X-SM-smarthost", "[mail.example.net]"))),))


def plan(
    mta: BuiltinMta, samples: MailSamples | Unavailable = NO_SAMPLES, phase: PlanPhase = PlanPhase.READINESS
) -> Proposal:
    return enable_the_mail_transport_agent(GATEWAY, mta, samples, SITE, phase, Now(NOON))


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_done_and_written_down_the_check_passes_and_nothing_is_left_to_plan(phase: PlanPhase) -> None:
    step = step_of(plan(OFF, phase=phase))
    assert opens_the_menu(step, "gateway-mta")
    assert "seppcheck attest --only gateway-mta" in told(step)
    assert (step.needs, step.reaches) == (None, None)
    after = done(OFF, step)
    judged = gateway_delivers_by_itself(GATEWAY, after, NO_SAMPLES, addresses(), SITE, phase.phase, Now(NOON))
    assert outcome(judged) == "passed"
    assert plan(after, phase=phase) == []


def test_a_sample_of_before_the_move_is_told_of_in_the_cutover_whose_check_goes_by_it() -> None:
    assert plan(ON, PARALLEL) == []
    found = plan(ON, PARALLEL, PlanPhase.CUTOVER)
    assert kinds(found) == ["Note"]
    assert "sample.eml" in notes(found)
    judged = gateway_delivers_by_itself(GATEWAY, ON, PARALLEL, addresses(), SITE, Phase.CUTOVER, Now(NOON))
    assert outcome(judged) == "failed"

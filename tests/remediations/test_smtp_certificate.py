from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.smtp_certificate import certificate_is_one_that_exchange_trusts
from remediations.smtp_certificate import install_a_trusted_certificate
from seppcheck.api import (
    Anchor,
    Certificate,
    PlanPhase,
    Presented,
    Proposal,
    Reason,
    SmtpCertificate,
    SmtpFault,
    StartTls,
)
from tests.checks.evidence import DAY, GATEWAY, IPV4, NAME, NOW, OTHER, addresses, certificate, outcome, presented
from tests.remediations.fact_simulation import step_of, told

PLANS = [PlanPhase.READINESS, PlanPhase.CUTOVER]


def plan(*shown: Presented, phase: PlanPhase = PlanPhase.READINESS) -> Proposal:
    return install_a_trusted_certificate(GATEWAY, SmtpCertificate(25, shown), phase, NOW)


@pytest.mark.parametrize("phase", PLANS)
@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (presented(certificate(OTHER)), "stands for mail.example.net"),
        (presented(certificate(NAME, until=-DAY)), "expired"),
        (presented(certificate(NAME, since=DAY)), "is not valid before"),
        (presented(certificate(NAME, server_auth=False)), "not meant for servers"),
        (presented(certificate(NAME), anchor=Anchor.NONE), "does not reach a trusted root"),
    ],
)
def test_a_wrong_certificate_is_replaced_and_what_is_wrong_is_told(
    shown: Presented, says: str, phase: PlanPhase
) -> None:
    step = step_of(plan(shown, phase=phase))
    assert says in told(step)
    assert f"with {NAME} as SAN" in told(step)
    assert step.after is None  # port 25 itself shows it
    assert "Mail System > SMTP Settings" not in told(step)


@pytest.mark.parametrize("starttls", [StartTls.NOT_ANNOUNCED, StartTls.REFUSED])
def test_without_starttls_no_certificate_is_ordered(starttls: StartTls) -> None:
    step = step_of(plan(Presented(NAME, IPV4, starttls)))
    assert "STARTTLS" in told(step)
    assert "Order a certificate" not in told(step)


def test_a_certificate_that_ends_soon_is_renewed_in_time_and_not_during_the_night() -> None:
    soon = presented(certificate(NAME, until=timedelta(days=20)))
    assert "in 20 days" in told(step_of(plan(soon)))
    assert plan(soon, phase=PlanPhase.CUTOVER) == []


@pytest.mark.parametrize("phase", PLANS)
def test_what_was_not_seen_is_not_planned_for(phase: PlanPhase) -> None:
    silent = Presented(NAME, IPV4, StartTls.UNKNOWN, fault=SmtpFault(Reason.TIMEOUT, "timed out"))
    assert plan(silent, phase=phase) == []


leaves = st.builds(
    lambda name, days, auth: certificate(name, until=timedelta(days=days), server_auth=auth),
    st.sampled_from([NAME, OTHER, "*.example.org"]),
    st.integers(-10, 100),
    st.booleans(),
)


@given(leaf=leaves, anchor=st.sampled_from(list(Anchor)), phase=st.sampled_from(PLANS))
def test_it_is_planned_where_the_check_complains_and_nowhere_else(
    leaf: Certificate, anchor: Anchor, phase: PlanPhase
) -> None:
    shown = presented(leaf, anchor=anchor)
    judged = certificate_is_one_that_exchange_trusts(GATEWAY, SmtpCertificate(25, (shown,)), addresses(), NOW)
    bad = {"failed", "warned"} if phase is PlanPhase.READINESS else {"failed"}
    assert bool(plan(shown, phase=phase)) == (outcome(judged) in bad)
    assert plan(replace(shown, chain=presented().chain, verdict=presented().verdict), phase=phase) == []

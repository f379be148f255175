from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.sender_certificate import certificate_is_the_one_that_the_connector_wants
from remediations.sender_certificate import import_a_certificate
from seppcheck.api import Certificate, MailFlow, PlanPhase, Proposal, Reason, SenderCertificate, Unavailable, text
from tests.checks.evidence import DAY, DOMAIN, GATEWAY, NAME, NOW, certificate, outcome
from tests.checks.exchange_objects import inline_inbound
from tests.checks.gateway_facts import WRITTEN
from tests.checks.mail_flow import flow
from tests.remediations.fact_simulation import opens_the_menu, step_of, told

PLANS = [PlanPhase.READINESS, PlanPhase.CUTOVER]
UNREAD = Unavailable(Reason.NOT_CONFIGURED, text("no export"))
EMPTY = flow()


def plan(held: Certificate, phase: PlanPhase = PlanPhase.READINESS, known: MailFlow | Unavailable = EMPTY) -> Proposal:
    return import_a_certificate(DOMAIN, GATEWAY, SenderCertificate(held, WRITTEN), known, phase, NOW)


@pytest.mark.parametrize("phase", PLANS)
@pytest.mark.parametrize(
    ("held", "says"),
    [
        (certificate(until=-DAY), "it ends on"),
        (certificate(since=DAY), "is not valid before"),
        (certificate(server_auth=False), "no serverAuth"),
        (certificate(common_name="SEPPmail CBC"), "no name that a connector could demand"),
    ],
)
def test_a_certificate_of_no_use_is_replaced(held: Certificate, says: str, phase: PlanPhase) -> None:
    step = step_of(plan(held, phase))
    assert says in told(step)
    assert opens_the_menu(step, "sender-certificate")
    assert step.after is None


@pytest.mark.parametrize(
    ("held", "known", "name"),
    [
        (certificate(common_name="host.example.org", until=-DAY), EMPTY, "host.example.org"),
        (certificate(common_name="host.example.org", until=-DAY), UNREAD, "host.example.org"),
        (certificate(common_name="SEPPmail CBC"), EMPTY, NAME),
        (
            certificate(common_name="host.example.org", until=-DAY),
            flow(inbound=[inline_inbound(TlsSenderCertificateName="*.example.org")]),
            "*.example.org",
        ),
        (
            certificate(common_name="SEPPmail CBC"),
            flow(inbound=[inline_inbound(TlsSenderCertificateName="mx.example.org")]),
            "mx.example.org",
        ),
    ],
)
def test_the_name_to_order_is_what_the_connector_finds_else_the_present_one(
    held: Certificate, known: MailFlow | Unavailable, name: str
) -> None:
    assert f"whose subject CN is {name}" in told(step_of(plan(held, known=known)))


def test_a_connector_that_demands_another_name_follows_the_certificate_so_nothing_is_ordered() -> None:
    other = flow(inbound=[inline_inbound(TlsSenderCertificateName="mx.example.org")])
    assert plan(certificate(common_name="host.example.org"), known=other) == []


def test_a_certificate_that_ends_soon_is_renewed_in_time_and_not_during_the_night() -> None:
    soon = certificate(until=timedelta(days=20))
    assert "it ends on" in told(step_of(plan(soon)))
    assert plan(soon, PlanPhase.CUTOVER) == []


@given(days=st.integers(-10, 100), since=st.integers(-10, 10), auth=st.booleans(), phase=st.sampled_from(PLANS))
def test_it_is_planned_where_the_check_complains_of_the_certificate_and_nowhere_else(
    days: int, since: int, auth: bool, phase: PlanPhase
) -> None:
    held = certificate(since=since * DAY, until=days * DAY, server_auth=auth)
    judged = certificate_is_the_one_that_the_connector_wants(DOMAIN, SenderCertificate(held, WRITTEN), EMPTY, NOW)
    bad = {"failed", "warned"} if phase is PlanPhase.READINESS else {"failed"}
    assert bool(plan(held, phase)) == (outcome(judged) in bad)

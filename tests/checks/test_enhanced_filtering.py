from __future__ import annotations

import pytest

from checks.enhanced_filtering import exchange_judges_the_sender_before_the_gateway
from seppcheck.api import Finding, MailFlow, Reason, Tenant, Unavailable, text
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.exchange_objects import inline_inbound, parallel_inbound
from tests.checks.mail_flow import flow as flow_of

UNREAD = Unavailable(Reason.NOT_COLLECTED, text("nobody knows"))


def outcome(flow: MailFlow) -> Outcome:
    found = exchange_judges_the_sender_before_the_gateway(Tenant("t"), flow)
    return outcome_of([found] if isinstance(found, Finding) else found)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Outcome.PASSED),
        ({"EFSkipIPs": None, "EFUsers": None}, Outcome.PASSED),
        ({"EFSkipLastIP": False}, Outcome.FAILED),
        ({"EFSkipIPs": ["192.0.2.25"]}, Outcome.FAILED),
        ({"EFUsers": ["a@example.org"]}, Outcome.FAILED),
    ],
)
def test_the_last_address_alone_is_skipped_for_everybody(changes: dict[str, object], expected: Outcome) -> None:
    assert outcome(flow_of(inbound=[inline_inbound(**changes)])) is expected  # the phase caps a failure to a warning


def test_what_was_not_read_is_unknown_and_no_connector_is_not_applicable() -> None:
    assert outcome(flow_of(inbound=[inline_inbound("EFSkipLastIP")])) is Outcome.INCONCLUSIVE
    assert outcome(flow_of(inbound=UNREAD)) is Outcome.INCONCLUSIVE
    assert outcome(flow_of(inbound=[parallel_inbound()])) is Outcome.NOT_APPLICABLE

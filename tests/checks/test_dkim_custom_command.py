from __future__ import annotations

import pytest

from checks.dkim_custom_command import signature_of_exchange_is_dealt_with
from seppcheck.api import DkimCommand, DkimSigningConfigs, ExchangeObject, Finding, Reason, Unavailable, text
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import DOMAIN, NOON, WRITTEN

UNREAD = Unavailable(Reason.EXPIRED, text("the export is too old"))
UNWRITTEN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))
YES, NO = DkimCommand(present=True, voice=WRITTEN), DkimCommand(present=False, voice=WRITTEN)


def signing(**row: object) -> DkimSigningConfigs:
    return DkimSigningConfigs((ExchangeObject(row),), "export", NOON)


ON = signing(Domain="Example.org", Enabled=True)


@pytest.mark.parametrize(
    ("command", "configs", "outcome", "reason"),
    [
        (YES, ON, Outcome.PASSED, None),
        (NO, ON, Outcome.FAILED, None),
        (UNWRITTEN, ON, Outcome.INCONCLUSIVE, "not-collected"),
        (NO, signing(Domain="example.org", Enabled=False), Outcome.NOT_APPLICABLE, "condition-absent"),
        (NO, signing(Domain="other.example", Enabled=True), Outcome.NOT_APPLICABLE, "condition-absent"),
        (YES, signing(Domain="example.org"), Outcome.INCONCLUSIVE, "not-collected"),
        (YES, UNREAD, Outcome.PASSED, None),
        (NO, UNREAD, Outcome.INCONCLUSIVE, "expired"),
        (UNWRITTEN, UNREAD, Outcome.INCONCLUSIVE, "expired"),
    ],
)
def test_the_command_is_needed_where_exchange_signs(
    command: DkimCommand | Unavailable,
    configs: DkimSigningConfigs | Unavailable,
    outcome: Outcome,
    reason: Reason | None,
) -> None:
    found = signature_of_exchange_is_dealt_with(DOMAIN, command, configs)

    assert isinstance(found, Finding)
    assert (found.outcome, found.reason) == (outcome, reason)

from __future__ import annotations

from datetime import timedelta

import pytest

from checks.smtp_helo import gateway_introduces_itself_by_its_ptr_name
from seppcheck.api import Finding, HeloSetting, MailSample, MailSamples, Now, Reason, Unavailable, text
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import GATEWAY, addresses
from tests.checks.gateway_facts import NOON, WRITTEN
from tests.checks.mail_samples import handed_over, sample

NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))
RIGHT, WRONG = HeloSetting("Secure.Example.org.", WRITTEN), HeloSetting("localhost", WRITTEN)
OLD = handed_over(at=NOON - timedelta(days=31))
STRANGER = handed_over(peer="198.51.100.9")


@pytest.mark.parametrize(
    ("samples", "setting", "outcomes"),
    [
        ([sample()], UNKNOWN, ["passed"]),
        ([sample()], RIGHT, ["passed"]),
        ([sample()], WRONG, ["passed", "warned"]),
        ([sample(handed_over(helo="localhost"))], RIGHT, ["failed", "warned"]),
        ([sample(handed_over(helo=""))], UNKNOWN, ["failed"]),
        ([sample(STRANGER)], RIGHT, ["passed"]),
        ([sample(STRANGER)], UNKNOWN, ["inconclusive"]),
        ([sample(OLD)], WRONG, ["failed"]),
        ([sample(believed=0)], UNKNOWN, ["inconclusive"]),
        (None, RIGHT, ["passed"]),
        (None, WRONG, ["failed"]),
        (None, UNKNOWN, ["inconclusive"]),
    ],
)
def test_a_real_message_decides_and_the_record_stands_in(
    samples: list[MailSample] | None, setting: HeloSetting | Unavailable, outcomes: list[str]
) -> None:
    given = NO_SAMPLES if samples is None else MailSamples(tuple(samples))
    found = gateway_introduces_itself_by_its_ptr_name(GATEWAY, addresses(), given, setting, Now(NOON))

    findings = [found] if isinstance(found, Finding) else list(found)
    assert [f.outcome for f in findings] == [Outcome(outcome) for outcome in outcomes]

from __future__ import annotations

import pytest

from checks.gateway_mta import gateway_delivers_by_itself
from seppcheck.api import (
    BuiltinMta,
    Domain,
    Finding,
    MailSample,
    MailSamples,
    Now,
    Phase,
    Reason,
    Site,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import GATEWAY, addresses
from tests.checks.gateway_facts import NOON, WRITTEN
from tests.checks.mail_samples import OUTGOING, handed_over, sample

SITE = Site(GATEWAY, (Domain("example.org"),))
UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))
ON, OFF = BuiltinMta(enabled=True, voice=WRITTEN), BuiltinMta(enabled=False, voice=WRITTEN)
DIRECT = sample(headers=OUTGOING)
RELAYED = sample(headers=(*OUTGOING, ("X-SM-smarthost", "[relay.example.net]")))


@pytest.mark.parametrize(
    ("phase", "mta", "samples", "outcomes"),
    [
        ("readiness", ON, [], ["passed"]),
        ("readiness", OFF, [], ["failed"]),
        ("readiness", UNKNOWN, [], ["inconclusive"]),
        ("readiness", OFF, [DIRECT], ["failed"]),
        ("cutover", ON, [DIRECT], ["passed"]),
        ("cutover", UNKNOWN, [DIRECT], ["passed"]),
        ("cutover", OFF, [DIRECT], ["passed", "warned"]),
        ("verification", ON, [RELAYED], ["failed", "warned"]),
        ("verification", OFF, [RELAYED], ["failed"]),
        ("verification", ON, [sample()], ["passed"]),
        ("verification", UNKNOWN, [sample()], ["inconclusive"]),
        ("verification", UNKNOWN, [sample(headers=OUTGOING, sender_domain="other.example")], ["inconclusive"]),
        ("verification", UNKNOWN, [sample(handed_over(peer="198.51.100.9"), headers=OUTGOING)], ["inconclusive"]),
    ],
)
def test_the_record_decides_until_a_real_message_does(
    phase: str, mta: BuiltinMta | Unavailable, samples: list[MailSample], outcomes: list[str]
) -> None:
    given = MailSamples(tuple(samples))
    found = gateway_delivers_by_itself(GATEWAY, mta, given, addresses(), SITE, Phase(phase), Now(NOON))

    findings = [found] if isinstance(found, Finding) else list(found)
    assert [f.outcome for f in findings] == [Outcome(outcome) for outcome in outcomes]

from __future__ import annotations

from datetime import timedelta

import pytest

from checks.mail_route import samples_travelled_inline
from seppcheck.api import Finding, MailSample, MailSamples, Now, Reason
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import GATEWAY, addresses
from tests.checks.gateway_facts import NOON
from tests.checks.mail_samples import OUTGOING, handed_over, sample

EXCHANGE = handed_over(peer="203.0.113.9", helo="eur05.outbound.protection.outlook.com")
ORIGIN = (("X-MS-Exchange-ExternalOriginalInternetSender", "ip=[203.0.113.9];domain=x.protection.outlook.com"),)


@pytest.mark.parametrize(
    ("given", "outcome", "word"),
    [
        (sample(), Outcome.PASSED, "inline"),
        (sample(headers=OUTGOING), Outcome.PASSED, "inline"),
        (sample(headers=ORIGIN), Outcome.WARNED, "parallel"),
        (sample(EXCHANGE, headers=OUTGOING), Outcome.WARNED, "parallel"),
        (sample(EXCHANGE), Outcome.WARNED, "past the gateway"),
        (sample(handed_over(peer="198.51.100.9")), Outcome.WARNED, "past the gateway"),
    ],
)
def test_each_sample_is_told_by_who_handed_it_over(given: MailSample, outcome: Outcome, word: str) -> None:
    found = samples_travelled_inline(GATEWAY, MailSamples((given,)), addresses(), Now(NOON))

    assert not isinstance(found, Finding)
    assert [f.outcome for f in found] == [outcome]
    assert word in str(found[0].summary)


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        ((), Reason.NOT_COLLECTED),
        ((sample(handed_over(at=NOON - timedelta(days=31))),), Reason.EXPIRED),
        ((sample(believed=0),), Reason.EXPIRED),
    ],
)
def test_nothing_fresh_and_trusted_is_never_green(samples: tuple[MailSample, ...], reason: Reason) -> None:
    found = samples_travelled_inline(GATEWAY, MailSamples(samples), addresses(), Now(NOON))

    assert isinstance(found, Finding)
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, reason)


def test_a_file_that_is_no_message_is_told() -> None:
    found = samples_travelled_inline(GATEWAY, MailSamples((sample(),), ("notes.eml",)), addresses(), Now(NOON))

    assert not isinstance(found, Finding)
    assert [f.outcome for f in found] == [Outcome.PASSED, Outcome.INCONCLUSIVE]

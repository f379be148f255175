from __future__ import annotations

import pytest

from checks.gateway_smarthost import outgoing_mail_goes_out_directly
from seppcheck.api import Finding, MailSamples, Now, Reason, Smarthost, Unavailable, text
from seppcheck.model.outcomes import Outcome
from tests.checks.gateway_facts import DOMAIN, NOON, SEEN
from tests.checks.mail_samples import sample

NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
UNKNOWN = Unavailable(Reason.TIMEOUT, text("silence"))
RELAYED = sample(headers=(("X-SM-smarthost", "[relay.example.net]"),))


def judged(smarthost: Smarthost | Unavailable, samples: MailSamples | Unavailable = NO_SAMPLES) -> list[Finding]:
    found = outgoing_mail_goes_out_directly(DOMAIN, smarthost, samples, Now(NOON))
    return [found] if isinstance(found, Finding) else list(found)


@pytest.mark.parametrize(
    ("host", "listed", "outcome"),
    [
        ("", True, Outcome.PASSED),
        (" ", True, Outcome.PASSED),
        ("relay.example.net", True, Outcome.FAILED),
        ("", False, Outcome.FAILED),
    ],
)
def test_the_field_must_be_empty_and_the_domain_there(host: str, listed: bool, outcome: Outcome) -> None:
    assert [f.outcome for f in judged(Smarthost(host, SEEN, listed))] == [outcome]


def test_what_could_not_be_read_is_inconclusive() -> None:
    assert [(f.outcome, f.reason) for f in judged(UNKNOWN)] == [(Outcome.INCONCLUSIVE, Reason.TIMEOUT)]


def test_a_message_that_went_through_a_smarthost_outranks_an_empty_field() -> None:
    found = judged(Smarthost("", SEEN), MailSamples((RELAYED,)))

    assert [f.outcome for f in found] == [Outcome.FAILED, Outcome.WARNED]
    assert [f.outcome for f in judged(UNKNOWN, MailSamples((RELAYED,)))] == [Outcome.FAILED]


def test_messages_of_others_and_without_the_header_change_nothing() -> None:
    others = sample(sender_domain="other.example", headers=RELAYED.headers)

    assert [f.outcome for f in judged(Smarthost("", SEEN), MailSamples((others, sample())))] == [Outcome.PASSED]

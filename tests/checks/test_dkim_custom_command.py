from __future__ import annotations

from datetime import timedelta

import pytest

from checks.dkim_custom_command import signature_of_exchange_is_dealt_with
from seppcheck.api import (
    DkimCommand,
    DkimSignature,
    DkimSigningConfigs,
    DkimVerdict,
    ExchangeObject,
    Finding,
    MailSample,
    MailSamples,
    Now,
    Reason,
    Result,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import addresses
from tests.checks.gateway_facts import DOMAIN, NOON, WRITTEN
from tests.checks.mail_samples import handed_over, sample, signature

UNREAD = Unavailable(Reason.EXPIRED, text("the export is too old"))
UNWRITTEN = Unavailable(Reason.NOT_COLLECTED, text("nobody wrote it down"))
YES, NO = DkimCommand(present=True, voice=WRITTEN), DkimCommand(present=False, voice=WRITTEN)


def signing(**row: object) -> DkimSigningConfigs:
    return DkimSigningConfigs((ExchangeObject(row),), "export", NOON)


ON = signing(Domain="Example.org", Enabled=True)
NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))


def judge(
    command: DkimCommand | Unavailable, configs: DkimSigningConfigs | Unavailable, *samples: MailSample
) -> Result:
    given = MailSamples(samples) if samples else NO_SAMPLES
    return signature_of_exchange_is_dealt_with(DOMAIN, command, configs, given, addresses(), Now(NOON))


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
    found = judge(command, configs)

    assert isinstance(found, Finding)
    assert (found.outcome, found.reason) == (outcome, reason)


GOOD, BAD, UNTOLD = (signature("selector1", verdict) for verdict in DkimVerdict)
GATEWAYS = signature("seppmail", DkimVerdict.PASS)
OFF = signing(Domain="example.org", Enabled=False)


@pytest.mark.parametrize(
    ("command", "configs", "signatures", "outcomes"),
    [
        (YES, ON, (GATEWAYS, BAD), ["passed", "warned"]),
        (YES, ON, (GATEWAYS, signature("selector2", DkimVerdict.FAIL)), ["passed", "warned"]),
        (YES, ON, (GATEWAYS, GOOD), ["passed"]),
        (YES, ON, (GATEWAYS, UNTOLD), ["passed"]),
        (YES, ON, (GATEWAYS,), ["passed"]),
        (YES, ON, (BAD,), ["passed"]),
        (YES, ON, (GOOD, BAD), ["passed"]),
        (YES, ON, (signature("seppmail", DkimVerdict.PASS, "other.example"), BAD), ["passed"]),
        (NO, ON, (GATEWAYS, GOOD), ["failed"]),
        (NO, ON, (GATEWAYS, BAD), ["failed", "warned"]),
        (YES, OFF, (GATEWAYS, BAD), ["not-applicable"]),
    ],
)
def test_a_message_can_only_contradict(
    command: DkimCommand, configs: DkimSigningConfigs, signatures: tuple[DkimSignature, ...], outcomes: list[str]
) -> None:
    found = judge(command, configs, sample(dkim=signatures))

    findings = [found] if isinstance(found, Finding) else list(found)
    assert [finding.outcome for finding in findings] == [Outcome(outcome) for outcome in outcomes]


def test_an_old_message_contradicts_nothing() -> None:
    old = handed_over(at=NOON - timedelta(days=31))

    assert isinstance(judge(YES, ON, sample(old, dkim=(GATEWAYS, BAD))), Finding)

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dkim_gateway_key import gateway_signs_with_the_published_key
from seppcheck.api import (
    DkimRecord,
    DkimVerdict,
    Finding,
    GatewayDkimKey,
    MailSample,
    MailSamples,
    Now,
    Reason,
    Result,
    Unavailable,
    key_bytes,
    text,
)
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import addresses, answer, no
from tests.checks.gateway_facts import DOMAIN, NOON, SEEN
from tests.checks.mail_samples import OUTGOING, handed_over, sample, signature

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ=="
ARMOURED = f"-----BEGIN PUBLIC KEY-----\n{KEY[:20]}\n{KEY[20:]}\n-----END PUBLIC KEY-----\n"
NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))
UNSELECTED = Unavailable(Reason.NOT_CONFIGURED, text("no selector"))


def record(*values: str, status: str | None = None) -> DkimRecord:
    return DkimRecord("example.org", "seppmail", answer(*values) if status is None else no(status))


def judge(key: GatewayDkimKey, found: DkimRecord | Unavailable, *samples: MailSample) -> Result:
    given_samples = MailSamples(samples) if samples else NO_SAMPLES
    return gateway_signs_with_the_published_key(DOMAIN, key, found, given_samples, addresses(), Now(NOON))


@pytest.mark.parametrize(
    ("key", "found", "outcome", "reason"),
    [
        (KEY, record(f"v=DKIM1; k=rsa; p={KEY}"), Outcome.PASSED, None),
        (ARMOURED, record(f"p={KEY[:9]} {KEY[9:]}"), Outcome.PASSED, None),
        (KEY, record("v=DKIM1; p=AAAA"), Outcome.FAILED, None),
        (KEY, record("v=DKIM1; p="), Outcome.FAILED, None),
        (KEY, record(), Outcome.FAILED, None),
        (KEY, record("v=spf1 -all"), Outcome.FAILED, None),
        (KEY, record(status="nxdomain"), Outcome.FAILED, None),
        (KEY, record(f"p={KEY}", "p=AAAA"), Outcome.FAILED, None),
        (KEY, record(status="timeout"), Outcome.INCONCLUSIVE, "timeout"),
        (KEY, record(status="servfail"), Outcome.INCONCLUSIVE, "dns-error"),
        (KEY, UNSELECTED, Outcome.INCONCLUSIVE, "not-configured"),
        ("", record(f"p={KEY}"), Outcome.INCONCLUSIVE, "not-collected"),
        ("no base64!", record(f"p={KEY}"), Outcome.INCONCLUSIVE, "not-collected"),
    ],
)
def test_the_gateways_key_is_compared_with_the_published_one(
    key: str, found: DkimRecord | Unavailable, outcome: Outcome, reason: str | None
) -> None:
    judged = judge(GatewayDkimKey(True, key, SEEN), found)

    assert isinstance(judged, Finding)
    assert (judged.outcome, judged.reason) == (outcome, reason)


def test_no_key_at_all_is_warned() -> None:
    judged = judge(GatewayDkimKey(False, "", SEEN), record())

    assert isinstance(judged, Finding)
    assert judged.outcome is Outcome.WARNED


OURS = GatewayDkimKey(True, KEY, SEEN)
OTHER = GatewayDkimKey(True, "AAAA", SEEN)
MATCHING = record(f"p={KEY}")
OLD = handed_over(at=NOON - timedelta(days=31))
STRANGER = handed_over(peer="198.51.100.9")
GOOD, BAD, UNTOLD = (signature("seppmail", verdict) for verdict in DkimVerdict)


@pytest.mark.parametrize(
    ("key", "mail", "outcomes"),
    [
        (OURS, sample(dkim=(GOOD,)), ["passed", "passed"]),
        (OURS, sample(dkim=(BAD,)), ["passed", "warned"]),
        (OURS, sample(dkim=(BAD, GOOD)), ["passed", "passed"]),
        (OURS, sample(dkim=(UNTOLD,)), ["passed"]),
        (OURS, sample(), ["passed"]),
        (OURS, sample(dkim=(signature("selector1", DkimVerdict.FAIL),)), ["passed"]),
        (OURS, sample(dkim=(signature("seppmail", DkimVerdict.FAIL, "other.example"),)), ["passed"]),
        (OURS, sample(OLD, dkim=(BAD,)), ["passed"]),
        (OURS, sample(believed=0, dkim=(BAD,)), ["passed"]),
        (OURS, sample(sender_domain="other.example", dkim=(BAD,)), ["passed"]),
        (OURS, sample(STRANGER, dkim=(BAD,)), ["passed"]),
        (OURS, sample(STRANGER, headers=OUTGOING, dkim=(BAD,)), ["passed", "warned"]),
        (OTHER, sample(dkim=(GOOD,)), ["failed"]),
        (OTHER, sample(dkim=(BAD,)), ["failed", "warned"]),
    ],
)
def test_a_recent_outgoing_message_shows_the_key_at_work(
    key: GatewayDkimKey, mail: MailSample, outcomes: list[str]
) -> None:
    judged = judge(key, MATCHING, mail)

    findings = [judged] if isinstance(judged, Finding) else list(judged)
    assert [finding.outcome for finding in findings] == [Outcome(outcome) for outcome in outcomes]


@given(st.text(max_size=200))
def test_any_text_is_a_key_or_none(value: str) -> None:
    assert key_bytes(value) is None or isinstance(key_bytes(value), bytes)
    assert record(value).keys is not None

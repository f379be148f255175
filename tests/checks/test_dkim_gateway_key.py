from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dkim_gateway_key import gateway_signs_with_the_published_key
from seppcheck.api import DkimRecord, Finding, GatewayDkimKey, Reason, Unavailable, key_bytes, text
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import answer, no
from tests.checks.gateway_facts import DOMAIN, SEEN

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ=="
ARMOURED = f"-----BEGIN PUBLIC KEY-----\n{KEY[:20]}\n{KEY[20:]}\n-----END PUBLIC KEY-----\n"
UNSELECTED = Unavailable(Reason.NOT_CONFIGURED, text("no selector"))


def record(*values: str, status: str | None = None) -> DkimRecord:
    return DkimRecord("example.org", "seppmail", answer(*values) if status is None else no(status))


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
    judged = gateway_signs_with_the_published_key(DOMAIN, GatewayDkimKey(True, key, SEEN), found)

    assert isinstance(judged, Finding)
    assert (judged.outcome, judged.reason) == (outcome, reason)


def test_no_key_at_all_is_warned() -> None:
    judged = gateway_signs_with_the_published_key(DOMAIN, GatewayDkimKey(False, "", SEEN), record())

    assert isinstance(judged, Finding)
    assert judged.outcome is Outcome.WARNED


@given(st.text(max_size=200))
def test_any_text_is_a_key_or_none(value: str) -> None:
    assert key_bytes(value) is None or isinstance(key_bytes(value), bytes)
    assert record(value).keys is not None

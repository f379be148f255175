from __future__ import annotations

import pytest

from checks.dmarc_alignment import mail_of_the_gateway_aligns
from seppcheck.api import (
    DkimRecord,
    DmarcRecord,
    Finding,
    GatewayDkimKey,
    Reason,
    SpfEvaluation,
    SpfResult,
    SpfVerdict,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import answer
from tests.checks.gateway_facts import DOMAIN, SEEN

GONE = Unavailable(Reason.NOT_COLLECTED, text("nobody knows"))
DMARC = DmarcRecord("example.org", "example.org", ("v=DMARC1; p=reject",))
TWICE = DmarcRecord("example.org", "example.org", ("v=DMARC1", "v=DMARC1"))
SIGNS = GatewayDkimKey(True, "AAAA", SEEN)
SILENT = GatewayDkimKey(False, "", SEEN)
PUBLISHED = DkimRecord("example.org", "seppmail", answer("v=DKIM1; p=AAAA"))
OTHER = DkimRecord("example.org", "seppmail", answer("v=DKIM1; p=BBBB"))


def spf(*results: str) -> SpfEvaluation:
    return SpfEvaluation("example.org", tuple(SpfVerdict("192.0.2.1", SpfResult(result)) for result in results))


@pytest.mark.parametrize(
    ("dmarc", "evaluated", "key", "record", "outcome"),
    [
        (DMARC, spf("fail"), SIGNS, PUBLISHED, Outcome.PASSED),
        (DMARC, spf("pass", "pass"), SILENT, GONE, Outcome.PASSED),
        (DMARC, spf("pass"), GONE, GONE, Outcome.PASSED),
        (DMARC, spf("pass", "fail"), SILENT, GONE, Outcome.WARNED),
        (DMARC, spf("fail"), SIGNS, OTHER, Outcome.WARNED),
        (DMARC, spf("fail"), SIGNS, GONE, Outcome.INCONCLUSIVE),
        (DMARC, spf("softfail"), GONE, GONE, Outcome.INCONCLUSIVE),
        (DMARC, spf("temperror"), SILENT, GONE, Outcome.INCONCLUSIVE),
        (DMARC, GONE, SILENT, GONE, Outcome.INCONCLUSIVE),
        (DmarcRecord("example.org", "", ()), spf("pass"), SIGNS, PUBLISHED, Outcome.WARNED),
        (
            TWICE,
            spf("pass"),
            SIGNS,
            PUBLISHED,
            Outcome.WARNED,
        ),
    ],
)
def test_one_of_dkim_and_spf_must_align(
    dmarc: DmarcRecord,
    evaluated: SpfEvaluation | Unavailable,
    key: GatewayDkimKey | Unavailable,
    record: DkimRecord | Unavailable,
    outcome: Outcome,
) -> None:
    judged = mail_of_the_gateway_aligns(DOMAIN, dmarc, evaluated, key, record)

    assert isinstance(judged, Finding)
    assert judged.outcome is outcome

from __future__ import annotations

import pytest

from checks.dmarc_alignment import mail_of_the_gateway_aligns
from remediations.dmarc_alignment import publish_a_policy
from seppcheck.api import (
    DmarcRecord,
    DnsImage,
    PlanPhase,
    Proposal,
    Reason,
    SpfEvaluation,
    SpfResult,
    SpfVerdict,
    Unavailable,
    text,
)
from tests.checks.evidence import DOMAIN, IPV4, outcome
from tests.remediations.dns_simulation import answer_of, change_of, kinds
from tests.remediations.fact_simulation import notes, step_of, told

UNKNOWN = Unavailable(Reason.NOT_COLLECTED, text("unknown"))
ALIGNED = SpfEvaluation("example.org", (SpfVerdict(IPV4, SpfResult.PASS),))


def plan(*records: str, phase: PlanPhase = PlanPhase.READINESS) -> Proposal:
    return publish_a_policy(DOMAIN, DmarcRecord("example.org", "example.org" if records else "", records), phase)


def test_without_a_policy_up_to_the_root_one_is_published_that_asks_for_nothing() -> None:
    found = plan()
    change = change_of(found)
    assert change.before is None
    assert change.after == DnsImage("_dmarc.example.org", "TXT", 3600, ('"v=DMARC1; p=none"',))
    assert "rua=mailto:" in notes(found)


def test_several_records_are_for_people() -> None:
    step = step_of(plan("v=DMARC1; p=none", "v=DMARC1; p=reject"))
    assert "v=DMARC1; p=reject" in told(step)


@pytest.mark.parametrize("phase", [PlanPhase.READINESS, PlanPhase.CUTOVER])
def test_one_record_needs_nothing(phase: PlanPhase) -> None:
    assert plan("v=DMARC1; p=quarantine", phase=phase) == []


@pytest.mark.parametrize("records", [(), ("v=DMARC1; p=none", "v=DMARC1; p=reject")])
def test_in_a_cutover_it_is_only_told(records: tuple[str, ...]) -> None:
    assert kinds(plan(*records, phase=PlanPhase.CUTOVER)) == ["Note"]


def test_planned_and_applied_the_check_passes_where_mail_aligns() -> None:
    image = change_of(plan()).after
    assert isinstance(image, DnsImage)
    records = answer_of(image).values
    judged = mail_of_the_gateway_aligns(
        DOMAIN, DmarcRecord("example.org", "example.org", records), ALIGNED, UNKNOWN, UNKNOWN
    )
    assert outcome(judged) == "passed"
    assert plan(*records) == []

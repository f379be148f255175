from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_spf_ttl import spf_ttl_is_low
from remediations.dns_spf_ttl import lower_the_ttl_of_spf
from seppcheck.api import DnsAnswer, DnsImage, DnsStatus, PlanPhase, Proposal, SpfRecords
from tests.checks.evidence import DOMAIN, answer, no, outcome, spf
from tests.remediations.dns_simulation import change_of, others_of, spf_after, txt
from tests.remediations.fact_simulation import step_of, told

SPF = "v=spf1 include:spf.protection.outlook.com -all"
OTHERS = ("MS=ms12345678", 'quoted \\"text\\"')


def plan(records: SpfRecords, phase: PlanPhase = PlanPhase.READINESS) -> Proposal:
    return lower_the_ttl_of_spf(DOMAIN, records, phase)


def test_the_whole_rrset_gets_the_low_ttl() -> None:
    said = txt(SPF, ttl=3600, others=OTHERS)
    change = change_of(plan(spf(said, said)))
    assert change.before == DnsImage("example.org", "TXT", 3600, said.rdata)
    assert change.after == DnsImage("example.org", "TXT", 300, said.rdata)


def test_without_an_spf_record_there_is_nothing_to_lower() -> None:
    other = DnsAnswer(DnsStatus.ANSWER, (), 3600, rdata=('"MS=ms12345678"',))
    assert plan(spf(other, other)) == []
    assert plan(spf(answer(), answer())) == []


@pytest.mark.parametrize("second", [txt(SPF, ttl=3600), txt(SPF, ttl=3600, others=["another"]), no("servfail")])
def test_servers_that_differ_in_any_txt_record_and_silent_ones_are_for_people(second: DnsAnswer) -> None:
    step = step_of(plan(spf(txt(SPF, ttl=3600, others=OTHERS), second), PlanPhase.CUTOVER))
    assert "seppcheck cutover --only dns-spf-ttl" in told(step)


@given(
    ttl=st.integers(0, 10**6),
    others=st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), max_size=60)),
)
def test_planned_and_applied_the_check_passes_and_other_records_stay_byte_for_byte(ttl: int, others: list[str]) -> None:
    said = txt(SPF, ttl=ttl, others=[each for each in others if not each.lower().startswith("v=spf1")])
    records = spf(said, said)
    found = plan(records)
    if found:
        change = change_of(found)
        assert others_of(change.after) == others_of(change.before)
        records = spf_after(records, change)
    assert outcome(spf_ttl_is_low(DOMAIN, records)) == "passed"
    assert plan(records) == []

from __future__ import annotations

from checks.dns_spf_ttl import spf_ttl_is_low as judge
from seppcheck.api import DnsAnswer, DnsStatus
from tests.checks.evidence import DOMAIN, answer, no, outcome, outcomes, reasons, sentences, spf

LOW = answer("v=spf1 mx -all")
OTHER_TXT = DnsAnswer(DnsStatus.ANSWER, (), 3600)
"""There are TXT records, and none is SPF."""


def test_low_everywhere_passes() -> None:
    assert outcomes(judge(DOMAIN, spf(LOW, LOW))) == ["passed", "passed"]


def test_one_server_over_the_limit_fails() -> None:
    result = judge(DOMAIN, spf(LOW, answer("v=spf1 mx -all", ttl=301)))
    assert outcomes(result) == ["passed", "failed"]
    assert "301 s" in sentences(result)


def test_a_silent_server_is_inconclusive() -> None:
    result = judge(DOMAIN, spf(LOW, no("timeout")))
    assert outcome(result) == "inconclusive"
    assert reasons(result) == {"timeout"}


def test_no_spf_is_not_applicable_whatever_the_ttl_of_other_text() -> None:
    result = judge(DOMAIN, spf(OTHER_TXT, answer()))
    assert outcome(result) == "not-applicable"
    assert reasons(result) == {"no-such-record"}


def test_spf_at_one_server_alone_is_a_warning() -> None:
    assert outcome(judge(DOMAIN, spf(LOW, OTHER_TXT))) == "warned"


def test_a_domain_that_does_not_exist_fails() -> None:
    assert outcome(judge(DOMAIN, spf(no("nxdomain")))) == "failed"

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_mx_ttl import mx_ttl_is_low as judge
from seppcheck.api import DnsStatus, MxRecords, Outcome, ZoneServers
from tests.checks.evidence import (
    DOMAIN,
    NS1,
    NS1_IPV6,
    NS2,
    ZONE,
    answer,
    findings,
    mx,
    mx_records,
    no,
    outcome,
    outcomes,
    reasons,
    sentences,
    served,
)

LOW = answer("10 secure.example.org.")
HIGH = answer("10 secure.example.org.", ttl=3600)


def test_low_everywhere_passes_with_a_finding_a_server() -> None:
    first, second = findings(judge(DOMAIN, mx(LOW, LOW)))
    assert first.outcome is second.outcome is Outcome.PASSED
    assert first.subject == "ns1.example.org (192.0.2.1)"
    assert second.subject == "ns2.example.org (192.0.2.2)"


def test_one_server_over_the_limit_fails_whatever_the_others_say() -> None:
    result = judge(DOMAIN, mx(no("timeout"), HIGH))
    assert sorted(outcomes(result)) == ["failed", "inconclusive"]
    assert outcome(result) == "failed"


@given(st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=2))
def test_it_passes_exactly_when_every_ttl_is_at_most_300(ttls: list[int]) -> None:
    result = judge(DOMAIN, mx(*(answer("10 mx.example.org.", ttl=ttl) for ttl in ttls)))
    assert (outcome(result) == "passed") is (max(ttls) <= 300)


def test_the_numbers_are_told() -> None:
    (finding,) = findings(judge(DOMAIN, mx(HIGH)))
    assert (str(finding.expected), str(finding.observed)) == ("TTL of at most 300 s", "TTL 3600 s")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("timeout", "timeout"),
        ("unreachable", "unreachable"),
        ("refused", "dns-error"),
        ("lame", "dns-error"),
        ("servfail", "dns-error"),
        ("truncated", "dns-error"),
        ("no-address", "dns-error"),
        ("malformed", "malformed"),
    ],
)
def test_a_server_that_gives_no_answer_is_inconclusive(status: str, reason: str) -> None:
    result = judge(DOMAIN, mx(LOW, no(status)))
    assert outcomes(result) == ["passed", "inconclusive"]
    assert reasons(result) == {reason}


def test_a_silent_address_of_a_server_that_answered_elsewhere_is_only_noted() -> None:
    result = judge(DOMAIN, mx_records(served(NS1, LOW), served(NS1_IPV6, no("timeout")), served(NS2, LOW)))
    assert outcomes(result) == ["passed", "passed"]
    assert "2001:db8::1" in sentences(result)


def test_an_address_that_refuses_is_judged_even_if_another_answered() -> None:
    result = judge(DOMAIN, mx_records(served(NS1, LOW), served(NS1_IPV6, no("refused"))))
    assert outcomes(result) == ["passed", "inconclusive"]


def test_a_missing_route_is_noted_not_judged() -> None:
    result = judge(DOMAIN, mx_records(served(NS1, LOW), served(("ns2.example.org", "2001:db8::2"), no("no-route"))))
    assert outcomes(result) == ["passed"]
    assert "no route" in sentences(result)


def test_without_a_route_to_any_server_it_is_inconclusive() -> None:
    result = judge(DOMAIN, mx_records(served(NS1_IPV6, no("no-route"))))
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"unreachable"}


def test_no_mx_anywhere_is_not_applicable() -> None:
    result = judge(DOMAIN, mx(answer(), answer()))
    assert outcome(result) == "not-applicable"
    assert reasons(result) == {"no-such-record"}


def test_no_mx_here_and_silence_there_is_inconclusive() -> None:
    assert outcome(judge(DOMAIN, mx(answer(), no("timeout")))) == "inconclusive"


def test_a_server_without_the_record_that_others_have_is_a_warning() -> None:
    assert sorted(outcomes(judge(DOMAIN, mx(LOW, answer())))) == ["passed", "warned"]


def test_servers_that_disagree_are_each_judged_and_it_is_said() -> None:
    result = judge(DOMAIN, mx(LOW, answer("10 other.example.net.")))
    assert outcomes(result) == ["passed", "passed"]
    assert "do not hold the same MX record" in sentences(result)


def test_a_domain_that_does_not_exist_fails() -> None:
    result = judge(DOMAIN, mx(no("nxdomain"), no("nxdomain")))
    assert outcome(result) == "failed"
    assert "does not exist" in sentences(result)


def test_a_domain_that_no_server_could_be_found_for_is_failed_if_the_resolvers_deny_it() -> None:
    denied = MxRecords("example.org", ZONE, (), (served(("resolver", "192.0.2.53"), no("nxdomain")),))
    unknown = MxRecords("example.org", ZONE, (), (served(("resolver", "192.0.2.53"), no("timeout")),))
    assert outcome(judge(DOMAIN, denied)) == "failed"
    assert outcome(judge(DOMAIN, unknown)) == "inconclusive"
    assert reasons(judge(DOMAIN, unknown)) == {"dns-error"}


def test_the_resolvers_do_not_speak_for_servers_that_were_not_reached() -> None:
    resolvers = (served(("resolver", "192.0.2.53"), no("nxdomain")),)
    hidden = MxRecords("example.org", ZONE, (served(NS1_IPV6, no("no-route")),), resolvers)
    assert outcome(judge(DOMAIN, hidden)) == "inconclusive"


def test_a_parent_that_could_not_be_asked_makes_it_inconclusive() -> None:
    zone = ZoneServers("example.org", ("ns1.example.org",), "org", parent_status=DnsStatus.TIMEOUT)
    result = judge(DOMAIN, mx_records(served(NS1, LOW), zone=zone))
    assert outcomes(result) == ["passed", "inconclusive"]
    assert reasons(result) == {"timeout"}


def test_a_parent_that_nobody_knows_is_a_note() -> None:
    zone = ZoneServers("example.org", ("ns1.example.org",), parent_known=False, parent_status=DnsStatus.NO_ADDRESS)
    result = judge(DOMAIN, mx_records(served(NS1, LOW), zone=zone))
    assert outcomes(result) == ["passed"]
    assert "parent zone are not known" in sentences(result)


def test_an_alias_that_leads_out_of_the_zone_is_not_taken_for_no_record() -> None:
    result = judge(DOMAIN, mx(answer(aliases=("elsewhere.example.net",))))
    assert outcome(result) == "inconclusive"


def test_an_answer_without_a_ttl_is_malformed() -> None:
    result = judge(DOMAIN, mx(answer("10 mx.example.org.", ttl=None)))
    assert outcome(result) == "inconclusive"
    assert reasons(result) == {"malformed"}

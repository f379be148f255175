from __future__ import annotations

import pytest

from checks.dns_spf_gateway import gateway_may_send_for_the_domain as judge
from seppcheck.api import (
    GatewayAddresses,
    HostLookup,
    NodeAddresses,
    Outcome,
    SpfEvaluation,
    SpfResult,
    SpfVerdict,
    text,
)
from tests.checks.evidence import (
    CLUSTER,
    DOMAIN,
    GATEWAY,
    IPV4,
    IPV6,
    NAME,
    addresses,
    answer,
    findings,
    host,
    no,
    outcome,
    outcomes,
    reasons,
    sentences,
)

BOTH = host(NAME, answer(IPV4), answer(IPV6))


def verdict(result: str = "pass", address: str = IPV4, mechanism: str = "", problem: str = "") -> SpfVerdict:
    return SpfVerdict(address, SpfResult(result), mechanism, 1, 0, text("{it}", it=problem) if problem else "")


def evaluation(*verdicts: SpfVerdict, exists: bool = True) -> SpfEvaluation:
    return SpfEvaluation("example.org", verdicts, exists)


def test_an_address_that_spf_allows_passes() -> None:
    spf = evaluation(verdict(mechanism="ip4:192.0.2.0/24"))

    (finding,) = findings(judge(DOMAIN, GATEWAY, spf, addresses()))

    assert (finding.outcome, finding.subject) == (Outcome.PASSED, IPV4)
    assert str(finding.summary) == "SPF of example.org allows 192.0.2.25 by ip4:192.0.2.0/24"


@pytest.mark.parametrize(
    ("result", "mechanism", "observed"),
    [
        ("fail", "-all", "fail by -all"),
        ("softfail", "~all", "softfail by ~all"),
        ("neutral", "?all", "neutral by ?all"),
        ("neutral", "", "neutral: no term matches"),
    ],
)
def test_an_address_that_spf_does_not_allow_is_warned_with_the_term_to_add(
    result: str, mechanism: str, observed: str
) -> None:
    (finding,) = findings(judge(DOMAIN, GATEWAY, evaluation(verdict(result, IPV4, mechanism)), addresses()))

    assert (finding.outcome, str(finding.observed)) == (Outcome.WARNED, observed)
    assert "add ip4:192.0.2.25" in str(finding.summary)


def test_every_address_has_a_finding_of_its_own() -> None:
    spf = evaluation(verdict(mechanism="a"), verdict("softfail", IPV6, "~all"))

    result = judge(DOMAIN, GATEWAY, spf, addresses(BOTH, configured=False))

    assert outcomes(result) == ["passed", "warned"]
    assert "add ip6:2001:db8::25" in sentences(result)


def test_an_error_in_the_record_is_warned_with_its_sentence() -> None:
    spf = evaluation(verdict("permerror", problem="more than 2 look-ups find nothing"))

    result = judge(DOMAIN, GATEWAY, spf, addresses())

    assert outcomes(result) == ["warned"]
    assert "more than 2 look-ups find nothing" in sentences(result)


def test_a_lookup_that_failed_is_inconclusive_also_beside_an_address_that_passes() -> None:
    spf = evaluation(verdict(mechanism="a"), verdict("temperror", IPV6, problem="the look-up of x TXT failed"))

    result = judge(DOMAIN, GATEWAY, spf, addresses(BOTH, configured=False))

    assert (outcome(result), reasons(result)) == ("inconclusive", {"dns-error"})
    assert "the look-up of x TXT failed" in sentences(result)


def test_no_record_is_one_warning_that_names_every_address() -> None:
    spf = evaluation(verdict("none"), verdict("none", IPV6))

    result = judge(DOMAIN, GATEWAY, spf, addresses(BOTH, configured=False))

    assert outcomes(result) == ["warned"]
    assert "ip4:192.0.2.25 ip6:2001:db8::25" in sentences(result)


def test_a_domain_that_does_not_exist_is_warned() -> None:
    result = judge(DOMAIN, GATEWAY, evaluation(verdict("none"), exists=False), addresses())

    assert outcomes(result) == ["warned"]
    assert "does not exist" in sentences(result)


def test_an_address_that_was_not_evaluated_is_inconclusive() -> None:
    result = judge(DOMAIN, GATEWAY, evaluation(verdict(mechanism="a")), addresses(BOTH, configured=False))

    assert outcomes(result) == ["passed", "inconclusive"]


@pytest.mark.parametrize(
    ("lookup", "expected"),
    [
        (host(NAME, answer(IPV4), no("timeout")), ["passed", "inconclusive"]),
        (host(NAME, no("nxdomain"), no("nxdomain")), ["inconclusive"]),
    ],
)
def test_addresses_that_are_not_known_are_inconclusive(lookup: HostLookup, expected: list[str]) -> None:
    known = addresses(lookup, configured=False)
    spf = evaluation(*(verdict(mechanism="a", address=address) for address in known.addresses))

    assert outcomes(judge(DOMAIN, GATEWAY, spf, known)) == expected


def test_a_cluster_is_judged_by_the_addresses_of_every_node() -> None:
    nodes = tuple(NodeAddresses(node.name, node.addresses, True, host(node.name)) for node in CLUSTER.nodes)
    spf = evaluation(verdict(mechanism="a"), verdict("fail", "192.0.2.26", "-all"))

    assert outcomes(judge(DOMAIN, CLUSTER, spf, GatewayAddresses(nodes))) == ["passed", "warned"]


def test_a_mapped_address_is_added_as_ipv4() -> None:
    mapped = "::ffff:192.0.2.25"
    known = GatewayAddresses((NodeAddresses(NAME, (mapped,), True, host()),))

    result = judge(DOMAIN, GATEWAY, evaluation(verdict("fail", mapped, "-all")), known)

    assert "add ip4:192.0.2.25" in sentences(result)

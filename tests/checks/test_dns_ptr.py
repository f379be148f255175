from __future__ import annotations

import pytest

from checks.dns_ptr import gateway_address_resolves_back as judge
from seppcheck.api import DnsAnswer, DnsStatus, NodeAddresses, Outcome, Reason, ReverseEntry
from tests.checks.evidence import (
    CLUSTER,
    GATEWAY,
    IPV4,
    IPV6,
    NAME,
    OTHER,
    addresses,
    answer,
    findings,
    host,
    no,
    outcome,
    outcomes,
    reasons,
    reverse,
    sentences,
)

RIGHT = ReverseEntry(IPV4, NAME, answer(f"{NAME}."), (host(),))


def test_an_address_that_resolves_back_passes() -> None:
    (finding,) = findings(judge(GATEWAY, reverse(RIGHT)))
    assert finding.outcome is Outcome.PASSED
    assert (finding.subject, str(finding.expected), str(finding.observed)) == (IPV4, NAME, NAME)


def test_case_and_trailing_dot_do_not_matter() -> None:
    assert (
        outcome(judge(GATEWAY, reverse(ReverseEntry(IPV4, NAME, answer("SECURE.Example.ORG."), (host(),))))) == "passed"
    )


def test_a_classless_reverse_zone_is_followed() -> None:
    pointer = answer(f"{NAME}.", aliases=("25.0-63.2.0.192.in-addr.arpa",))
    assert outcome(judge(GATEWAY, reverse(ReverseEntry(IPV4, NAME, pointer, (host(),))))) == "passed"


def test_ipv6_is_compared_as_an_address_not_as_text() -> None:
    forward = host(NAME, answer(IPV4), answer("2001:0db8:0::0025"))
    entry = ReverseEntry(IPV6, NAME, answer(f"{NAME}."), (forward,))
    assert outcomes(judge(GATEWAY, reverse(RIGHT, entry))) == ["passed", "passed"]


@pytest.mark.parametrize(
    ("pointer", "forward", "says"),
    [
        (no("nxdomain"), (), "has no PTR record"),
        (answer(), (), "has no PTR record"),
        (answer(f"{NAME}.", f"{OTHER}."), (host(), host(OTHER)), "2 PTR records"),
        (answer(f"{OTHER}."), (host(OTHER),), f"resolves back to {OTHER}, not to {NAME}"),
        (answer(f"{NAME}."), (host(NAME, answer("192.0.2.99")),), "does not resolve to 192.0.2.25"),
        (answer(f"{NAME}."), (host(NAME, no("nxdomain"), no("nxdomain")),), "does not resolve to 192.0.2.25"),
    ],
)
def test_a_wrong_pointer_fails(pointer: DnsAnswer, forward: tuple[object, ...], says: str) -> None:
    result = judge(GATEWAY, reverse(ReverseEntry(IPV4, NAME, pointer, forward)))  # type: ignore[arg-type]  # lookups
    assert outcome(result) == "failed"
    assert says in sentences(result)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("timeout", "timeout"),
        ("servfail", "dns-error"),
        ("refused", "dns-error"),
        ("malformed", "malformed"),
        ("unreachable", "unreachable"),
        ("truncated", "dns-error"),
    ],
)
def test_a_look_up_that_failed_is_inconclusive(status: str, reason: str) -> None:
    backward = judge(GATEWAY, reverse(ReverseEntry(IPV4, NAME, no(status))))
    forward = judge(GATEWAY, reverse(ReverseEntry(IPV4, NAME, answer(f"{NAME}."), (host(NAME, no(status)),))))
    assert outcomes(backward) == outcomes(forward) == ["inconclusive"]
    assert reasons(backward) == reasons(forward) == {reason}


def test_a_failed_look_up_of_the_other_family_does_not_matter() -> None:
    forward = host(NAME, answer(IPV4), no(DnsStatus.TIMEOUT))
    assert outcome(judge(GATEWAY, reverse(ReverseEntry(IPV4, NAME, answer(f"{NAME}."), (forward,))))) == "passed"


def test_a_definite_failure_beats_a_missing_answer() -> None:
    unknown = ReverseEntry(IPV6, NAME, no(DnsStatus.TIMEOUT))
    wrong = ReverseEntry(IPV4, NAME, answer())
    assert outcome(judge(GATEWAY, reverse(unknown, wrong))) == "failed"


def test_a_name_without_any_address_fails() -> None:
    node = NodeAddresses(NAME, (), configured=False, lookup=host(NAME, answer(), answer()))
    result = judge(GATEWAY, reverse(nodes=[node]))
    assert outcomes(result) == ["failed"]
    assert "has no address" in sentences(result)


def test_a_name_whose_addresses_could_not_be_had_is_inconclusive() -> None:
    node = NodeAddresses(NAME, (), configured=False, lookup=host(NAME, no("timeout"), no("timeout")))
    result = judge(GATEWAY, reverse(nodes=[node]))
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"timeout"}


def test_half_of_the_addresses_is_not_all_of_them() -> None:
    known = addresses(host(NAME, answer(IPV4), no("servfail")), configured=False)
    result = judge(GATEWAY, reverse(RIGHT, nodes=known.nodes))
    assert outcome(result) == "inconclusive"
    assert reasons(result) == {Reason.DNS_ERROR.value}


def test_each_node_of_a_cluster_is_held_against_its_own_name() -> None:
    second = ReverseEntry("192.0.2.26", "secure2.example.org", answer(f"{NAME}."), (host(),))
    nodes = [NodeAddresses(n.name, n.addresses, configured=True, lookup=host(n.name)) for n in CLUSTER.nodes]
    assert outcomes(judge(CLUSTER, reverse(RIGHT, second, nodes=nodes))) == ["passed", "failed"]


def test_a_node_that_nothing_was_collected_about_is_inconclusive() -> None:
    assert outcome(judge(CLUSTER, reverse(RIGHT))) == "inconclusive"

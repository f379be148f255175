from __future__ import annotations

import pytest

from checks.dns_mx import mail_from_the_internet_goes_to_the_gateway
from seppcheck.api import (
    DnsStatus,
    Gateway,
    GatewayAddresses,
    HostLookup,
    MxRecords,
    NodeAddresses,
    Phase,
    Reason,
    Result,
    Unavailable,
    text,
)
from seppcheck.model.checks import MARK
from tests.checks.evidence import (
    CLUSTER,
    DOMAIN,
    GATEWAY,
    IPV4,
    IPV6,
    MICROSOFT,
    NAME,
    OTHER,
    addresses,
    answer,
    findings,
    host,
    mx,
    no,
    outcome,
    outcomes,
    reasons,
    sentences,
)

MOVED = answer(f"10 {NAME}.")
OLD = answer(f"0 {MICROSOFT}.")
MIXED = answer(f"10 {NAME}.", f"20 {MICROSOFT}.")
LATER = [Phase.VERIFICATION, Phase.DRIFT]
EVERY = [Phase.CUTOVER, *LATER]


def judge(
    records: MxRecords,
    phase: Phase = Phase.VERIFICATION,
    known: GatewayAddresses | Unavailable | None = None,
    gateway: Gateway = GATEWAY,
) -> Result:
    return mail_from_the_internet_goes_to_the_gateway(DOMAIN, gateway, records, known or addresses(), phase)


@pytest.mark.parametrize("phase", EVERY)
def test_the_gateway_alone_at_every_server_passes(phase: Phase) -> None:
    result = judge(mx(MOVED, MOVED), phase)
    assert outcomes(result) == ["passed", "passed", "passed"]
    assert [f.subject for f in findings(result)] == ["ns1.example.org (192.0.2.1)", "ns2.example.org (192.0.2.2)", NAME]


@pytest.mark.parametrize("value", [f"10 {NAME}", "10 SECURE.Example.org.", f"10  {NAME}."])
def test_case_and_trailing_dot_do_not_matter(value: str) -> None:
    assert outcome(judge(mx(answer(value)))) == "passed"


def test_an_mx_that_nobody_moved_is_a_warning_in_cutover_and_a_failure_afterwards() -> None:
    assert outcomes(judge(mx(OLD, OLD), Phase.CUTOVER)) == ["warned", "warned"]
    assert "not moved yet" in sentences(judge(mx(OLD, OLD), Phase.CUTOVER))
    for phase in LATER:
        assert outcomes(judge(mx(OLD, OLD), phase)) == ["failed", "failed"]


def test_servers_that_disagree_fail_in_cutover_although_none_has_moved() -> None:
    elsewhere = answer(f"10 {OTHER}.")
    assert outcomes(judge(mx(OLD, elsewhere), Phase.CUTOVER)) == ["failed", "failed"]
    assert "another server of the zone elsewhere" in sentences(judge(mx(OLD, elsewhere), Phase.CUTOVER))
    assert outcomes(judge(mx(elsewhere, elsewhere), Phase.CUTOVER)) == ["warned", "warned"]


@pytest.mark.parametrize("phase", EVERY)
def test_a_mixture_fails(phase: Phase) -> None:
    assert outcome(judge(mx(MIXED, MIXED), phase)) == "failed"


@pytest.mark.parametrize("phase", EVERY)
def test_servers_that_disagree_fail(phase: Phase) -> None:
    result = judge(mx(MOVED, OLD), phase)
    assert outcomes(result) == ["passed", "failed", "passed"]


@pytest.mark.parametrize("phase", EVERY)
@pytest.mark.parametrize(
    ("said", "says"),
    [(answer(), "no MX record"), (answer("0 ."), "null MX"), (no("nxdomain"), "does not exist")],
)
def test_no_mx_null_mx_and_no_domain_fail_always(phase: Phase, said: object, says: str) -> None:
    result = judge(mx(said, said), phase)  # type: ignore[arg-type]  # answers
    assert set(outcomes(result)) == {"failed"}
    assert says in sentences(result)


@pytest.mark.parametrize("phase", EVERY)
def test_an_alias_as_target_fails_always(phase: Phase) -> None:
    own = host(NAME, answer(IPV4, aliases=("real.example.org",)))
    theirs = host(MICROSOFT, answer("198.51.100.1", aliases=("x.example.net",)))
    assert outcomes(judge(mx(MOVED, hosts=[own]), phase)) == ["passed", "failed"]
    assert outcome(judge(mx(OLD, hosts=[theirs]), phase)) == "failed"
    assert "RFC 2181" in sentences(judge(mx(MOVED, hosts=[own]), phase))


@pytest.mark.parametrize("phase", EVERY)
@pytest.mark.parametrize(
    ("lookup", "says"),
    [
        (host(NAME, answer("198.51.100.9")), "198.51.100.9, which is not the gateway"),
        (host(NAME, answer(IPV4, "198.51.100.9")), "198.51.100.9, which is not the gateway"),
        (host(NAME, answer(), answer()), "has no address"),
        (host(NAME, no("nxdomain"), no("nxdomain")), "has no address"),
    ],
)
def test_the_gateways_name_with_foreign_or_no_addresses_fails_always(
    phase: Phase, lookup: HostLookup, says: str
) -> None:
    result = judge(mx(MOVED, hosts=[lookup]), phase)
    assert outcomes(result) == ["passed", "failed"]
    assert says in sentences(result)


def test_a_foreign_address_beats_a_look_up_that_failed() -> None:
    assert outcome(judge(mx(MOVED, hosts=[host(NAME, answer("198.51.100.9"), no("timeout"))]))) == "failed"


def test_a_target_that_could_not_be_looked_up_is_inconclusive() -> None:
    result = judge(mx(MOVED, hosts=[host(NAME, answer(IPV4), no("timeout"))]))
    assert outcomes(result) == ["passed", "inconclusive"]
    assert reasons(result) == {"timeout"}
    assert outcome(judge(mx(MOVED, hosts=[host("unrelated.example.org")]))) == "inconclusive"


def test_addresses_that_are_only_half_known_are_not_held_against_the_target() -> None:
    half = addresses(host(NAME, answer(IPV4), no(DnsStatus.SERVFAIL)), configured=False)
    result = judge(mx(MOVED, hosts=[host(NAME, answer(IPV4), answer(IPV6))]), known=half)
    assert outcomes(result) == ["passed", "inconclusive"]


def test_unknown_gateway_addresses_do_not_hide_an_mx_at_microsoft() -> None:
    unknown = Unavailable(Reason.TIMEOUT, text("nobody answered"))
    assert outcome(judge(mx(MIXED), known=unknown)) == "failed"
    assert outcome(judge(mx(MOVED), known=unknown)) == "inconclusive"
    assert reasons(judge(mx(MOVED), known=unknown)) == {"timeout"}


@pytest.mark.parametrize("phase", EVERY)
def test_a_silent_server_is_inconclusive_and_a_failure_beats_it(phase: Phase) -> None:
    assert outcome(judge(mx(MOVED, no("timeout")), phase)) == "inconclusive"
    assert outcome(judge(mx(MIXED, no("timeout")), phase)) == "failed"


def test_not_moved_and_silent_is_not_just_a_warning() -> None:
    assert outcome(judge(mx(OLD, no("timeout")), Phase.CUTOVER)) == "inconclusive"


@pytest.mark.parametrize(
    "theirs",
    [
        MICROSOFT,
        "example-org.p-v1.mx.microsoft",
        "example-org.mail.eo.outlook.com",
        "example-org.mail.protection.office365.us",
        "example-org.mail.protection.partner.outlook.cn",
    ],
)
def test_microsofts_hosts_are_named_as_such(theirs: str) -> None:
    assert f"{theirs} (Microsoft)" in sentences(judge(mx(answer(f"10 {theirs}."))))


@pytest.mark.parametrize("name", [OTHER, "mail.protection.outlook.com.example.net", "notmx.microsoft.example.org"])
def test_other_hosts_are_not_taken_for_microsofts(name: str) -> None:
    result = judge(mx(answer(f"10 {name}.")))
    assert outcome(result) == "failed"
    assert "(Microsoft)" not in sentences(result)


def test_a_cluster_may_have_the_names_of_all_its_nodes() -> None:
    both = answer(f"10 {NAME}.", "20 secure2.example.org.")
    hosts = [host(), host("secure2.example.org", answer("192.0.2.26"))]
    known = GatewayAddresses(
        tuple(NodeAddresses(n.name, n.addresses, configured=True, lookup=host(n.name)) for n in CLUSTER.nodes)
    )
    assert set(outcomes(judge(mx(both, MOVED, hosts=hosts), known=known, gateway=CLUSTER))) == {"passed"}


def test_it_is_not_due_in_readiness() -> None:
    assert Phase.READINESS not in getattr(mail_from_the_internet_goes_to_the_gateway, MARK).phases

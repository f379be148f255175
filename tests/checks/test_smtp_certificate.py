from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.smtp_certificate import certificate_is_one_that_exchange_trusts
from seppcheck.api import (
    Anchor,
    Certificate,
    Outcome,
    Phase,
    Presented,
    Reason,
    Result,
    SmtpCertificate,
    SmtpFault,
    StartTls,
    text,
)
from seppcheck.model.checks import MARK
from tests.checks.evidence import (
    CLUSTER,
    DAY,
    GATEWAY,
    IPV4,
    NAME,
    NOW,
    OTHER,
    addresses,
    certificate,
    findings,
    outcome,
    outcomes,
    presented,
    reasons,
    sentences,
)

SECOND = timedelta(seconds=1)


def judge(*shown: Presented) -> Result:
    return certificate_is_one_that_exchange_trusts(GATEWAY, SmtpCertificate(25, shown), addresses(), NOW)


def test_a_right_certificate_passes() -> None:
    (finding,) = findings(judge(presented()))
    assert finding.outcome is Outcome.PASSED
    assert finding.subject == IPV4
    assert "CN=Example Root" in str(finding.summary)


@pytest.mark.parametrize(
    "leaf",
    [
        certificate(OTHER, NAME),
        certificate("*.example.org"),
        certificate("SECURE.EXAMPLE.ORG"),
        certificate(common_name=NAME),
        certificate(common_name="*.example.org"),
    ],
)
def test_a_name_that_covers_the_gateway_passes(leaf: Certificate) -> None:
    assert outcome(judge(presented(leaf))) == "passed"


@pytest.mark.parametrize(
    "leaf",
    [
        certificate(OTHER),
        certificate("example.org"),
        certificate("*.org"),
        certificate("*.secure.example.org"),
        certificate(OTHER, common_name=NAME),
        certificate(common_name=OTHER),
    ],
)
def test_a_name_that_does_not_cover_the_gateway_fails(leaf: Certificate) -> None:
    result = judge(presented(leaf))
    assert outcomes(result) == ["failed"]
    assert "stands for" in sentences(result)


def test_a_node_may_show_the_name_of_the_cluster() -> None:
    first = presented()
    second = Presented("secure2.example.org", "192.0.2.26", first.starttls, chain=first.chain, verdict=first.verdict)
    result = certificate_is_one_that_exchange_trusts(CLUSTER, SmtpCertificate(25, (first, second)), addresses(), NOW)
    assert outcomes(result) == ["passed", "passed"]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (-SECOND, "failed"),
        (timedelta(0), "warned"),
        (30 * DAY - SECOND, "warned"),
        (30 * DAY, "passed"),
    ],
)
def test_the_end_of_its_time(left: timedelta, expected: str) -> None:
    assert outcome(judge(presented(certificate(NAME, until=left)))) == expected


@given(st.timedeltas(min_value=timedelta(-1000), max_value=timedelta(1000)))
def test_every_second_of_its_time_is_judged(left: timedelta) -> None:
    expected = "failed" if left < timedelta(0) else "warned" if left < 30 * DAY else "passed"
    assert outcome(judge(presented(certificate(NAME, since=-2000 * DAY, until=left)))) == expected


def test_one_that_is_not_yet_valid_fails() -> None:
    assert outcome(judge(presented(certificate(NAME, since=SECOND)))) == "failed"
    assert outcome(judge(presented(certificate(NAME, since=timedelta(0))))) == "passed"


def test_a_chain_without_a_root_fails_with_the_reason() -> None:
    result = judge(presented(anchor=Anchor.NONE, problem="unable to get local issuer certificate"))
    assert outcome(result) == "failed"
    assert "unable to get local issuer certificate" in sentences(result)


def test_a_root_of_this_machine_alone_fails_and_is_named_as_such() -> None:
    result = judge(presented(anchor=Anchor.MACHINE))
    assert outcome(result) == "failed"
    assert "trusted on this machine, but by no root of Mozilla's list" in sentences(result)


def test_an_extra_root_passes_and_is_named() -> None:
    result = judge(presented(anchor=Anchor.EXTRA, root="CN=Lab Root"))
    assert outcome(result) == "passed"
    assert "CN=Lab Root is one of extra_roots" in sentences(result)


def test_one_that_is_not_for_servers_fails() -> None:
    assert outcome(judge(presented(certificate(NAME, server_auth=False)))) == "failed"


def test_each_fault_is_a_finding_of_its_own() -> None:
    leaf = certificate(OTHER, until=-DAY)
    assert outcomes(judge(presented(leaf, anchor=Anchor.NONE))) == ["failed", "failed", "failed"]


@pytest.mark.parametrize("starttls", [StartTls.NOT_ANNOUNCED, StartTls.REFUSED])
def test_no_starttls_fails(starttls: StartTls) -> None:
    fault = SmtpFault(Reason.REFUSED, "no") if starttls is StartTls.REFUSED else None
    result = judge(Presented(NAME, IPV4, starttls, fault=fault))
    assert outcomes(result) == ["failed"]
    assert "STARTTLS" in sentences(result)


@pytest.mark.parametrize("reason", ["throttled", "timeout", "tls-error", "refused", "malformed"])
def test_a_dialogue_that_ended_early_is_inconclusive_with_its_reason(reason: str) -> None:
    fault = SmtpFault(Reason(reason), text("it went wrong"))
    result = judge(presented(), Presented(NAME, IPV4, StartTls.UNKNOWN, fault=fault))
    assert outcomes(result) == ["passed", "inconclusive"]
    assert reasons(result) == {reason}


@pytest.mark.parametrize("starttls", [StartTls.DONE, StartTls.UNKNOWN])
def test_nothing_shown_is_never_green(starttls: StartTls) -> None:
    assert outcome(judge(Presented(NAME, IPV4, starttls))) == "inconclusive"
    assert outcome(judge(Presented(NAME, IPV4, starttls, chain=presented().chain))) == "inconclusive"
    assert outcome(judge()) == "inconclusive"


def test_in_readiness_it_is_a_warning_at_worst() -> None:
    caps = getattr(certificate_is_one_that_exchange_trusts, MARK).phases
    assert [caps[phase].value for phase in Phase] == ["warned", "failed", "failed", "failed"]

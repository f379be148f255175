from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from checks.dane_tlsa import tlsa_matches_the_certificate
from remediations.dane_tlsa import add_the_present_key
from seppcheck.api import (
    DnsAnswer,
    DnsImage,
    NodeTlsa,
    PlanPhase,
    Presented,
    Proposal,
    Reason,
    SmtpCertificate,
    StartTls,
    TlsaRecords,
    Unavailable,
    public_key_of,
    text,
)
from seppcheck.clients.certificates import decode
from tests.checks.evidence import DOMAIN, GATEWAY, IPV4, NAME, answer, no, outcome
from tests.peers.pki import self_signed
from tests.remediations.dns_simulation import answer_of, change_of, kinds
from tests.remediations.fact_simulation import step_of, told

STALE = f"3 1 1 {'ab' * 32}"
NEXT = f"3 1 1 {'cd' * 32}"


@pytest.fixture(scope="module")
def der() -> bytes:
    return self_signed(NAME).der[0]


def shown(*ders: bytes) -> SmtpCertificate:
    addresses = (IPV4, "192.0.2.26")
    return SmtpCertificate(
        25,
        tuple(
            Presented(NAME, address, StartTls.DONE, chain=(decode(each),))
            for address, each in zip(addresses, ders, strict=False)
        ),
    )


def plan(
    said: DnsAnswer, certificate: SmtpCertificate | Unavailable, phase: PlanPhase = PlanPhase.READINESS
) -> Proposal:
    return add_the_present_key(GATEWAY, TlsaRecords((NodeTlsa(NAME, said),)), certificate, phase)


def digest(der: bytes) -> str:
    return hashlib.sha256(public_key_of(der) or b"").hexdigest()


def test_the_present_key_is_added_beside_what_is_there(der: bytes) -> None:
    change = change_of(plan(answer(STALE, NEXT, ttl=60), shown(der)))
    assert change.before == DnsImage(f"_25._tcp.{NAME}", "TLSA", 60, (STALE, NEXT))
    assert change.after == DnsImage(f"_25._tcp.{NAME}", "TLSA", 3600, (STALE, NEXT, f"3 1 1 {digest(der)}"))


def test_every_address_counts(der: bytes) -> None:
    other = self_signed(NAME).der[0]
    change = change_of(plan(answer(f"3 1 1 {digest(der)}"), shown(der, other)))
    assert isinstance(change.after, DnsImage)
    assert change.after.values == (f"3 1 1 {digest(der)}", f"3 1 1 {digest(other)}")


def test_planned_and_applied_the_check_passes_and_nothing_is_left_to_plan(der: bytes) -> None:
    certificate = shown(der, self_signed(NAME).der[0])
    image = change_of(plan(answer(STALE), certificate)).after
    assert isinstance(image, DnsImage)
    after = TlsaRecords((NodeTlsa(NAME, answer_of(image)),))
    assert outcome(tlsa_matches_the_certificate(DOMAIN, after, certificate)) == "passed"
    assert plan(answer_of(image), certificate) == []


def test_no_records_and_those_that_match_need_nothing(der: bytes) -> None:
    assert plan(answer(), shown(der)) == []
    assert plan(no("timeout"), shown(der)) == []
    assert plan(answer(STALE, f"3 1 1 {digest(der).upper()}"), shown(der)) == []


def test_a_certificate_that_was_not_seen_is_not_planned_for() -> None:
    assert plan(answer(STALE), Unavailable(Reason.TIMEOUT, text("timed out"))) == []
    assert plan(answer(STALE), SmtpCertificate(25, (Presented(NAME, IPV4, StartTls.UNKNOWN),))) == []


def test_an_alias_and_a_certificate_that_cannot_be_read_are_for_people(der: bytes) -> None:
    step = step_of(plan(answer(STALE, aliases=("tlsa.example.net",)), shown(der)))
    assert f"3 1 1 {digest(der)}" in told(step)
    (presented,) = shown(der).presented
    unreadable = replace(presented, chain=(replace(presented.chain[0], der=""),))
    assert "3 1 1" in told(step_of(plan(answer(STALE), SmtpCertificate(25, (unreadable,)))))


def test_in_a_cutover_it_is_only_told(der: bytes) -> None:
    assert kinds(plan(answer(STALE), shown(der), PlanPhase.CUTOVER)) == ["Note"]

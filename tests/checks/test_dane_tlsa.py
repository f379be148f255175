from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from checks.dane_tlsa import tlsa_matches_the_certificate
from seppcheck.api import (
    DnsAnswer,
    Finding,
    NodeTlsa,
    Presented,
    Reason,
    SmtpCertificate,
    SmtpFault,
    StartTls,
    TlsaRecords,
    Unavailable,
    public_key_of,
    text,
)
from seppcheck.clients.certificates import decode
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.evidence import answer, no
from tests.checks.gateway_facts import DOMAIN
from tests.peers.pki import self_signed

NODE = "secure.example.org"


@pytest.fixture(scope="module")
def der() -> bytes:
    return self_signed(NODE).der[0]


def judged(der: bytes, found: DnsAnswer, presented: Presented | None = None) -> list[Finding]:
    shown = presented or Presented(NODE, "192.0.2.1", StartTls.DONE, chain=(decode(der),))
    result = tlsa_matches_the_certificate(DOMAIN, TlsaRecords((NodeTlsa(NODE, found),)), SmtpCertificate(25, (shown,)))
    assert not isinstance(result, Finding)
    return list(result)


def spki(der: bytes) -> bytes:
    key = x509.load_der_x509_certificate(der).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_the_public_key_is_the_one_that_a_library_reads(der: bytes) -> None:
    assert public_key_of(der) == spki(der)


@given(st.binary(max_size=60))
def test_any_bytes_have_a_public_key_or_none(data: bytes) -> None:
    assert public_key_of(data) is None or isinstance(public_key_of(data), bytes)


@pytest.mark.parametrize("usage", ["1", "3", "2", "0"])
def test_records_of_every_selector_and_matching_type_match(der: bytes, usage: str) -> None:
    for selector, selected in (("0", der), ("1", spki(der))):
        for matching, hashed in (
            ("0", selected.hex()),
            ("1", hashlib.sha256(selected).hexdigest()),
            ("2", hashlib.sha512(selected).hexdigest().upper()),
        ):
            found = judged(der, answer("3 1 1 00", f"{usage} {selector} {matching} {hashed}"))
            assert outcome_of(found) is Outcome.PASSED


@pytest.mark.parametrize("record", ["3 1 1 00", "3 9 1 00", "3 1 9 00", "3 0 1"])
def test_a_record_that_matches_nothing_is_warned(der: bytes, record: str) -> None:
    assert outcome_of(judged(der, answer(record))) is Outcome.WARNED


def test_no_record_passes_and_an_unanswered_question_does_not(der: bytes) -> None:
    assert outcome_of(judged(der, answer())) is Outcome.PASSED
    assert outcome_of(judged(der, no("nxdomain"))) is Outcome.PASSED
    assert outcome_of(judged(der, no("servfail"))) is Outcome.INCONCLUSIVE


def test_a_record_without_a_certificate_to_compare_is_inconclusive(der: bytes) -> None:
    silent = Presented(NODE, "192.0.2.1", StartTls.UNKNOWN, fault=SmtpFault(Reason.TIMEOUT, "silence"))
    gone = Unavailable(Reason.TIMEOUT, text("silence"))
    tlsa = TlsaRecords((NodeTlsa(NODE, answer("3 1 1 00")),))
    other = replace(silent, node="other.example.org")

    assert outcome_of(judged(der, answer("3 1 1 00"), silent)) is Outcome.INCONCLUSIVE
    assert outcome_of(judged(der, answer("3 1 1 00"), other)) is Outcome.INCONCLUSIVE
    result = tlsa_matches_the_certificate(DOMAIN, tlsa, gone)
    assert not isinstance(result, Finding)
    assert outcome_of(result) is Outcome.INCONCLUSIVE


def test_the_certificate_is_kept_whole(der: bytes) -> None:
    assert decode(der).der == b64encode(der).decode("ascii")

from __future__ import annotations

import hashlib

import pytest

from seppcheck.clients.certificates import decode
from seppcheck.judgement.tlsa import matches_tlsa
from seppcheck.model.certificates import public_key_of
from tests.peers.pki import self_signed


@pytest.fixture(scope="module")
def der() -> bytes:
    return self_signed("secure.example.org").der[0]


def test_a_record_matches_by_its_selector_and_matching_type(der: bytes) -> None:
    chain = (decode(der),)
    key = public_key_of(der) or b""
    assert matches_tlsa(f"3 1 1 {hashlib.sha256(key).hexdigest()}", chain)
    assert matches_tlsa(f"3 0 2 {hashlib.sha512(der).hexdigest().upper()}", chain)
    assert matches_tlsa(f"3 0 0 {der.hex()[:40]} {der.hex()[40:]}", chain)
    assert not matches_tlsa(f"3 0 1 {hashlib.sha256(key).hexdigest()}", chain)


def test_only_usages_of_authorities_look_beyond_the_servers_own_certificate(der: bytes) -> None:
    other = self_signed("other.example.org").der[0]
    chain = (decode(other), decode(der))
    digest = hashlib.sha256(der).hexdigest()
    assert [matches_tlsa(f"{usage} 0 1 {digest}", chain) for usage in range(4)] == [True, False, True, False]


@pytest.mark.parametrize("record", ["3 9 1 ab", "3 1 9 ab", "3 1 1 zz"])
def test_what_cannot_be_read_matches_nothing(der: bytes, record: str) -> None:
    assert not matches_tlsa(record, (decode(der),))

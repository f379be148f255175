"""DKIM keys, DMARC, MTA-STS and TLSA, read from real name servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from seppcheck.api import (
    DkimRecord,
    DmarcRecord,
    DnsStatus,
    Domain,
    Gateway,
    MtaStsPolicy,
    Reason,
    Session,
    TlsaRecords,
    Unavailable,
)
from seppcheck.sources.dkim_dns import dkim_record
from seppcheck.sources.policies import dmarc_record, mta_sts_policy, tlsa_records
from tests.peers.dns_world import SILENT, DnsWorld


@pytest.fixture
async def session(dns: DnsWorld) -> AsyncIterator[Session]:
    opened = Session(dns.settings(), lambda: datetime.now(UTC), 60)
    yield opened
    await opened.close()


async def test_the_key_at_the_selector_is_read_whole(session: Session) -> None:
    found = await dkim_record(Domain("example.test", "", "seppmail"), session)

    assert isinstance(found, DkimRecord)
    assert (found.name, found.keys) == ("seppmail._domainkey.example.test", ("AAAA",))


async def test_another_selector_has_no_record(session: Session) -> None:
    found = await dkim_record(Domain("example.test", "", "other"), session)

    assert isinstance(found, DkimRecord)
    assert (found.answer.status, found.keys) == (DnsStatus.NXDOMAIN, ())


async def test_without_a_selector_it_says_what_to_configure(session: Session) -> None:
    found = await dkim_record(Domain("example.test"), session)

    assert isinstance(found, Unavailable)
    assert found.reason is Reason.NOT_CONFIGURED
    assert "dkim_selector" in str(found.detail)


@pytest.mark.parametrize("name", ["example.test", "deep.below.example.test"])
async def test_dmarc_is_found_at_the_domain_or_above(session: Session, name: str) -> None:
    found = await dmarc_record(Domain(name), session)

    assert isinstance(found, DmarcRecord)
    assert (found.found_at, found.records) == ("example.test", ("v=DMARC1; p=none",))


async def test_a_domain_without_dmarc_says_so(session: Session) -> None:
    found = await dmarc_record(Domain("texts.test"), session)

    assert isinstance(found, DmarcRecord)
    assert (found.found_at, found.records) == ("", ())


async def test_an_unanswered_question_is_not_a_missing_record(dns: DnsWorld) -> None:
    session = Session(dns.settings(SILENT, timeout=0.2), lambda: datetime.now(UTC), 60)
    try:
        for found in (
            await dmarc_record(Domain("example.test"), session),
            await mta_sts_policy(Domain("example.test"), session),
        ):
            assert isinstance(found, Unavailable)
            assert found.reason is Reason.TIMEOUT
    finally:
        await session.close()


async def test_tlsa_records_are_read_as_they_are_written(session: Session) -> None:
    found = await tlsa_records(Gateway("secure.example.test"), session)

    assert isinstance(found, TlsaRecords)
    (node,) = found.nodes
    (value,) = node.answer.values
    assert value.split()[:3] == ["3", "1", "1"]
    assert "".join(value.split()[3:]).lower() == "0123456789abcdef" * 4


async def test_without_an_announcement_no_policy_is_fetched(session: Session) -> None:
    found = await mta_sts_policy(Domain("example.test"), session)

    assert isinstance(found, MtaStsPolicy)
    assert not found.announced


async def test_an_announced_policy_that_cannot_be_fetched_is_a_fault(session: Session) -> None:
    found = await mta_sts_policy(Domain("unreachable.example.test"), session)

    assert isinstance(found, MtaStsPolicy)
    assert found.announced
    assert found.fault is not None

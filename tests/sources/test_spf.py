"""The evidence of SPF: one verdict for each address of the gateway, from real name servers and from tables."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from seppcheck.api import DnsAnswer, DnsStatus, Domain, Gateway, GatewayAddresses, Node, Session
from seppcheck.sources import spf
from seppcheck.sources.gateway_dns import gateway_addresses
from seppcheck.sources.spf_questions import Lookup
from tests.peers.dns_world import DnsWorld

TXT = DnsAnswer(DnsStatus.ANSWER, ("v=spf1 exists:%{h} -all",))
SENDERS = {"192.0.2.25": "gw1.example.org", "2001:db8::25": "gw2.example.org"}


async def test_every_address_is_judged_under_the_name_of_its_node_and_nothing_is_asked_twice() -> None:
    asked: list[tuple[str, str]] = []

    async def lookup(name: str, rdtype: str) -> DnsAnswer:
        asked.append((name, rdtype))
        await asyncio.sleep(0)
        return {"example.org": TXT, "gw1.example.org": DnsAnswer(DnsStatus.ANSWER, ("127.0.0.2",))}.get(
            name, DnsAnswer(DnsStatus.NXDOMAIN)
        )

    found = await spf.evaluate("example.org", SENDERS, lookup, ("192.0.2.53",))

    assert [(v.address, v.result) for v in found.verdicts] == [("192.0.2.25", "pass"), ("2001:db8::25", "fail")]
    assert (found.exists, found.asked) == (True, "192.0.2.53")
    assert sorted(asked) == [("example.org", "TXT"), ("gw1.example.org", "A"), ("gw2.example.org", "A")]


def always(status: DnsStatus) -> Lookup:
    async def lookup(name: str, rdtype: str) -> DnsAnswer:
        return DnsAnswer(status)

    return lookup


@pytest.mark.parametrize(
    ("status", "result", "exists"),
    [
        (DnsStatus.NXDOMAIN, "none", False),
        (DnsStatus.NODATA, "none", True),
        (DnsStatus.SERVFAIL, "temperror", True),
        (DnsStatus.TIMEOUT, "temperror", True),
    ],
)
async def test_a_domain_without_records_differs_from_one_that_is_silent(
    status: DnsStatus, result: str, exists: bool
) -> None:
    found = await spf.evaluate("example.org", SENDERS, always(status))

    assert ({v.result.value for v in found.verdicts}, found.exists) == ({result}, exists)


async def test_an_evaluation_that_takes_too_long_is_a_temperror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spf, "TIME_LIMIT", 0.01)

    stopped = asyncio.Event()

    async def lookup(name: str, rdtype: str) -> DnsAnswer:
        if rdtype == "A":
            try:
                await asyncio.sleep(3600)
            finally:
                stopped.set()
        return TXT

    found = await spf.evaluate("example.org", SENDERS, lookup)

    assert {v.result.value for v in found.verdicts} == {"temperror"}
    await asyncio.wait_for(stopped.wait(), 5)


async def test_a_real_zone_is_evaluated_through_the_client(dns: DnsWorld) -> None:
    session = Session(dns.settings(), lambda: datetime.now(UTC), 60)
    gateway = Gateway("secure.example.test", (Node("secure.example.test"),))
    try:
        known = await gateway_addresses(gateway, session)
        assert isinstance(known, GatewayAddresses)
        found = await spf.spf_evaluation(Domain("example.test"), known, session)
    finally:
        await session.close()

    assert [(v.address, v.result, v.mechanism) for v in found.verdicts] == [
        ("192.0.2.25", "pass", "ip4:192.0.2.25"),
        ("2001:db8::25", "fail", "-all"),
    ]
    assert found.resolvers

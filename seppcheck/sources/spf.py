"""SPF of a domain, evaluated for the addresses of its gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from seppcheck.clients.dns import dns_client
from seppcheck.model.dns import DnsAnswer, DnsStatus, GatewayAddresses, SpfEvaluation, SpfResult, SpfVerdict
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Domain
from seppcheck.model.text import text
from seppcheck.sources.spf_evaluation import Identity, check_host
from seppcheck.sources.spf_questions import Lookup

TIME_LIMIT = 20.0
"""Seconds for one address; receivers need not wait longer (RFC 7208 section 4.6.4)."""


@source("dns")
async def spf_evaluation(domain: Domain, addresses: GatewayAddresses, session: Session) -> SpfEvaluation:
    """Evaluate SPF for mail from the domain's postmaster, by every address of every node."""
    client = session.client(dns_client)
    return await evaluate(domain.name, _helo_names(addresses), client.lookup, resolvers=tuple(client.resolvers))


def _helo_names(addresses: GatewayAddresses) -> Mapping[str, str]:
    """Each address with the name its node gives in HELO (guide P5)."""
    return {address: node.name for node in addresses.nodes for address in node.addresses}


async def evaluate(
    domain: str, senders: Mapping[str, str], lookup: Lookup, resolvers: tuple[str, ...] = ()
) -> SpfEvaluation:
    """Evaluate a domain for some addresses, all at the same time; each question is asked once.

    Args:
        domain: the domain of MAIL FROM, an A-label name.
        senders: the HELO name of each address.
        lookup: how to ask DNS.
        resolvers: whom that asks, for the record.
    """
    answers = _Answers(lookup)
    try:
        verdicts = await asyncio.gather(
            *(_in_time(address, Identity(domain, helo), answers) for address, helo in senders.items())
        )
        record = await answers(domain, "TXT")
    finally:
        answers.close()
    return SpfEvaluation(domain, tuple(verdicts), record.status is not DnsStatus.NXDOMAIN, resolvers)


class _Answers:
    """Shares answers between evaluations, also those that are still to come."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._asked: dict[tuple[str, str], asyncio.Future[DnsAnswer]] = {}

    async def __call__(self, name: str, rdtype: str) -> DnsAnswer:
        key = name.lower(), rdtype
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._lookup(name, rdtype))
        # Shielded: an evaluation that runs out of time must not take the answer from the others.
        return await asyncio.shield(self._asked[key])

    def close(self) -> None:
        """Stop asking what nobody waits for any more."""
        for question in self._asked.values():
            question.cancel()


async def _in_time(address: str, identity: Identity, lookup: Lookup) -> SpfVerdict:
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return await check_host(address, identity, lookup)
    except TimeoutError:
        problem = text("it was not evaluated to the end within {seconds} seconds", seconds=f"{TIME_LIMIT:.0f}")
        return SpfVerdict(address, SpfResult.TEMPERROR, problem=problem)

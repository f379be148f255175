"""Sources of policies in DNS: DMARC, MTA-STS (whose text is fetched over HTTPS), TLSA."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from seppcheck.clients.dns import DnsClient, dns_client
from seppcheck.clients.http import HttpClient, HttpFault
from seppcheck.model.dns import DnsAnswer
from seppcheck.model.evidence import Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.policies import DmarcRecord, MtaStsPolicy, NodeTlsa, TlsaRecords
from seppcheck.model.sources import Session, source
from seppcheck.model.targets import Domain, Gateway
from seppcheck.model.text import text

_MOST_LEVELS = 8
"""How many names the walk towards the root looks at (RFC 9989 section 4.10)."""
_POLICY_LIMIT = 64 * 1024
"""The largest policy (RFC 8461 section 3.3 suggests 64 KB)."""
_POLICY_SECONDS = 15.0


@source("dns")
async def dmarc_record(domain: Domain, session: Session) -> DmarcRecord | Unavailable:
    """Walk from the domain towards the root until a name has a DMARC record."""
    client = session.client(dns_client)
    for name in _walk(domain.name):
        answer = await client.lookup(f"_dmarc.{name}", "TXT")
        if not answer.status.looked:
            return _unanswered(f"_dmarc.{name}", answer)
        records = tuple(value for value in answer.values if _is_dmarc(value))
        if records:
            return DmarcRecord(domain.name, name, records, client.resolvers)
    return DmarcRecord(domain.name, "", (), client.resolvers)


def _walk(name: str) -> Sequence[str]:
    labels = name.split(".")
    above = [".".join(labels[n:]) for n in range(1, len(labels))]
    return [name, *above[-(_MOST_LEVELS - 1) :]]


def _is_dmarc(value: str) -> bool:
    return value.replace(" ", "").partition(";")[0] == "v=DMARC1"


def _unanswered(name: str, answer: DnsAnswer) -> Unavailable:
    detail = text(
        "the look-up of {name} failed: {status}. Try again, or name other resolvers in [dns]",
        name=name,
        status=answer.detail or answer.status.value,
    )
    return Unavailable(answer.status.reason, detail)


@source("dns")
async def tlsa_records(gateway: Gateway, session: Session) -> TlsaRecords | Unavailable:
    """Look up what DANE says of each node's port 25."""
    client = session.client(dns_client)
    answers = await asyncio.gather(*(_tlsa(client, node.name) for node in gateway.nodes))
    return TlsaRecords(tuple(answers), client.resolvers)


async def _tlsa(client: DnsClient, node: str) -> NodeTlsa:
    return NodeTlsa(node, await client.lookup(f"_25._tcp.{node}", "TLSA"))


@source("dns")
async def mta_sts_policy(domain: Domain, session: Session) -> MtaStsPolicy | Unavailable:
    """Look for the announcement, and fetch the policy where there is one."""
    client = session.client(dns_client)
    answer = await client.lookup(f"_mta-sts.{domain.name}", "TXT")
    if not answer.status.looked:
        return _unanswered(f"_mta-sts.{domain.name}", answer)
    if not any(value.replace(" ", "").startswith("v=STSv1;") for value in answer.values):
        return MtaStsPolicy(domain.name, announced=False, resolvers=client.resolvers)
    try:
        content = await asyncio.to_thread(fetch, f"https://mta-sts.{domain.name}/.well-known/mta-sts.txt")
    except HttpFault as fault:
        why = Unavailable(fault.reason, fault.detail)
        return MtaStsPolicy(domain.name, announced=True, fault=why, resolvers=client.resolvers)
    return policy_of(domain.name, content, client.resolvers)


def fetch(url: str) -> str:
    """Fetch a policy; redirects are not followed (RFC 8461 section 3.3).

    Raises:
        HttpFault: when it cannot be had.
    """
    client = HttpClient()
    try:
        return client.request("GET", url, seconds=_POLICY_SECONDS, limit=_POLICY_LIMIT).require_success().text
    finally:
        client.close()


def policy_of(domain: str, content: str, resolvers: tuple[str, ...] = ()) -> MtaStsPolicy:
    """Read a policy's text (RFC 8461 section 3.2): one `key: value` a line."""
    lines = [line.partition(":") for line in content.replace("\r", "\n").split("\n") if ":" in line]
    fields = [(key.strip().lower(), value.strip()) for key, _, value in lines]
    mode = next((value.lower() for key, value in fields if key == "mode"), "")
    mx = tuple(value.lower().rstrip(".") for key, value in fields if key == "mx")
    if ("version", "STSv1") not in fields or mode not in ("enforce", "testing", "none"):
        why = Unavailable(Reason.MALFORMED, text("what mta-sts.{domain} serves is no MTA-STS policy", domain=domain))
        return MtaStsPolicy(domain, announced=True, fault=why, resolvers=resolvers)
    return MtaStsPolicy(domain, announced=True, mode=mode, mx=mx, resolvers=resolvers)

"""A healthy world as evidence, for tests to spoil one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from seppcheck.api import (
    Anchor,
    Certificate,
    ChainVerdict,
    DnsAnswer,
    DnsStatus,
    Domain,
    Finding,
    Gateway,
    GatewayAddresses,
    Greeting,
    HostLookup,
    MxRecords,
    Node,
    NodeAddresses,
    Now,
    Outcome,
    Presented,
    Result,
    ReverseDns,
    ReverseEntry,
    RunHistory,
    SeenRun,
    SeenServer,
    ServerAnswer,
    SpfRecords,
    StartTls,
    ZoneServers,
)
from seppcheck.model.results import outcome_of

NAME = "secure.example.org"
IPV4 = "192.0.2.25"
IPV6 = "2001:db8::25"
OTHER = "mail.example.net"
MICROSOFT = "example-org.mail.protection.outlook.com"
GATEWAY = Gateway(NAME, (Node(NAME, (IPV4,)),))
CLUSTER = Gateway(NAME, (Node(NAME, (IPV4,)), Node("secure2.example.org", ("192.0.2.26",))))
DOMAIN = Domain("example.org")
NOW = Now(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
DAY = timedelta(days=1)

NS1 = ("ns1.example.org", "192.0.2.1")
NS2 = ("ns2.example.org", "192.0.2.2")
NS1_IPV6 = ("ns1.example.org", "2001:db8::1")
ZONE = ZoneServers("example.org", ("ns1.example.org", "ns2.example.org"), "org", ("ns1.example.org",))


def findings(result: Result) -> list[Finding]:
    return [result] if isinstance(result, Finding) else list(result)


def outcome(result: Result) -> Outcome:
    return outcome_of(findings(result))


def outcomes(result: Result) -> list[str]:
    return [finding.outcome.value for finding in findings(result)]


def reasons(result: Result) -> set[str]:
    return {finding.reason.value for finding in findings(result) if finding.reason is not None}


def sentences(result: Result) -> str:
    return "\n".join(str(finding.summary) for finding in findings(result))


def answer(*values: str, ttl: int | None = 300, aliases: tuple[str, ...] = ()) -> DnsAnswer:
    return DnsAnswer(DnsStatus.ANSWER if values else DnsStatus.NODATA, values, ttl if values else None, aliases)


def no(status: DnsStatus | str) -> DnsAnswer:
    return DnsAnswer(DnsStatus(status))


def served(server: tuple[str, str], said: DnsAnswer) -> ServerAnswer:
    return ServerAnswer(*server, said)


def host(name: str = NAME, ipv4: DnsAnswer | None = None, ipv6: DnsAnswer | None = None) -> HostLookup:
    return HostLookup(name, answer(IPV4) if ipv4 is None else ipv4, answer() if ipv6 is None else ipv6)


def mx_records(*servers: ServerAnswer, hosts: Sequence[HostLookup] = (), zone: ZoneServers = ZONE) -> MxRecords:
    return MxRecords("example.org", zone, servers, (), tuple(hosts) or (host(),))


def mx(*said: DnsAnswer, hosts: Sequence[HostLookup] = ()) -> MxRecords:
    """What ns1 and ns2 say."""
    return mx_records(*(served(s, a) for s, a in zip((NS1, NS2), said, strict=False)), hosts=hosts)


def spf_records(*servers: ServerAnswer) -> SpfRecords:
    return SpfRecords("example.org", ZONE, servers)


def spf(*said: DnsAnswer) -> SpfRecords:
    return spf_records(*(served(s, a) for s, a in zip((NS1, NS2), said, strict=False)))


def addresses(lookup: HostLookup | None = None, *, configured: bool = True) -> GatewayAddresses:
    """The gateway's addresses; those that are not configured are what the name resolves to."""
    found = host() if lookup is None else lookup
    own = (IPV4,) if configured else found.addresses
    return GatewayAddresses((NodeAddresses(NAME, own, configured, found),))


def reverse(*entries: ReverseEntry, nodes: Sequence[NodeAddresses] = ()) -> ReverseDns:
    return ReverseDns(entries, tuple(nodes) or addresses().nodes)


def greeting(*lines: str, node: str = NAME, address: str = IPV4) -> Greeting:
    return Greeting(node, address, 220, lines or (f"{NAME} ESMTP",))


def certificate(
    *names: str,
    common_name: str = NAME,
    since: timedelta = -30 * DAY,
    until: timedelta = 90 * DAY,
    server_auth: bool = True,
) -> Certificate:
    """A certificate with these SAN names; without any, it has no SAN at all."""
    return Certificate(
        subject=f"CN={common_name}",
        common_names=(common_name,),
        dns_names=names,
        has_san=bool(names),
        issuer="CN=Example CA",
        serial="1",
        not_before=NOW.at + since,
        not_after=NOW.at + until,
        sha256="00",
        server_auth=server_auth,
        der="",
    )


def presented(
    *chain: Certificate, anchor: Anchor = Anchor.MOZILLA, root: str = "CN=Example Root", problem: str = ""
) -> Presented:
    verdict = ChainVerdict(anchor, root, problem)
    return Presented(
        NAME, IPV4, StartTls.DONE, "TLSv1.3", "TLS_AES_128_GCM_SHA256", chain or (certificate(NAME),), verdict
    )


def seen(at: datetime, *ttls: int | None, spf_ttls: Sequence[int | None] | None = None) -> SeenRun:
    """One recorded run; None = the server was silent. SPF is as MX unless told."""
    return SeenRun(at, _seen(ttls, "10 mx."), _seen(ttls if spf_ttls is None else spf_ttls, "v=spf1 -all"))


def _seen(ttls: Sequence[int | None], value: str) -> tuple[SeenServer, ...]:
    servers = (NS1, NS2, ("ns3.example.org", "192.0.2.3"))
    return tuple(
        SeenServer(*server, None, (), "timeout") if ttl is None else SeenServer(*server, ttl, (value,))
        for server, ttl in zip(servers, ttls, strict=False)
    )


def history(*runs: SeenRun) -> RunHistory:
    return RunHistory("example.org", runs, ".seppcheck/history")

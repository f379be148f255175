"""DNS evidence. Names are lower-case A-labels without a trailing dot; RDATA keeps its text form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.outcomes import Reason
from seppcheck.model.targets import Domain, Gateway
from seppcheck.model.text import Text


class DnsStatus(StrEnum):
    """How a question ended. These are different things and stay different."""

    ANSWER = "answer"
    NXDOMAIN = "nxdomain"
    NODATA = "nodata"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    LAME = "lame"
    """It answered without authority, or with a referral (RFC 1912 section 2.8)."""
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    """Truncated over UDP and not to be had over TCP."""
    UNREACHABLE = "unreachable"
    MALFORMED = "malformed"
    NO_ADDRESS = "no-address"
    """A name server whose name has no address."""
    NO_ROUTE = "no-route"
    """This machine has no route for the address family: noted, not judged."""

    @property
    def looked(self) -> bool:
        """Whether the question was answered, be it with "there is none"."""
        return self in (DnsStatus.ANSWER, DnsStatus.NXDOMAIN, DnsStatus.NODATA)

    @property
    def reason(self) -> Reason:
        """The reason code of an inconclusive finding for a question that was not answered."""
        return _REASONS.get(self, Reason.DNS_ERROR)


def host_name(text: str) -> str:
    """Return a domain name in the form that is compared: lower case, no trailing dot."""
    return text.strip().lower().rstrip(".")


def mail_exchanger(value: str) -> str:
    """Return the host of MX RDATA (`10 host.`); a null MX (`0 .`, RFC 7505) has none: an empty text."""
    return host_name(value.rpartition(" ")[2])


_REASONS = {
    DnsStatus.TIMEOUT: Reason.TIMEOUT,
    DnsStatus.UNREACHABLE: Reason.UNREACHABLE,
    DnsStatus.NO_ROUTE: Reason.UNREACHABLE,
    DnsStatus.MALFORMED: Reason.MALFORMED,
}


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """The answer to one question: its status, the RDATA as text, and the RRset's TTL in seconds.

    `aliases` are the CNAME targets that were followed, in order. An MX value reads `10 host.`;
    a TXT value is its strings joined without a separator (RFC 7208 section 3.3). `rdata` is a whole TXT RRset
    as master-file text, string by string, also what `values` leave out; () for other types.
    """

    status: DnsStatus
    values: tuple[str, ...] = ()
    ttl: int | None = None
    aliases: tuple[str, ...] = ()
    detail: str = ""
    rdata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """What one address of one name server (or one resolver) answered."""

    server: str
    address: str
    answer: DnsAnswer

    @property
    def subject(self) -> str:
        """How findings name it: `ns1.example.org (192.0.2.1)`."""
        return f"{self.server} ({self.address})" if self.address else self.server


@dataclass(frozen=True, slots=True)
class HostLookup:
    """The addresses of a host as the resolvers see it: A and AAAA, each with its own status."""

    name: str
    ipv4: DnsAnswer
    ipv6: DnsAnswer

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address, IPv4 first."""
        return self.ipv4.values + self.ipv6.values

    @property
    def aliases(self) -> tuple[str, ...]:
        """The CNAME targets in the way, if any."""
        return self.ipv4.aliases or self.ipv6.aliases

    @property
    def fault(self) -> DnsAnswer | None:
        """The answer that could not be had, if one of the two is missing."""
        return next((answer for answer in (self.ipv4, self.ipv6) if not answer.status.looked), None)


@dataclass(frozen=True, slots=True)
class ZoneServers:
    """The servers of a zone: the union of what the zone and its parent say (RFC 1034 section 4.2).

    `parent_status` tells how the parent's view was had: ANSWER; NO_ADDRESS or a failure of the
    parent's servers that were found; LAME etc. `parent_known` is false when the resolver could not
    even name the parent's servers (a root zone of one's own, a lab): a note, not a verdict.
    """

    zone: str
    own: tuple[str, ...]
    parent: str = ""
    parental: tuple[str, ...] = ()
    parent_known: bool = True
    parent_status: DnsStatus = DnsStatus.ANSWER
    parent_detail: str = ""


@dataclass(frozen=True, slots=True)
class NodeAddresses:
    """One node: `addresses` are in force; `lookup` is what DNS says of the name, always asked."""

    name: str
    addresses: tuple[str, ...]
    configured: bool
    lookup: HostLookup
    resolvers: tuple[str, ...] = ()


@evidence("gateway-addresses", target=Gateway)
@dataclass(frozen=True, slots=True)
class GatewayAddresses(Evidence):
    """The public addresses of each node: configured, or else what its name resolves to."""

    nodes: tuple[NodeAddresses, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of every node, once."""
        return tuple(dict.fromkeys(a for node in self.nodes for a in node.addresses))

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(dict.fromkeys(r for node in self.nodes for r in node.resolvers))


@dataclass(frozen=True, slots=True)
class ReverseEntry:
    """One address: the node it should resolve back to, its PTR, and each PTR name looked up again."""

    address: str
    node: str
    pointer: DnsAnswer
    forward: tuple[HostLookup, ...] = ()


@evidence("reverse-dns", target=Gateway)
@dataclass(frozen=True, slots=True)
class ReverseDns(Evidence):
    """PTR records of the gateway's public addresses with forward confirmation (guide P1).

    A node without any address has no entry; `nodes` says what its name resolved to.
    """

    entries: tuple[ReverseEntry, ...]
    nodes: tuple[NodeAddresses, ...] = ()
    resolvers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(self.resolvers)


class _ZoneAnswers(Evidence):
    __slots__ = ()
    servers: tuple[ServerAnswer, ...]

    @property
    def asked(self) -> str:
        """Every address that was asked, once."""
        return ", ".join(dict.fromkeys(s.address for s in self.servers if s.address))


@evidence("mx-records", target=Domain)
@dataclass(frozen=True, slots=True)
class MxRecords(_ZoneAnswers):
    """The MX RRset of a domain at every address of every authoritative server, and at the resolvers.

    `hosts` are the MX targets, looked up through the resolvers.
    """

    domain: str
    zone: ZoneServers
    servers: tuple[ServerAnswer, ...]
    resolvers: tuple[ServerAnswer, ...] = ()
    hosts: tuple[HostLookup, ...] = ()

    def names_only(self, names: Collection[str]) -> bool:
        """Tell whether every server that answered has MX records, and none but these names."""
        answers = [each.answer for each in self.servers if each.answer.status.looked]
        hosts = {mail_exchanger(value) for answer in answers for value in answer.values}
        return bool(hosts) and all(answer.values for answer in answers) and hosts <= set(names)


@evidence("spf-records", target=Domain)
@dataclass(frozen=True, slots=True)
class SpfRecords(_ZoneAnswers):
    """The SPF records (`v=spf1`, RFC 7208 section 4.5) of a domain, at the same servers as its MX.

    Values hold the SPF records alone; the TTL is that of the whole TXT RRset. ANSWER without a value
    means: there are TXT records, and none is SPF.
    """

    domain: str
    zone: ZoneServers
    servers: tuple[ServerAnswer, ...]
    resolvers: tuple[ServerAnswer, ...] = ()


class SpfResult(StrEnum):
    """Results of check_host(), RFC 7208 section 2.6."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the RFC's word, not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class SpfVerdict:
    """check_host() for one address: result, what matched, and how near the limits it came.

    `lookups` counts terms that query DNS (at most 10), `voids` look-ups that find nothing (at most 2;
    RFC 7208 section 4.6.4). `problem` says what made it an error. `trace` tells every term that was
    evaluated, in order.
    """

    address: str
    result: SpfResult
    mechanism: str = ""
    lookups: int = 0
    voids: int = 0
    problem: Text = ""
    trace: tuple[str, ...] = ()


@evidence("spf-evaluation", target=Domain)
@dataclass(frozen=True, slots=True)
class SpfEvaluation(Evidence):
    """SPF of a domain evaluated for every address of the gateway (RFC 7208)."""

    domain: str
    verdicts: tuple[SpfVerdict, ...]
    exists: bool = True
    resolvers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(self.resolvers)

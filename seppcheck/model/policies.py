"""Policies that a domain or a gateway publishes in DNS, as evidence: DMARC, MTA-STS, DANE."""

from __future__ import annotations

from dataclasses import dataclass

from seppcheck.model.dns import DnsAnswer
from seppcheck.model.evidence import Evidence, Unavailable, evidence
from seppcheck.model.targets import Domain, Gateway


@evidence("dmarc-record", target=Domain)
@dataclass(frozen=True, slots=True)
class DmarcRecord(Evidence):
    """The DMARC record that counts for a domain: its own, or the nearest above it (RFC 9989 section 4.10).

    `records` are the values that begin with `v=DMARC1`; `found_at` is the domain that has them, "" when none has.
    """

    domain: str
    found_at: str
    records: tuple[str, ...]
    resolvers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(self.resolvers)


@evidence("mta-sts-policy", target=Domain)
@dataclass(frozen=True, slots=True)
class MtaStsPolicy(Evidence):
    """The MTA-STS policy of a domain (RFC 8461): announced in DNS, fetched over HTTPS.

    `announced` is false without a `_mta-sts` record. Then nothing was fetched. `mx` are the policy's
    patterns; `fault` says why it could not be read.
    """

    domain: str
    announced: bool
    mode: str = ""
    mx: tuple[str, ...] = ()
    fault: Unavailable | None = None
    resolvers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The resolvers, and the policy's host where it was asked."""
        return ", ".join((*self.resolvers, f"mta-sts.{self.domain}") if self.announced else self.resolvers)


@dataclass(frozen=True, slots=True)
class NodeTlsa:
    """TLSA records at `_25._tcp.<node>` (RFC 7672): `3 1 1 <hex>`."""

    node: str
    answer: DnsAnswer


@evidence("tlsa-records", target=Gateway)
@dataclass(frozen=True, slots=True)
class TlsaRecords(Evidence):
    """TLSA records of every node of the gateway."""

    nodes: tuple[NodeTlsa, ...]
    resolvers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(self.resolvers)

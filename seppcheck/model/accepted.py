"""Where the mail of a tenant's accepted domains goes, as evidence."""

from __future__ import annotations

from dataclasses import dataclass

from seppcheck.model.dns import DnsAnswer
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Tenant


@dataclass(frozen=True, slots=True)
class AcceptedMx:
    """One accepted domain (A-label) and its MX records as the resolvers see them."""

    domain: str
    answer: DnsAnswer


@evidence("accepted-domain-mx", target=Tenant)
@dataclass(frozen=True, slots=True)
class AcceptedDomainMx(Evidence):
    """The MX records of every accepted domain."""

    domains: tuple[AcceptedMx, ...]
    resolvers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The resolvers."""
        return ", ".join(self.resolvers)

    def of(self, domain: str) -> DnsAnswer | None:
        """Return what was answered about a domain."""
        return next((each.answer for each in self.domains if each.domain == domain), None)

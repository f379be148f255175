"""Where the mail of a tenant's accepted domains goes, as evidence."""

from __future__ import annotations

from dataclasses import dataclass

from seppcheck.model.dns import DnsAnswer, mail_exchanger
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.microsoft import is_microsoft
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

    @property
    def at_microsoft(self) -> tuple[str, ...]:
        """The domains whose mail goes to Microsoft directly; the tenant's own onmicrosoft.com domains are left out."""
        found = (each for each in self.domains if any(map(is_microsoft, map(mail_exchanger, each.answer.values))))
        return tuple(each.domain for each in found if not each.domain.endswith(".onmicrosoft.com"))

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The domains of which DNS did not say where their mail goes; those below onmicrosoft.com are left out."""
        silent = (each.domain for each in self.domains if not each.answer.status.looked)
        return tuple(domain for domain in silent if not domain.endswith(".onmicrosoft.com"))

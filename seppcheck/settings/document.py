"""seppcheck.toml as a whole, and the settings that are in force. `file` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidatorFunctionWrapHandler, field_validator

from seppcheck.model.targets import Domain, Gateway, Node, Site, Tenant
from seppcheck.model.text import Message, text
from seppcheck.settings.sections import (
    DnsSection,
    DomainSection,
    ExchangeSection,
    GatewaySection,
    MailSection,
    Many,
    NotifySection,
    OctodnsSection,
    RunSection,
    Section,
    SmtpSection,
    WaiverSection,
)
from seppcheck.toml_files.faults import Fault, refuse


class Document(Section):
    """The whole of seppcheck.toml."""

    gateway: GatewaySection = GatewaySection()
    """The gateway that the domains move to."""
    exchange: ExchangeSection | None = None
    """Exchange Online; without it what only the tenant can tell is inconclusive."""
    dns: DnsSection = DnsSection()
    """How DNS is asked."""
    mail: MailSection = MailSection()
    """Mail samples."""
    smtp: SmtpSection = SmtpSection()
    """How SMTP servers are asked."""
    octodns: OctodnsSection | None = None
    """Hosted zones, for apply only."""
    notify: Many[NotifySection] = ()
    """Who is told when the verdict changes."""
    run: RunSection = RunSection()
    """Limits, history, and checks that are left out."""
    domains: Many[DomainSection] = ()
    """The managed domains that move."""
    waivers: Many[WaiverSection] = ()
    """Findings that somebody answers for."""

    @field_validator("domains", mode="wrap")
    @classmethod
    def _no_domain_twice(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        sections: tuple[DomainSection, ...] = handler(value)
        seen: dict[str, int] = {}
        faults = []
        for position, section in enumerate(sections):
            first = seen.setdefault(section.name, position)
            if first != position:
                faults.append(Fault((position, "name"), _same(value, first, position, section.name)))
        refuse(faults)
        return sections


def _same(given: Any, first: int, second: int, name: str) -> Message:
    one, other = (_spelling(given[position]) for position in (first, second))
    if one == other:
        return text("{name} is listed twice, first as domains[{number}]", name=one, number=first + 1)
    same = "{name} and {other} (domains[{number}]) are the same domain: {label}"
    return text(same, name=other, other=one, number=first + 1, label=name)


def _spelling(given: Any) -> str:
    return str(given["name"] if isinstance(given, Mapping) else given.name)


class Settings(Document):
    """What is in force: a file's content with its defaults, or what the command line said."""

    folder: Path = Field(Path(), exclude=True)
    """The folder of the file, which its relative paths start from."""
    file: Path | None = Field(None, exclude=True)
    """The file itself; none where the command line or a bundle said everything."""

    def path(self, value: str) -> Path:
        """Return a path of the file's as this process sees it."""
        return self.folder / value

    @property
    def site(self) -> Site:
        """The targets that it names."""
        gateway = self.gateway
        nodes = tuple(Node(n.name, n.addresses) for n in gateway.nodes)
        nodes = nodes or (Node(gateway.name, gateway.addresses),)
        return Site(
            gateway=Gateway(gateway.name or nodes[0].name, nodes, gateway.smtp_port),
            domains=tuple(Domain(d.name, d.customer, d.dkim_selector) for d in self.domains),
            tenant=self._tenant,
        )

    @property
    def _tenant(self) -> Tenant:
        exchange = self.exchange
        if exchange is None:
            return Tenant()
        return Tenant(
            exchange.tenant or "", exchange.outbound_connector, exchange.inbound_connector, exchange.transport_rule
        )

    def public(self) -> dict[str, Any]:
        """Return everything as JSON can hold it. Secrets are not in it, only where they are kept."""
        return self.model_dump(mode="json", exclude_none=True)

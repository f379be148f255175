"""seppcheck.toml: what it may say. `settings_file` reads it and turns faults into messages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from seppcheck.model.targets import Domain, Gateway, Node, Site, Tenant


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class NodeSection(_Section):
    """One machine of a gateway cluster."""

    name: str
    addresses: tuple[str, ...] = ()
    api_url: str | None = None


class ApiSection(_Section):
    """The gateway's REST API, which is only ever read."""

    url: str
    token: str
    secret: str
    ca_file: str | None = None
    fingerprint: str | None = None


class GatewaySection(_Section):
    """The SEPPmail gateway."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    smtp_port: int = Field(25, ge=1, le=65535)
    record: str | None = None
    extra_roots: tuple[str, ...] = ()
    api: ApiSection | None = None
    nodes: tuple[NodeSection, ...] = ()


class ExchangeSection(_Section):
    """Exchange Online, live or as an export."""

    tenant: str | None = None
    client_id: str | None = None
    certificate: str | None = None
    client_secret: str | None = None
    cloud: Literal["commercial", "gcc-high", "dod", "china"] = "commercial"
    endpoint: str | None = None
    authority: str | None = None
    ca_file: str | None = None
    export: str | None = None
    outbound_connector: str | tuple[str, ...] = ()
    inbound_connector: str | tuple[str, ...] = ()
    transport_rule: str | tuple[str, ...] = ()


class DnsUpdateSection(_Section):
    """A server that takes dynamic updates (RFC 2136), for apply only."""

    server: str
    port: int = Field(53, ge=1, le=65535)
    zone: str | None = None
    key_name: str
    algorithm: str = "hmac-sha256"
    secret: str


class DnsSection(_Section):
    """Resolvers, ports and time limit for DNS. Times are seconds."""

    resolvers: tuple[str, ...] = ()
    port: int = Field(53, ge=1, le=65535)
    authoritative_port: int = Field(53, ge=1, le=65535)
    timeout: float = Field(5.0, gt=0, le=60)
    update: tuple[DnsUpdateSection, ...] = ()


class MailSection(_Section):
    """Mail samples, and whose Received lines are believed."""

    samples: tuple[str, ...] = ()
    trusted_receivers: tuple[str, ...] = (
        "*.protection.outlook.com",
        "*.prod.outlook.com",
        "*.outlook.office365.com",
    )


class SmtpSection(_Section):
    """The SMTP dialogue. `timeout` is for the greeting and for each reply, in seconds."""

    timeout: float = Field(30.0, gt=0, le=300)
    ehlo_name: str | None = None


class OctodnsSection(_Section):
    """Hosted zones through octoDNS, for apply only."""

    config: str
    provider: str


class NotifySection(_Section):
    """Who is told when the verdict changes."""

    kind: Literal["webhook", "teams", "slack"]
    url: str
    on: tuple[Literal["failed", "inconclusive", "recovered"], ...] = ("failed", "inconclusive", "recovered")


class SkipSection(_Section):
    """A check that is left out, and why."""

    check: str
    reason: Annotated[str, Field(min_length=1)]


class RunSection(_Section):
    """Limits of a run, its history and what it leaves out."""

    deadline: float = Field(60.0, gt=0, le=3600)
    record_max_age_days: int = Field(30, ge=1)
    history: str = ".seppcheck/history"
    skip: tuple[SkipSection, ...] = ()


class DomainSection(_Section):
    """A managed domain that moves."""

    name: str
    customer: str = ""
    dkim_selector: str = ""


class WaiverSection(_Section):
    """A finding that somebody answers for until a day, that day included (UTC)."""

    check: str
    target: str = "*"
    requirement: str = "*"
    subject: str = "*"
    reason: Annotated[str, Field(min_length=1)]
    owner: Annotated[str, Field(min_length=1)]
    until: date


class Settings(_Section):
    """The whole of seppcheck.toml."""

    gateway: GatewaySection = GatewaySection()
    exchange: ExchangeSection | None = None
    dns: DnsSection = DnsSection()
    mail: MailSection = MailSection()
    smtp: SmtpSection = SmtpSection()
    octodns: OctodnsSection | None = None
    notify: tuple[NotifySection, ...] = ()
    run: RunSection = RunSection()
    domains: tuple[DomainSection, ...] = ()
    waivers: tuple[WaiverSection, ...] = ()

    folder: Path = Field(Path(), exclude=True)
    """The folder of the file, which its relative paths start from; not a key of the file."""

    def path(self, value: str) -> Path:
        """Return a path of the file's as this process sees it."""
        return self.folder / value

    @property
    def site(self) -> Site:
        """The targets that it names."""
        gateway = self.gateway
        nodes = tuple(Node(n.name, n.addresses) for n in gateway.nodes)
        own = (Node(gateway.name, gateway.addresses),)
        return Site(
            gateway=Gateway(gateway.name or nodes[0].name, nodes or own, gateway.smtp_port),
            domains=tuple(Domain(d.name, d.customer, d.dkim_selector) for d in self.domains),
            tenant=Tenant((self.exchange and self.exchange.tenant) or ""),
        )

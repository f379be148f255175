"""The sections of seppcheck.toml, one model each; below each key stands its description in the JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from seppcheck.model.text import Message, text
from seppcheck.settings.values import (
    Address,
    CertificateFile,
    CertificateReference,
    Day,
    DomainName,
    ExistingFolder,
    Fingerprint,
    HostName,
    HostNameOrNone,
    HttpsUrl,
    NameGlob,
    OneOrMore,
    Port,
    ReceiverGlob,
    RecordFile,
    SecretReference,
    Selector,
    Server,
    TenantName,
    Words,
)
from seppcheck.toml_files.faults import Fault, refuse

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
"""A list in the file, a tuple here."""
_Change = Literal["failed", "inconclusive", "recovered"]


class Section(BaseModel):
    """A table of the file: no unknown keys, no types that TOML does not have, frozen."""

    model_config = ConfigDict(
        defer_build=True,  # quicker to start: Settings builds its sections' validators with its own
        extra="forbid",
        frozen=True,
        strict=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # it may be a secret
    )


class NodeSection(Section):
    """One machine of a gateway cluster."""

    name: HostName
    """The machine's own name: its PTR, banner and HELO name."""
    addresses: Many[Address] = ()
    """Its public addresses; default: the A and AAAA records of its name."""
    api_url: HttpsUrl | None = None
    """Where its REST API is, if each machine has its own."""


class ApiSection(Section):
    """The gateway's REST API, which is only ever read."""

    url: HttpsUrl
    """Where the API is, such as https://secure.example.org:8445/v1 (8445 is the appliance's default)."""
    token: SecretReference
    """The API token: env:NAME or file:PATH."""
    secret: SecretReference
    """The API secret: env:NAME or file:PATH."""
    ca_file: CertificateFile | None = None
    """A PEM file of CAs to trust besides the operating system's."""
    fingerprint: Fingerprint | None = None
    """Trust this one certificate: sha256: and the SHA-256 of its DER form. Instead of chain and name."""

    @model_validator(mode="after")
    def _one_way_to_trust(self) -> ApiSection:
        if self.ca_file and self.fingerprint:
            refuse([Fault(("fingerprint",), text("write either ca_file or fingerprint, not both"))])
        return self


class GatewaySection(Section):
    """The SEPPmail gateway."""

    name: HostNameOrNone = ""
    """The name that PTR, banner, HELO, MX and certificate carry. With nodes it is optional, and one of theirs."""
    addresses: Many[Address] = ()
    """Its public addresses; default: the A and AAAA records of its name."""
    smtp_port: Port = 25
    """The port of its SMTP server."""
    record: RecordFile | None = None
    """The gateway record that `seppcheck attest` writes; default: gateway-record.toml where that exists."""
    extra_roots: Many[CertificateFile] = ()
    """PEM files of CAs that the certificate on the SMTP port may end in besides Mozilla's list. Meant for labs."""
    api: ApiSection | None = None
    """The REST API; without it what only the appliance can tell has to stand in the record."""
    nodes: Many[NodeSection] = ()
    """The machines of a cluster."""

    @model_validator(mode="after")
    def _nodes_agree(self) -> GatewaySection:
        refuse(list(self._node_faults()) if self.nodes else [])
        return self

    def _node_faults(self) -> Iterator[Fault]:
        seen = [node.name for node in self.nodes]
        for position, name in enumerate(seen):
            if name in seen[:position]:
                yield Fault(("nodes", position, "name"), text("another node has the name {name} too", name=name))
        if self.name and self.name not in seen:
            known = text("{name} is the name of none of the nodes ({nodes})", name=self.name, nodes=seen)
            yield Fault(("name",), known)
        if self.addresses:
            yield Fault(("addresses",), text("with nodes, write each address at its node"))


class ExchangeSection(Section):
    """Exchange Online, live or as an export."""

    tenant: TenantName | None = None
    """The tenant's initial domain, such as example.onmicrosoft.com, or its id."""
    client_id: Words | None = None
    """The id of the app registration that may read the tenant."""
    certificate: CertificateReference | None = None
    """file:PATH of the PEM file with the app's certificate and private key."""
    client_secret: SecretReference | None = None
    """Instead of a certificate: env:NAME or file:PATH of the app's secret."""
    cloud: Literal["commercial", "gcc-high", "dod", "china"] = "commercial"
    """Microsoft's cloud that the tenant is in."""
    endpoint: HttpsUrl | None = None
    """Overrides the cloud's host for commands, for a proxy or a lab."""
    authority: HttpsUrl | None = None
    """Overrides the cloud's host for tokens, for a proxy or a lab."""
    ca_file: CertificateFile | None = None
    """A PEM file of CAs to trust besides the operating system's."""
    export: ExistingFolder | None = None
    """Instead of client_id: the folder with the exported JSON files."""
    outbound_connector: OneOrMore = ()
    """The name or names of the inline outbound connector; default: found by content."""
    inbound_connector: OneOrMore = ()
    """The name or names of the inline inbound connector; default: found by content."""
    transport_rule: OneOrMore = ()
    """The name or names of the inline transport rule; default: found by content."""

    @model_validator(mode="after")
    def _live_or_exported(self) -> ExchangeSection:
        refuse([Fault((key,), problem) for key, problem in self._problems()])
        return self

    def _problems(self) -> Iterator[tuple[str, Message]]:
        secrets = [key for key in ("certificate", "client_secret") if getattr(self, key)]
        if self.export and self.client_id:
            yield "export", text("write either export or client_id, not both")
        if self.client_id and not self.tenant:
            yield "client_id", text("with client_id, tenant says which tenant is meant")
        if self.client_id and not secrets:
            yield "client_id", text("with client_id, write certificate or client_secret")
        if secrets and not self.client_id:
            yield secrets[0], text("without client_id it is of no use")
        if len(secrets) > 1:
            yield "client_secret", text("write either certificate or client_secret, not both")


class DnsUpdateSection(Section):
    """A server that takes dynamic updates (RFC 2136), for apply only."""

    server: Server
    """Name or address of the primary server."""
    port: Port = 53
    """Its port."""
    zone: DomainName | None = None
    """The zone; default: found by SOA."""
    key_name: Words
    """The name of the TSIG key."""
    algorithm: Literal["hmac-sha256", "hmac-sha384", "hmac-sha512", "hmac-sha224", "hmac-sha1"] = "hmac-sha256"
    """The algorithm of the TSIG key."""
    secret: SecretReference
    """The TSIG key in base64: env:NAME or file:PATH."""


class DnsSection(Section):
    """Resolvers, ports and time limit for DNS. Times are seconds."""

    resolvers: Many[Address] = ()
    """Addresses of resolvers; default: the system's."""
    port: Port = 53
    """The port of the resolvers."""
    authoritative_port: Port = 53
    """The port of the zones' servers; another one is meant for labs."""
    timeout: Annotated[float, Field(gt=0, le=60)] = 5.0
    """Seconds that a server has for an answer."""
    update: Many[DnsUpdateSection] = ()
    """Servers that take dynamic updates, for apply only; one a zone or server."""


class MailSection(Section):
    """Mail samples, and whose Received lines are believed."""

    samples: Many[Words] = ()
    """Patterns of files with real messages as they were received, such as samples/*.eml."""
    trusted_receivers: Many[ReceiverGlob] = (
        "*.protection.outlook.com",
        "*.prod.outlook.com",
        "*.outlook.office365.com",
        "*.office365.us",
        "*.partner.outlook.cn",
    )
    """Patterns of the hosts whose Received lines are believed."""


class SmtpSection(Section):
    """The SMTP dialogue."""

    timeout: Annotated[float, Field(gt=0, le=300)] = 30.0
    """Seconds that a server has for the greeting, and for each reply."""
    ehlo_name: HostName | None = None
    """The name to say in EHLO; default: this host's name."""


class OctodnsSection(Section):
    """Hosted zones through octoDNS, for apply only."""

    config: Words
    """octoDNS' configuration file."""
    provider: Words
    """The name of the provider in it."""


class NotifySection(Section):
    """Who is told when the verdict changes."""

    kind: Literal["webhook", "teams", "slack"]
    """What listens there."""
    url: SecretReference
    """env:NAME or file:PATH of the URL, for who knows it can write there."""
    ca_file: CertificateFile | None = None
    """A PEM file of CAs to trust besides the operating system's."""
    on: Annotated[Many[_Change], Field(min_length=1)] = ("failed", "inconclusive", "recovered")
    """The changes to tell; recovered is passed after one of the others."""


class SkipSection(Section):
    """A check that is left out, and why."""

    check: Words
    """The check's id."""
    reason: Words
    """Why; every report says it."""


class RunSection(Section):
    """Limits of a run, its history and what it leaves out."""

    deadline: Annotated[float, Field(gt=0, le=3600)] = 60.0
    """Seconds after which a run judges what it has."""
    record_max_age_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """Days that an answer in the gateway record counts."""
    history: Words = ".seppcheck/history"
    """The folder that keeps what earlier runs saw."""
    skip: Many[SkipSection] = ()
    """Checks that are left out."""


class DomainSection(Section):
    """A managed domain that moves."""

    name: DomainName
    """The domain; Unicode names are accepted and compared as A-labels."""
    customer: str = ""
    """The customer of the gateway that it belongs to."""
    dkim_selector: Selector = ""
    """The selector that the gateway signs with."""


class WaiverSection(Section):
    """A finding that somebody answers for until a day, that day included (UTC)."""

    check: Words
    """The check's id."""
    target: NameGlob = "*"
    """A pattern for the name of the domain, gateway or tenant."""
    requirement: Words = "*"
    """A pattern for the number of the guide."""
    subject: Words = "*"
    """A pattern for what the finding is about."""
    reason: Words
    """Why it is acceptable."""
    owner: Words
    """Who answers for it."""
    until: Day
    """The last day on which it holds, such as 2026-12-31."""

"""What a world of the lab is made of: plain data, no servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seppcheck.model.text import Message

GATEWAY = "secure.secmail365.test"
"""Names are of `.test`, which no one can own (RFC 6761 section 6.2)."""

TENANT = "kunde-test.onmicrosoft.com"
"""The initial domain of the tenant; only Microsoft can own one below onmicrosoft.com, and the lab plays it."""

SENDER = "secure.kunde.test"
"""The name that the gateway's certificate for the customer carries (guide S1)."""

NAME_SERVERS = ("ns1.lab.test", "ns2.lab.test")

Properties = Mapping[str, object]
"""Of one object of Exchange, by the names that its cmdlets use; what is not said is as Exchange makes it."""


@dataclass(frozen=True, slots=True)
class ZoneData:
    """A zone as master-file lines (RFC 1035 section 5.1), relative to `origin`, 300 s unless said.

    SOA, NS, delegations and glue are the world's: they depend on the addresses that it finds.
    """

    origin: str
    records: str = ""


@dataclass(frozen=True, slots=True)
class Presented:
    """A certificate of the lab's authority; the first name is its CN, days are counted from the lab's clock."""

    names: tuple[str, ...] = (GATEWAY,)
    since_days: int = -30
    until_days: int = 335
    with_intermediate: bool = True
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of seppcheck that this world has behind it: every server served `ttl` and, where given, `mx` then.

    `hold` is what the gateway record said of each domain's `disable_delivery` at that time, if anything.
    """

    days_ago: float
    ttl: int
    verdict: str
    phase: str = "readiness"
    mx: str | None = None
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class Managed:
    """A managed domain of the gateway; `None` is what the gateway record does not say.

    `hold` is its own value of `disable_delivery`, beside its customer's.
    """

    name: str
    forwarding: str
    smarthost: str = ""
    forwarding_mx_lookup: bool = False
    tls_level: str = "secure"
    dkim: bool = True
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the gateway with its domains; `hold` is its value of `disable_delivery`."""

    name: str
    domains: tuple[Managed, ...]
    description: str = ""
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class Appliance:
    """The gateway's settings: what its REST API tells, and what the gateway record attests.

    Where something is None, or the extended field is not there, the record leaves it out.
    """

    customers: tuple[Customer, ...]
    builtin_mta: bool | None = True
    banner: str | None = GATEWAY
    helo: str | None = GATEWAY
    internal_mails: str | None = "use-domain-settings"
    firmware: str | None = "15.0.4"
    extended_field: bool = True
    custom_command: str = ""
    dkim_command: bool | None = True
    ruleset_type: str | None = "Generator"
    ruleset_generated: bool | None = True
    groups_override_hold: bool | None = False
    sender_certificate: Presented | None = Presented(names=(SENDER,))
    attested_hours_ago: float = 0.1

    @property
    def domains(self) -> tuple[Managed, ...]:
        """Every managed domain."""
        return tuple(domain for customer in self.customers for domain in customer.domains)

    @property
    def held(self) -> frozenset[str]:
        """The domains whose mail the gateway refuses for the time being; `true` anywhere counts."""
        return frozenset(d.name for c in self.customers for d in c.domains if "true" in (c.hold, d.hold))

    def customer_of(self, domain: str) -> Customer | None:
        """Return the customer that has a managed domain."""
        return next((c for c in self.customers if any(d.name == domain for d in c.domains)), None)


@dataclass(frozen=True, slots=True)
class TenantData:
    """A tenant of Exchange Online. The lab makes each object as New- would, and refuses what Exchange refuses.

    Objects were last changed `changed_hours_ago`. Of rules the first stands first.
    """

    outbound: tuple[Properties, ...] = ()
    inbound: tuple[Properties, ...] = ()
    rules: tuple[Properties, ...] = ()
    accepted: tuple[str, ...] = ()
    dkim_signed: tuple[str, ...] = ()
    ip_allow_list: tuple[str, ...] = ()
    reject_direct_send: bool = True
    changed_hours_ago: float = 30.0
    name: str = TENANT


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail as received, for `samples/NAME.eml`; `{date}` stands for the lab's time (RFC 5322 section 3.3)."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world: zones, the gateway, the tenant, and what happened before.

    `second_server` holds RRsets that replace those of `zones` on the second name server alone; where
    the machine has one loopback address only, its one server serves them. Without an `appliance` there
    is neither REST API nor gateway record, without a `tenant` no Exchange Online. `samples` are
    mails as `trusted_receivers` took them.
    """

    name: str
    summary: Message
    domains: tuple[str, ...]
    zones: tuple[ZoneData, ...]
    second_server: tuple[ZoneData, ...] = ()
    banner: str = f"{GATEWAY} ESMTP"
    presented: Presented = Presented()
    past: tuple[PastRun, ...] = ()
    gateway: str = GATEWAY
    appliance: Appliance | None = None
    tenant: TenantData | None = None
    samples: tuple[Sample, ...] = ()
    trusted_receivers: tuple[str, ...] = ()

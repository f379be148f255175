"""What is judged: gateways, domains, tenants, and the site that binds them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Node:
    """One machine of a gateway: its own name and the public addresses configured for it."""

    name: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gateway:
    """A SEPPmail gateway, one machine or a cluster. Names are lower-case A-labels without a dot."""

    kind: ClassVar[str] = "gateway"
    name: str
    nodes: tuple[Node, ...] = ()
    smtp_port: int = 25

    def __post_init__(self) -> None:
        if not self.nodes:
            object.__setattr__(self, "nodes", (Node(self.name),))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that MX, PTR and certificates may carry (guide C1, O4)."""
        return tuple(dict.fromkeys((self.name, *(node.name for node in self.nodes))))


@dataclass(frozen=True, slots=True)
class Domain:
    """A managed domain that is being migrated; `name` is a lower-case A-label name without a dot."""

    kind: ClassVar[str] = "domain"
    name: str
    customer: str = ""
    dkim_selector: str = ""


@dataclass(frozen=True, slots=True)
class Tenant:
    """An Exchange Online organization, and the names that the configuration gives its inline objects."""

    kind: ClassVar[str] = "tenant"
    name: str = ""
    outbound_connectors: tuple[str, ...] = ()
    inbound_connectors: tuple[str, ...] = ()
    transport_rules: tuple[str, ...] = ()


Target = Gateway | Domain | Tenant
TARGETS: tuple[type[Target], ...] = (Gateway, Domain, Tenant)


@dataclass(frozen=True, slots=True)
class Site:
    """One configuration's world: a gateway, the domains that move to it and their tenant."""

    gateway: Gateway
    domains: tuple[Domain, ...] = ()
    tenant: Tenant = Tenant()

    def targets(self, kind: type[Target]) -> tuple[Target, ...]:
        """Return every target of one kind, in the order of the configuration."""
        if kind is Gateway:
            return (self.gateway,)
        return self.domains if kind is Domain else (self.tenant,)

    def around(self, target: Target, kind: type) -> Target:
        """Return the target of `kind` that belongs to `target`: itself, its gateway or its tenant.

        Raises:
            LookupError: when a gateway or tenant is asked for "its" domain: there are many.
        """
        if isinstance(target, kind):
            return target
        if kind is Domain:
            raise LookupError(f"a {target.kind} has no single domain")
        return self.gateway if kind is Gateway else self.tenant

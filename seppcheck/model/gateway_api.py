"""What the gateway's REST API says, as evidence. Nothing secret is ever in it."""

from __future__ import annotations

from dataclasses import dataclass

from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Gateway


@dataclass(frozen=True, slots=True)
class ApiDomain:
    """A managed domain as one machine of the gateway describes it. None = it does not say.

    `smarthost` is "" where the field is empty, which is also how the API leaves it out; it is None where
    the machine gave the domain's name alone.
    """

    name: str
    customer: str
    smarthost: str | None = None
    forwarding: str | None = None
    forwarding_mx_lookup: bool | None = None
    tls_level: str | None = None
    dkim_enabled: bool | None = None
    dkim_public_key: str | None = None


@dataclass(frozen=True, slots=True)
class ApiNode:
    """One machine of the gateway, and what it lists."""

    url: str
    domains: tuple[ApiDomain, ...]


@evidence("gateway-api", target=Gateway)
@dataclass(frozen=True, slots=True)
class GatewayApi(Evidence):
    """Every machine of the gateway that has an API, each with its managed domains."""

    nodes: tuple[ApiNode, ...]

    @property
    def asked(self) -> str:
        """The addresses of the API."""
        return ", ".join(node.url for node in self.nodes)

"""The lab's two web services: the gateway's REST API, and Exchange Online."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seppcheck.clock import Clock
from seppcheck.lab import dkim, loopback
from seppcheck.lab.exchange import seed
from seppcheck.lab.exchange.service import ExchangeOnline
from seppcheck.lab.exchange.tokens import App
from seppcheck.lab.gateway_api import GatewayApi
from seppcheck.lab.pki import Authority
from seppcheck.lab.webserver import Handler, WebServer
from seppcheck.scenarios.shape import Presented, Scenario

CLIENT_ID = "5d0b7c1e-2f64-4f0a-9c39-7a1e6b8d4c20"
_API_TOKEN = "lab-api-token-K7vR2nXq"  # noqa: S105 - invented: it must turn up in no report
_API_SECRET = "lab-api-secret-W3tJ9mLs"  # noqa: S105 - invented: it must turn up in no report
_CLIENT_SECRET = "lab-client-secret-Hy6~pD4c"  # noqa: S105 - invented: it must turn up in no report

# Clients of these two go by the machine's clock, whatever year the lab is in.
_PRESENTED = Presented(names=("localhost",), addresses=(loopback.IPV4,), since_days=-3600, until_days=3600)


@dataclass(frozen=True, slots=True)
class Services:
    """What a scenario has of both, and the DKIM keys that the gateway holds, by domain."""

    api: GatewayApi | None
    exchange: ExchangeOnline | None
    keys: Mapping[str, dkim.Key]

    @property
    def app(self) -> App | None:
        """The app registration that reads the tenant."""
        return self.exchange.app if self.exchange else None


def services(scenario: Scenario, clock: Clock) -> Services:
    """Make a scenario's services; nothing listens yet."""
    appliance, tenant = scenario.appliance, scenario.tenant
    signing = [d.name for d in appliance.domains if d.dkim and d.name in scenario.domains] if appliance else []
    keys = {domain: dkim.key(domain) for domain in signing}
    return Services(
        api=GatewayApi(appliance, keys, _API_TOKEN, _API_SECRET) if appliance else None,
        exchange=ExchangeOnline(seed.tenant(tenant, clock), App(CLIENT_ID, _CLIENT_SECRET)) if tenant else None,
        keys=keys,
    )


def web_server(handler: Handler, authority: Authority, bound: loopback.Bound) -> WebServer:
    """Return a server on loopback with a certificate for 127.0.0.1."""
    return WebServer(handler, authority.context(_PRESENTED), bound.tcp)

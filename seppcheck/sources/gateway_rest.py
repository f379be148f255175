"""Source `rest`: the gateway's REST API, on every machine of the gateway that has one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from seppcheck import secrets
from seppcheck.api import Gateway, Reason, Session, Unavailable, source, text
from seppcheck.clients.gateway import CUSTOMERS, MANAGED_DOMAINS, Credentials, GatewayClient
from seppcheck.clients.http import HttpFault, Trust
from seppcheck.model.gateway_api import ApiNode, GatewayApi
from seppcheck.settings import Settings
from seppcheck.sources.gateway_answer import NonsenseError, domains_of, has_collective

_LONGEST = 50.0
"""Seconds for all machines, whatever the settings say: no peer holds a run longer than 60 s."""
_SHARE = 0.7
"""Of the run's deadline: what was seen by then is to be judged, not cut off."""


@source("rest")
def gateway_api(gateway: Gateway, session: Session) -> GatewayApi | Unavailable:
    """Ask every machine for its managed domains; where one gives no answer, nothing is known of all."""
    del gateway
    settings: Settings = session.settings
    urls = tuple(dict.fromkeys(_urls(settings)))
    if not urls:
        return Unavailable(Reason.NOT_CONFIGURED, text("the gateway's REST API is not configured ([gateway.api])"))
    asked = ", ".join(urls)
    try:
        credentials, trust = _credentials(settings), _trust(settings)
    except secrets.MissingSecretError as error:
        return Unavailable(Reason.NOT_CONFIGURED, error.message, asked)
    seconds = min(_LONGEST, _SHARE * session.deadline) / len(urls)
    try:
        return GatewayApi(tuple(_ask(GatewayClient(url, credentials, trust), url, seconds) for url in urls))
    except HttpFault as fault:
        return Unavailable(fault.reason, fault.detail, asked)


def _urls(settings: Settings) -> Iterator[str]:
    if settings.gateway.api:
        own = [node.api_url or settings.gateway.api.url for node in settings.gateway.nodes]
        yield from own or [settings.gateway.api.url]


def _credentials(settings: Settings) -> Credentials:
    api = settings.gateway.api
    if api is None:
        raise LookupError("no API is configured")
    return Credentials(secrets.read(api.token, settings.folder), secrets.read(api.secret, settings.folder))


def _trust(settings: Settings) -> Trust:
    api = settings.gateway.api
    ca_file = settings.path(api.ca_file) if api and api.ca_file else None
    return Trust(ca_file, (api and api.fingerprint) or "")


def _ask(client: GatewayClient, url: str, seconds: float) -> ApiNode:
    try:
        managed = client.get(MANAGED_DOMAINS, seconds / 2)
        customers = None
        if has_collective(managed):
            with suppress(HttpFault):  # it would only add to what is known
                customers = client.get(CUSTOMERS, seconds / 2)
        return ApiNode(url, domains_of(managed, customers))
    except NonsenseError as error:
        detail = text("{url} answered with JSON that makes no sense: {problem}", url=url, problem=error)
        raise HttpFault(Reason.MALFORMED, detail) from None
    finally:
        client.close()

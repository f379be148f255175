"""The seppcheck.toml that the lab writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seppcheck.lab.folder import CLIENT_SECRET, ROOT, SAMPLES, SECRET, TOKEN, UPDATE_KEY
from seppcheck.lab.gateway_api import BASE
from seppcheck.lab.signatures import ALGORITHM, KEY_NAME
from seppcheck.scenarios.shape import Scenario

_HEAD = """\
# Written by `seppcheck lab` for the scenario "{scenario}":
# {summary}.
# Every lab writes it anew, for the ports change. It is of use while that lab is running.

[gateway]
name = {gateway}
smtp_port = {smtp_port}
extra_roots = [{root}]          # the lab's own certification authority
"""
_API = """
[gateway.api]
url = "https://127.0.0.1:{port}{base}"
token = {token}
secret = {secret}
ca_file = {root}
"""
_EXCHANGE = """
[exchange]
tenant = {tenant}
client_id = {client_id}
client_secret = {client_secret}
endpoint = "https://127.0.0.1:{port}"
authority = "https://127.0.0.1:{port}"
ca_file = {root}
"""
_DNS = """
[dns]
resolvers = {resolvers}
port = {port}
authoritative_port = {port}

[[dns.update]]
server = {server}
port = {port}
key_name = {key_name}
algorithm = {algorithm}
secret = {secret}
"""
_MAIL = """
[mail]
samples = {samples}
trusted_receivers = {receivers}
"""
_DOMAIN = """
[[domains]]
name = {name}
customer = {customer}
dkim_selector = "seppmail"
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the lab's servers listen; None = the scenario has no such server."""

    dns: int
    smtp: int
    api: int | None = None
    exchange: int | None = None


def settings_text(scenario: Scenario, *, resolvers: Sequence[str], ports: Ports, client_id: str) -> str:
    """Return the file's text."""
    return "".join(_sections(scenario, resolvers, ports, client_id))


def _sections(scenario: Scenario, resolvers: Sequence[str], ports: Ports, client_id: str) -> Iterator[str]:
    yield _HEAD.format(
        scenario=scenario.name,
        summary=scenario.summary,
        gateway=_quoted(scenario.gateway),
        smtp_port=ports.smtp,
        root=_quoted(ROOT),
    )
    if ports.api is not None:
        yield _API.format(
            port=ports.api, base=BASE, token=_quoted(_file(TOKEN)), secret=_quoted(_file(SECRET)), root=_quoted(ROOT)
        )
    if ports.exchange is not None and scenario.tenant:
        yield _EXCHANGE.format(
            tenant=_quoted(scenario.tenant.name),
            client_id=_quoted(client_id),
            client_secret=_quoted(_file(CLIENT_SECRET)),
            port=ports.exchange,
            root=_quoted(ROOT),
        )
    yield _DNS.format(
        resolvers=json.dumps(list(resolvers)),
        port=ports.dns,
        server=_quoted(resolvers[0]),
        key_name=_quoted(KEY_NAME),
        algorithm=_quoted(ALGORITHM),
        secret=_quoted(_file(UPDATE_KEY)),
    )
    if scenario.samples or (scenario.appliance and scenario.tenant):
        receivers = json.dumps(list(scenario.trusted_receivers))
        yield _MAIL.format(samples=json.dumps([f"{SAMPLES}/*.eml"]), receivers=receivers)
    for name in scenario.domains:
        yield _DOMAIN.format(name=_quoted(name), customer=_quoted(_customer(scenario, name)))


def _customer(scenario: Scenario, domain: str) -> str:
    customer = scenario.appliance.customer_of(domain) if scenario.appliance else None
    return customer.name if customer else domain.partition(".")[0]


def _file(path: str) -> str:
    return f"file:{path}"


def _quoted(value: str) -> str:
    """Return a TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=True)

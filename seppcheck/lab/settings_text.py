"""The seppcheck.toml that the lab writes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from seppcheck.lab.folder import ROOT
from seppcheck.lab.scenarios import Scenario

_HEAD = """\
# Written by `seppcheck lab` for the scenario "{scenario}":
# {summary}.
# Every lab writes it anew, for the ports change. It is of use while that lab is running.

[gateway]
name = {gateway}
smtp_port = {smtp_port}
extra_roots = [{root}]          # the lab's own certification authority

[dns]
resolvers = {resolvers}
port = {dns_port}
authoritative_port = {dns_port}
"""
_DOMAIN = """
[[domains]]
name = {name}
customer = {customer}
dkim_selector = "seppmail"
"""


def settings_text(scenario: Scenario, *, resolvers: Sequence[str], dns_port: int, smtp_port: int) -> str:
    """Return the file's text. Gateway REST ([gateway.api]) and Exchange ([exchange]) join here with their servers."""
    head = _HEAD.format(
        scenario=scenario.name,
        summary=scenario.summary,
        gateway=_quoted(scenario.gateway),
        smtp_port=smtp_port,
        root=_quoted(ROOT),
        resolvers=json.dumps(list(resolvers)),
        dns_port=dns_port,
    )
    domains = (
        _DOMAIN.format(name=_quoted(name), customer=_quoted(name.partition(".")[0])) for name in scenario.domains
    )
    return head + "".join(domains)


def _quoted(value: str) -> str:
    """Return a TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=True)

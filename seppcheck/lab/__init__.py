"""The embedded lab: a small world on loopback, for trying out and for tests.

    from seppcheck.lab import running

    with running("inline", folder) as lab:
        ...  # lab.settings is a seppcheck.toml, lab.record what is entered on the gateway; the rest may be changed too

docs/en/lab.md tells what can be changed while it runs.
"""

from __future__ import annotations

from seppcheck.lab.exchange.service import ExchangeOnline
from seppcheck.lab.exchange.trouble import Trouble
from seppcheck.lab.gateway_api import GatewayApi
from seppcheck.lab.updates import Updates
from seppcheck.lab.webserver import Response
from seppcheck.lab.world import Lab, running
from seppcheck.scenarios import SCENARIOS, named
from seppcheck.scenarios.shape import (
    Appliance,
    Customer,
    Managed,
    PastRun,
    Presented,
    Sample,
    Scenario,
    TenantData,
    ZoneData,
)

__all__ = [
    "SCENARIOS",
    "Appliance",
    "Customer",
    "ExchangeOnline",
    "GatewayApi",
    "Lab",
    "Managed",
    "PastRun",
    "Presented",
    "Response",
    "Sample",
    "Scenario",
    "TenantData",
    "Trouble",
    "Updates",
    "ZoneData",
    "named",
    "running",
]

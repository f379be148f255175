"""What the lab writes into its folder, as text by path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from seppcheck.lab import folder
from seppcheck.lab.arrivals import received
from seppcheck.lab.dkim import Key
from seppcheck.lab.exchange.tokens import App
from seppcheck.lab.gateway_api import GatewayApi
from seppcheck.lab.pki import Authority
from seppcheck.lab.record_text import certificate_file, record_text
from seppcheck.lab.signatures import secret_text
from seppcheck.lab.updates import Updates
from seppcheck.scenarios.shape import SENDER, Presented, Scenario

_INSTALLED = Presented(names=(SENDER,))


def appliance_files(scenario: Scenario, authority: Authority, keys: Mapping[str, Key], now: datetime) -> dict[str, str]:
    """Return the gateway record, and the public certificates that it names, or could name once they are installed."""
    appliance = scenario.appliance
    if appliance is None:
        return {}
    # Domains of one tenant share the connector, and so they share the certificate.
    certificate = authority.certificate(appliance.sender_certificate or _INSTALLED)
    return {
        folder.RECORD: record_text(appliance, scenario.domains, keys, now),
        **{certificate_file(domain): certificate for domain in scenario.domains},
    }


def secret_files(updates: Updates, api: GatewayApi | None, app: App | None) -> dict[str, str]:
    """Return the invented secrets that the settings refer to."""
    files = {folder.UPDATE_KEY: f"{secret_text(updates.key)}\n"}
    if api:
        files |= {folder.TOKEN: f"{api.token}\n", folder.SECRET: f"{api.secret}\n"}
    if app:
        files[folder.CLIENT_SECRET] = f"{app.secret}\n"
    return files


def sample_files(scenario: Scenario, now: datetime) -> dict[str, str]:
    """Return the mail samples, received now."""
    return {f"{folder.SAMPLES}/{sample.name}.eml": received(sample, now) for sample in scenario.samples}

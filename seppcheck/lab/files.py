"""What the lab writes into its folder, as text by path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from seppcheck.lab import folder
from seppcheck.lab.dkim import Key
from seppcheck.lab.exchange.tokens import App
from seppcheck.lab.gateway_api import GatewayApi
from seppcheck.lab.pki import Authority
from seppcheck.lab.record_text import certificate_file, record_text
from seppcheck.scenarios.shape import Scenario


def appliance_files(scenario: Scenario, authority: Authority, keys: Mapping[str, Key], now: datetime) -> dict[str, str]:
    """Return the gateway record and the public certificates that it names."""
    appliance = scenario.appliance
    if appliance is None:
        return {}
    files = {folder.RECORD: record_text(appliance, scenario.domains, keys, now)}
    if appliance.sender_certificate:
        # Domains of one tenant share the connector, and so they share the certificate.
        certificate = authority.certificate(appliance.sender_certificate)
        files |= {certificate_file(domain): certificate for domain in scenario.domains}
    return files


def secret_files(api: GatewayApi | None, app: App | None) -> dict[str, str]:
    """Return the invented secrets that the settings refer to."""
    files: dict[str, str] = {}
    if api:
        files |= {folder.TOKEN: f"{api.token}\n", folder.SECRET: f"{api.secret}\n"}
    if app:
        files[folder.CLIENT_SECRET] = f"{app.secret}\n"
    return files


def sample_files(scenario: Scenario, now: datetime) -> dict[str, str]:
    """Return the mail samples, received now."""
    date = format_datetime(now)
    return {f"{folder.SAMPLES}/{s.name}.eml": s.mail.replace("{date}", date) for s in scenario.samples}

"""Which hosts are Microsoft's."""

from __future__ import annotations

from seppcheck.model.dns import host_name

MAIL_HOSTS = {
    "commercial": (
        "mail.protection.outlook.com",
        "mx.microsoft",  # domains added since July 2026, or with inbound DANE
        "mail.eo.outlook.com",
    ),
    "gcc-high": ("mail.protection.office365.us",),
    "dod": ("mail.protection.office365.us",),
    "china": ("mail.protection.partner.outlook.cn",),  # operated by 21Vianet
}
"""What MX records of Exchange Online end in, for each cloud of the settings."""


def is_microsoft(host: str) -> bool:
    """Tell whether an MX host belongs to Exchange Online, in whichever cloud."""
    name = host_name(host)
    zones = {zone for cloud in MAIL_HOSTS.values() for zone in cloud}
    return any(name == zone or name.endswith(f".{zone}") for zone in zones)

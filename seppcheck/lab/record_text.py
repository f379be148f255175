"""The gateway-record.toml of a scenario: what a person would have written down from the appliance."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from seppcheck.lab.dkim import Key
from seppcheck.scenarios.shape import Appliance, Managed

HOLD = "disable_delivery"


def record_text(appliance: Appliance, domains: tuple[str, ...], keys: Mapping[str, Key], now: datetime) -> str:
    """Return the file's text; `domains` are those that the scenario audits."""
    at = now - timedelta(hours=appliance.attested_hours_ago)
    tables = [
        _table("", {"attested_by": "Lena Labor", "attested_at": at, **_no_fields(appliance)}),
        _table("mail_system", _mail_system(appliance)),
        *_extended_fields(appliance),
        _table("custom_commands", {"before_processing": appliance.custom_command, "dkim": appliance.dkim_command}),
        *_customers(appliance),
        *(_domain(domain, appliance, keys) for domain in appliance.domains if domain.name in domains),
        _table(
            "mail_processing",
            {
                "ruleset_type": appliance.ruleset_type,
                "ruleset_generated": appliance.ruleset_generated,
                "groups_override_hold": appliance.groups_override_hold,
            },
        ),
    ]
    return "\n".join(table for table in tables if table)


def certificate_file(domain: str) -> str:
    """Return the path of a managed domain's certificate in the lab's folder."""
    return f"certs/{domain}.pem"


def _mail_system(appliance: Appliance) -> dict[str, object]:
    return {
        "use_builtin_mta": appliance.builtin_mta,
        "smtp_banner": appliance.banner,
        "smtp_helo": appliance.helo,
        "internal_mails": appliance.internal_mails,
        "firmware": appliance.firmware,
    }


def _no_fields(appliance: Appliance) -> dict[str, object]:
    """Return the list that is known to be empty: it stands before every table."""
    return {} if appliance.extended_field else {"extended_fields": []}


def _extended_fields(appliance: Appliance) -> Iterator[str]:
    if appliance.extended_field:
        field = {"name": HOLD, "type": "boolean", "default": "false", "tenants": [], "managed_domains": []}
        yield _table("extended_fields", field, array=True)


def _customers(appliance: Appliance) -> Iterator[str]:
    for customer in appliance.customers:
        if customer.hold is not None:
            yield _table(f"customers.{_key(customer.name)}.extended_fields", {HOLD: customer.hold})


def _domain(domain: Managed, appliance: Appliance, keys: Mapping[str, Key]) -> str:
    customer, key = appliance.customer_of(domain.name), keys.get(domain.name)
    settings = _table(
        f"domains.{_key(domain.name)}",
        {
            "smarthost": domain.smarthost,
            "certificate": certificate_file(domain.name) if appliance.sender_certificate else None,
            "dkim_key": key is not None,
            "dkim_public_key": key.public_base64 if key else None,
            "forwarding": domain.forwarding,
            "forwarding_mx_lookup": domain.forwarding_mx_lookup,
            "tls_level": domain.tls_level,
            "customer": customer.name if customer else None,
        },
    )
    held = _table(f"domains.{_key(domain.name)}.extended_fields", {HOLD: domain.hold})
    return "\n".join(table for table in (settings, held) if table)


def _table(name: str, values: Mapping[str, object], *, array: bool = False) -> str:
    """Return a table without what is unknown; nothing at all where nothing is known."""
    lines = [f"{key} = {_value(value)}" for key, value in values.items() if value is not None]
    header = [f"[[{name}]]" if array else f"[{name}]"] if name else []
    return "\n".join([*header, *lines, ""]) if lines else ""


def _value(value: object) -> str:
    """Return a TOML value; JSON's strings, booleans and empty lists are TOML's."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else json.dumps(value, ensure_ascii=True)


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=True)

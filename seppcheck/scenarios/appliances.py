"""The gateway in each scenario."""

from __future__ import annotations

from dataclasses import replace

from seppcheck.judgement.hold_command import GUIDE_COMMAND
from seppcheck.scenarios.shape import Appliance, Customer, Managed, Presented

CUSTOMER = "kunde"
KUNDE, PRAXIS = "kunde.test", "praxis.test"
DOMAINS = (KUNDE, PRAXIS)
"""The customer's domains: what every scenario audits."""

_NEIGHBOUR_HOST = "nachbar-test.mail.protection.outlook.com"
_NEIGHBOUR = Customer(
    "nachbar", (Managed("nachbar.test", _NEIGHBOUR_HOST, smarthost=_NEIGHBOUR_HOST),), "Nachbar GmbH", hold="default"
)
_PROVIDER_HOST = "secmail365-test.mail.protection.outlook.com"
_PROVIDER = Customer("[default]", (Managed("secmail365.test", _PROVIDER_HOST, smarthost=_PROVIDER_HOST),))


UNSET_HELO = "localhost.localdomain"
"""What a gateway calls itself whose HELO string nobody set."""


def microsoft_host(domain: str) -> str:
    """Return the host of a domain at Microsoft."""
    return f"{domain.replace('.', '-')}.mail.protection.outlook.com"


def _customers(*, smarthost: tuple[str, ...], hold: str | None) -> tuple[Customer, ...]:
    """Return all customers; of ours the domains in `smarthost` still send through Exchange Online."""
    domains = tuple(
        Managed(name, microsoft_host(name), smarthost=microsoft_host(name) if name in smarthost else "")
        for name in DOMAINS
    )
    return Customer(CUSTOMER, domains, "Kunde Gebäudetechnik AG", hold), _NEIGHBOUR, _PROVIDER


READY = Appliance(_customers(smarthost=DOMAINS, hold="false"), custom_command=GUIDE_COMMAND)
"""Prepared, and still parallel: mail goes out through Exchange Online."""

PARALLEL = replace(
    READY,
    customers=_customers(smarthost=DOMAINS, hold="default"),
    builtin_mta=False,
    helo=UNSET_HELO,
    internal_mails="deliver-locally",
    extended_field=False,
    custom_command="",
    dkim_command=False,
    ruleset_generated=None,
    groups_override_hold=None,
    sender_certificate=None,
)
"""Nothing is prepared: the field, the command and a certificate for the customer are missing."""

BROKEN = replace(
    PARALLEL,
    banner="mail.secmail365.test",
    firmware="12.1.16",
    extended_field=True,
    custom_command=GUIDE_COMMAND.replace("'422'", "'550'", 1),
    ruleset_type="Upload",
    sender_certificate=Presented(names=("mail.kunde.test",), since_days=-400, until_days=-35),
)

HELD = replace(READY, customers=_customers(smarthost=(), hold="true"))
"""In the night: smarthosts are empty, and mail is held."""

INLINE = replace(READY, customers=_customers(smarthost=(), hold="false"))

HALF = replace(READY, customers=_customers(smarthost=(PRAXIS,), hold="false"), dkim_command=False)
"""One of two domains still has its smarthost."""

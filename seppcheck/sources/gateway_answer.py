"""Reading what the gateway's API answers: tolerant of spelling and of what is left out, never of nonsense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seppcheck import names
from seppcheck.errors import InvalidValueError
from seppcheck.model.gateway_api import ApiDomain
from seppcheck.record.keys import is_private_key

_WORDS = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
_COLLECTIVE = "["
"""What the names [default] and [none] begin with, which stand for no customer of their own."""


class NonsenseError(ValueError):
    """An answer that is JSON and makes no sense; the message says why."""


def domains_of(managed: Any, customers: Any = None) -> tuple[ApiDomain, ...]:
    """Return the managed domains in an answer, sorted by name.

    Args:
        managed: what `/mailsystem/manageddomain` says.
        customers: what `/customer` says, for domains that the former counts to no customer.

    Raises:
        NonsenseError: when it is not of the documented shape.
    """
    owners = dict(_routes(customers)) if isinstance(customers, dict) else {}
    found = [
        _domain(entry, repaired(customer), owners)
        for customer, entries in _table(managed, "the answer").items()
        for entry in _entries(customer, entries)
    ]
    return tuple(sorted(found, key=lambda domain: (domain.name, domain.customer)))


def has_collective(managed: Any) -> bool:
    """Tell whether some domains are counted to [default] or [none]: then /customer may say more."""
    return isinstance(managed, dict) and any(name.startswith(_COLLECTIVE) for name in managed)


def repaired(value: str) -> str:
    """Return text that came as UTF-8 read as ISO 8859-1, as it was meant; other text as it is."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _table(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NonsenseError(f"{what} is no object")
    if "errormessage" in {name.lower() for name in value}:
        raise NonsenseError(f"{what} is an error with the status of a success")
    return value


def _entries(customer: str, entries: Any) -> list[Any]:
    if entries is None:
        return []
    if isinstance(entries, dict) and _member(entries, "domainName") is not None:
        return [entries]
    if not isinstance(entries, list):
        raise NonsenseError(f"{repaired(customer)} has no list of domains")
    return entries


def _domain(entry: Any, customer: str, owners: Mapping[str, str]) -> ApiDomain:
    table = {"domainName": entry} if isinstance(entry, str) else _table(entry, "a domain")
    name = _text(_member(table, "domainName"), "domainName")
    if not name:
        raise NonsenseError("a domain has no domainName")
    label = _label(repaired(name))
    owner = owners.get(label, customer) if customer.startswith(_COLLECTIVE) else customer
    if isinstance(entry, str):
        return ApiDomain(label, owner)
    forwarding = _object(table, "forwarding")
    dkim = _object(table, "dkim")
    public_key = _text(_member(dkim, "publicKey"), "publicKey")
    no_lookup = _flag(_member(forwarding, "noMXLookup"), "noMXLookup")
    return ApiDomain(
        name=label,
        customer=owner,
        smarthost=_host(table, "smarthost"),
        forwarding=_host(table, "forwarding") or None,
        forwarding_mx_lookup=None if no_lookup is None else not no_lookup,
        tls_level=(_text(_member(_object(table, "tls"), "level"), "level") or "").lower() or None,
        dkim_enabled=_flag(_member(dkim, "enabled"), "enabled"),
        dkim_public_key=None if public_key is None or is_private_key(public_key) else public_key,
    )


def _routes(customers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every domain with its customer, as far as the answer makes sense: it only adds to the other one."""
    for customer, table in customers.items():
        routes = _member(table, "mailRoutes") if isinstance(table, dict) else None
        for name in routes if isinstance(routes, list) and not customer.startswith(_COLLECTIVE) else []:
            if isinstance(name, str):
                yield _label(repaired(name)), repaired(customer)


def _member(table: Mapping[str, Any], name: str) -> Any:
    """Return a member whatever the case of its name; None where it is absent or null."""
    exact = table.get(name)
    return exact if exact is not None else next((v for k, v in table.items() if k.lower() == name.lower()), None)


def _object(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = _member(table, name)
    if isinstance(value, str):
        return {"host": value}
    if value is not None and not isinstance(value, dict):
        raise NonsenseError(f"{name} is neither an object nor absent")
    return value or {}


def _host(table: Mapping[str, Any], name: str) -> str:
    """Return the host of a server; "" where it is absent, null or empty."""
    return _text(_member(_object(table, name), "host"), "host") or ""


def _text(value: Any, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value if value is None else value.strip()
    raise NonsenseError(f"{name} is no text")


def _flag(value: Any, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    known = _WORDS.get(str(value).strip().lower())
    if known is None and value != "":
        raise NonsenseError(f"{name} is neither true nor false")
    return known


def _label(name: str) -> str:
    try:
        return names.a_label(name)
    except InvalidValueError:
        return name.strip().lower().removesuffix(".")

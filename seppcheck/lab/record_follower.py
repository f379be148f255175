"""The gateway follows its record: to edit gateway-record.toml stands for clicking in the gateway's menus."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seppcheck import names
from seppcheck.lab import dkim
from seppcheck.lab.gateway_api import GatewayApi
from seppcheck.lab.mailserver import MailServer
from seppcheck.lab.record_text import HOLD
from seppcheck.scenarios.shape import Appliance, Managed

Keys = tuple[str, ...]
_LARGEST = 8_000_000
"""Bytes of a record that are read, as many as seppcheck itself reads."""
_ANY = "*"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_hold(value: object) -> bool:
    return value in ("true", "false", "default")


def _is_level(value: object) -> bool:
    return value in ("none", "may", "encrypt", "verify", "secure", "fingerprint")


_FOLLOWED: Mapping[Keys, Callable[[object], bool]] = {
    ("mail_system", "smtp_banner"): _is_text,
    ("mail_system", "smtp_helo"): _is_text,
    ("customers", _ANY, "extended_fields", HOLD): _is_hold,
    ("domains", _ANY, "extended_fields", HOLD): _is_hold,
    ("domains", _ANY, "smarthost"): _is_text,
    ("domains", _ANY, "forwarding"): _is_text,
    ("domains", _ANY, "forwarding_mx_lookup"): _is_switch,
    ("domains", _ANY, "tls_level"): _is_level,
    ("domains", _ANY, "dkim_key"): _is_switch,
}
"""What of the record shows in the lab outside of the record, and what a sound value is."""
_FIELDS = {"smtp_banner": "banner", "smtp_helo": "helo", HOLD: "hold", "dkim_key": "dkim"}
"""How the scenarios call it, where they call it otherwise."""


class RecordFollower:
    """Carries what was edited in the record over to the REST API and the mail server. For any thread.

    What an edit does not touch stays as it is, so a gateway that is not as its record says stays so too.
    """

    def __init__(self, record: Path, written: str, api: GatewayApi, mail: MailServer) -> None:
        """Wait for edits of what the lab has written."""
        self._record = record
        self._api = api
        self._mail = mail
        self._lock = threading.Lock()
        self._seen = self.content = written.encode("utf-8")
        """The record's content when it was last sound."""
        self._known = _sound(self._seen) or {}

    def catch_up(self) -> None:
        """Look whether somebody edited the record; a file that is broken or gone changes nothing.

        The content is compared and not the time of the file: two edits may come within one tick.
        """
        with self._lock:
            content = self._read()
            if content in (self._seen, b""):
                return
            self._seen = content
            found = _sound(content)
            if found is None:
                return
            self.content = content
            for keys, value in found.items():
                if self._known.get(keys) != value:
                    self._take(keys, value)
            self._known |= found

    def _read(self) -> bytes:
        try:
            with self._record.open("rb") as file:
                return file.read(_LARGEST)
        except OSError:
            return b""

    def _take(self, keys: Keys, value: Any) -> None:
        self._api.appliance = edited(self._api.appliance, keys, value)
        if keys[-1] == "smtp_banner":
            self._mail.banner = f"{value} ESMTP"
        if keys[-1] == "dkim_key" and value:
            self._api.keys = {keys[1]: dkim.key(keys[1]), **self._api.keys}


def _sound(content: bytes) -> dict[Keys, Any] | None:
    try:
        return settings(content)
    except (ValueError, RecursionError):
        return None


def settings(content: bytes) -> dict[Keys, Any]:
    """Return what a record says of the settings that show elsewhere in the lab, by their keys.

    Raises:
        ValueError: for a file that is no TOML, or has a value there that cannot be right.
        RecursionError: for tables nested without end.
    """
    found: dict[Keys, Any] = {}
    for keys, value in _leaves(tomllib.loads(content.decode("utf-8-sig"))):
        named = keys[0] in ("customers", "domains") and len(keys) > 1
        sound = _FOLLOWED.get((keys[0], _ANY, *keys[2:]) if named else keys)
        if sound is None:
            continue
        if not sound(value):
            raise ValueError(keys)
        found[(keys[0], names.a_label(keys[1]), *keys[2:]) if keys[0] == "domains" else keys] = value
    return found


def _leaves(table: Mapping[str, Any], above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def edited(appliance: Appliance, keys: Keys, value: Any) -> Appliance:
    """Return an appliance with one setting changed; a customer or domain that it does not have changes nothing."""
    change = {_FIELDS.get(keys[-1], keys[-1]): value}
    if keys[0] == "mail_system":
        return replace(appliance, **change)
    customers = []
    for customer in appliance.customers:
        domains = tuple(_domain(each, keys, change) for each in customer.domains)
        own = change if keys[:2] == ("customers", customer.name) else {}
        customers.append(replace(customer, domains=domains, **own))
    return replace(appliance, customers=tuple(customers))


def _domain(domain: Managed, keys: Keys, change: Mapping[str, Any]) -> Managed:
    return replace(domain, **change) if keys[:2] == ("domains", domain.name) else domain

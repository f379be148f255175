"""Whether every secret that the settings refer to is there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from seppcheck import secrets
from seppcheck.errors import UserError
from seppcheck.settings import file as settings_file
from seppcheck.settings.document import Settings
from seppcheck.settings.values import webhook_url
from seppcheck.toml_files.faults import Fault, KeyPath


def references(settings: Settings) -> Iterator[tuple[KeyPath, str]]:
    """Yield every reference to a secret, with its key."""
    if api := settings.gateway.api:
        yield ("gateway", "api", "token"), api.token
        yield ("gateway", "api", "secret"), api.secret
    for key in ("certificate", "client_secret"):
        if value := getattr(settings.exchange, key, None):
            yield ("exchange", key), value
    for number, update in enumerate(settings.dns.update):
        yield ("dns", "update", number, "secret"), update.secret
    for number, notify in enumerate(settings.notify):
        yield ("notify", number, "url"), notify.url


def check_secrets(settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse settings whose secrets are not all there.

    Raises:
        SettingsError: naming each variable or file, with the line of the key.
    """
    faults = []
    for key, reference in references(settings):
        try:
            found = secrets.read(reference, settings.folder, environ)
            if key[0] == "notify":
                webhook_url(found.reveal())
        except UserError as error:
            faults.append(Fault(key, error.message))
    if faults:
        raise settings_file.complaint(settings, faults)

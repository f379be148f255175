"""The gateway's REST API, which is only ever read: three documented GETs and nothing else.

"GET only" would not be enough: a GET of /system/applySysconfig applies configuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from seppcheck.clients.http import HttpAnswer, HttpClient, HttpFault, Trust
from seppcheck.clients.http_trust import fingerprint_of
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text
from seppcheck.secrets import Secret

MANAGED_DOMAINS = "/mailsystem/manageddomain"
CUSTOMERS = "/customer"

_ALLOWED = re.compile(r"/mailsystem/manageddomain|/customer(/([A-Za-z0-9_-]+|\[(default|none)\]))?")
_SECRET = re.compile(r"private|passw|passphrase|pwd|secret|token|credential|apikey")
_LARGEST = 64 * 1024 * 1024
"""Octets of an answer: 10,000 domains have about 20 MB."""
_HTTPS = 443
_LOOK = 5.0
"""Seconds to look at a certificate that is not trusted, for the sentence that says how to pin it."""


class NotReadableError(ValueError):
    """A path that is not on the list of what may be read: a mistake of ours, found before anything is sent."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The token and the secret of the API."""

    token: Secret
    secret: Secret

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of a request."""
        return {
            "X-SM-API-TOKEN": self.token.reveal(),
            "X-SM-API-SECRET": self.secret.reveal(),
            "Accept": "application/json",
        }

    def hidden(self, words: str) -> str:
        """Return what a peer says without what we told it."""
        for known in (self.token.reveal(), self.secret.reveal()):
            words = words.replace(known, "...")
        return words


class GatewayClient:
    """Reads one machine of the gateway."""

    def __init__(self, url: str, credentials: Credentials, trust: Trust) -> None:
        """Prepare; nothing is asked yet.

        Raises:
            HttpFault: when the file of authorities cannot be used.
        """
        self._url = url
        self._credentials = credentials
        self._trust = trust
        self._http = HttpClient(trust)

    def get(self, path: str, seconds: float) -> Any:
        """Return what the API says at a path; whatever is named like a secret is no longer in it.

        Args:
            path: /mailsystem/manageddomain, /customer or /customer/NAME.
            seconds: for everything.

        Raises:
            NotReadableError: for any other path.
            HttpFault: when no answer came that serves.
        """
        if not _ALLOWED.fullmatch(path):
            raise NotReadableError(f"{path} is not on the list of what may be read")
        try:
            answer = self._http.request(
                "GET", self._url + path, headers=self._credentials.headers, seconds=seconds, limit=_LARGEST
            )
        except HttpFault as fault:
            raise (self._untrusted(fault) if fault.untrusted and not self._trust.fingerprint else fault) from None
        return _content(answer.require_success(self._words))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _words(self, answer: HttpAnswer) -> str:
        return self._credentials.hidden(error_words(answer))

    def _untrusted(self, fault: HttpFault) -> HttpFault:
        """Say how the certificate can be trusted, since gateways often have one of their own making."""
        parts = urlsplit(self._url)
        shown = fingerprint_of(parts.hostname or "", parts.port or _HTTPS, _LOOK)
        detail = text(
            "{problem}. Name its CA with ca_file under [gateway.api], or, if this is the gateway's own certificate, "
            'pin it: fingerprint = "{fingerprint}"',
            problem=fault.detail,
            fingerprint=shown or "sha256:...",
        )
        return HttpFault(Reason.TLS_ERROR, detail, untrusted=True)


def _content(answer: HttpAnswer) -> Any:
    try:
        return without_secrets(answer.json())
    except RecursionError:
        raise HttpFault(
            Reason.MALFORMED, text("{host} answered with JSON that is nested too deeply", host=answer.host)
        ) from None


def without_secrets(value: Any) -> Any:
    """Return JSON without every member whose name speaks of a secret (`dkim.privateKey`, `bindPassword`)."""
    if isinstance(value, dict):
        return {name: without_secrets(each) for name, each in value.items() if not is_secret(name)}
    return [without_secrets(each) for each in value] if isinstance(value, list) else value


def is_secret(name: str) -> bool:
    """Tell whether a member of this name holds a secret, however it is spelt."""
    return _SECRET.search(re.sub(r"[^a-z]", "", name.lower())) is not None


def error_words(answer: HttpAnswer) -> str:
    """Return the peer's own sentence: `errorMessage`, Mojolicious' `errors`, or a line of plain text."""
    try:
        said = answer.json()
    except (HttpFault, RecursionError):
        return "" if "PRIVATE KEY" in answer.text else answer.words
    if not isinstance(said, dict):
        return ""
    folded = {name.lower(): value for name, value in said.items()}
    listed = folded.get("errors")
    errors = [each.get("message") for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    words = [word for word in (folded.get("errormessage"), *errors) if isinstance(word, str)]
    return "" if "PRIVATE KEY" in "".join(words) else "; ".join(words)

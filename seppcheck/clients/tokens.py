"""Access tokens for an app, by certificate or by secret; they live in memory alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msal  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seppcheck.clients.http import HttpAnswer, HttpClient, HttpFault
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text
from seppcheck.secrets import Secret

_LONGEST_WORDS = 400
_SERVER_ERRORS = 500
_THROTTLED = 429
_FINAL = frozenset({Reason.AUTH_FAILED, Reason.PERMISSION_MISSING, Reason.NOT_CONFIGURED})
"""Why there will be no token until somebody mends something."""


@dataclass(frozen=True, slots=True)
class App:
    """An app registration, and what it proves itself with: a PEM file's content, or a secret."""

    tenant: str
    client_id: str
    certificate: Secret | None = None
    secret: Secret | None = None

    def credential(self) -> Any:
        """Return it as msal takes it.

        Raises:
            HttpFault: `not-configured`, when the PEM file is not what it should be.
        """
        if self.certificate is None:
            return self.secret.reveal() if self.secret else None
        return _certificate(self.certificate.reveal())


def _certificate(pem: str) -> Mapping[str, str]:
    octets = pem.encode("utf-8")
    try:
        key = serialization.load_pem_private_key(octets, password=None)
        certificates = x509.load_pem_x509_certificates(octets)
    except TypeError:
        raise _unusable("its private key is encrypted; write it without a passphrase, readable by you alone") from None
    except Exception:  # noqa: BLE001 - cryptography's exceptions are many, and may repeat what they read
        raise _unusable("it holds no certificate with its private key in PEM form") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _unusable("its key is no RSA key, and Entra takes no other")
    own = next((c for c in certificates if c.public_key() == key.public_key()), None)
    if own is None:
        raise _unusable("none of its certificates belongs to its private key")
    return {"private_key": pem, "public_certificate": own.public_bytes(serialization.Encoding.PEM).decode("ascii")}


def _unusable(problem: str) -> HttpFault:
    sentence = text("the file of [exchange] certificate cannot be used: {problem}", problem=problem)
    return HttpFault(Reason.NOT_CONFIGURED, sentence)


class Tokens:
    """The tokens of one app for one scope; a token is asked for once while it is valid, and a refusal is final."""

    def __init__(self, http: HttpClient, authority: str, app: App, scope: str, until: float) -> None:
        """Prepare; nothing is asked yet.

        Args:
            http: asks.
            authority: `https://HOST[:PORT]` that gives tokens.
            app: whose.
            scope: for what.
            until: when to give up, by `time.monotonic()`.
        """
        self._until = until
        self._transport = _Transport(http, authority, until)
        self._authority = authority
        self._app = app
        self._scope = scope
        self._lock = threading.Lock()
        self._client: Any = None
        self._refused: HttpFault | None = None

    def token(self, until: float | None = None) -> Secret:
        """Return a token that is valid now.

        Args:
            until: when to give up this time, by `time.monotonic()`. Whoever names it asks again after an outage;
                else an outage is as final as a refusal.

        Raises:
            HttpFault: when there is none to be had; `detail` has Microsoft's own words.
        """
        with self._lock:
            if self._refused is not None and (until is None or self._refused.reason in _FINAL):
                raise self._refused  # once is enough: many wrong attempts lock an app out
            self._transport.until = self._until if until is None else min(self._until, until)
            try:
                return self._acquire()
            except HttpFault as fault:
                self._refused = fault
                raise

    def _acquire(self) -> Secret:
        credential = self._app.credential()
        try:
            if self._client is None:
                self._client = msal.ConfidentialClientApplication(
                    self._app.client_id,
                    client_credential=credential,
                    authority=f"{self._authority}/{self._app.tenant}",
                    http_client=self._transport,
                    instance_discovery=False,  # it would ask the worldwide cloud about the others
                )
            answer = self._client.acquire_token_for_client(scopes=[self._scope])
        except HttpFault:
            raise
        except Exception as error:  # noqa: BLE001 - msal raises many kinds, and their text may hold what it sent
            raise self._denied(type(error).__name__) from None
        found = answer.get("access_token") if isinstance(answer, Mapping) else None
        if not isinstance(found, str) or not found:
            raise self._denied("it gave no token")
        return Secret(found)

    def _denied(self, otherwise: str) -> HttpFault:
        words = self._transport.refusal or otherwise
        if self._app.secret is not None:
            words = words.replace(self._app.secret.reveal(), "...")
        sentence = text(
            "no token for the app {client} in the tenant {tenant}: {words}. See to tenant, client_id and its secret or "
            "certificate in [exchange]",
            client=self._app.client_id,
            tenant=self._app.tenant,
            words=words,
        )
        return HttpFault(Reason.AUTH_FAILED, sentence)


@dataclass(frozen=True, slots=True)
class _Response:
    """An answer as msal reads it."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Do nothing: what is no answer has been raised before."""


class _Transport:
    """What msal sends through: our client, and to the one authority alone."""

    def __init__(self, http: HttpClient, authority: str, until: float) -> None:
        self._http = http
        self._host = urlsplit(authority).netloc
        self.until = until
        self.refusal = ""
        """What the authority said when it last refused."""

    def get(self, url: str, headers: Mapping[str, str] | None = None, **_: Any) -> _Response:
        return self._ask("GET", url, headers, None)

    def post(
        self, url: str, data: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _Response:
        return self._ask("POST", url, headers, data)

    def close(self) -> None:
        """Leave the client open: it is not msal's."""

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str] | None, form: Mapping[str, Any] | None
    ) -> _Response:
        if urlsplit(url).scheme != "https" or urlsplit(url).netloc.lower() != self._host.lower():
            sentence = text("{host} wants the token asked for elsewhere ({url}): not done", host=self._host, url=url)
            raise HttpFault(Reason.MALFORMED, sentence)
        seconds = max(1.0, self.until - time.monotonic())
        answer = self._http.request(method, url, headers=headers, form=form, seconds=seconds)
        if answer.status == _THROTTLED or answer.status >= _SERVER_ERRORS:
            answer.require_success()
        document = answer.json()
        if not isinstance(document, Mapping):
            raise HttpFault(Reason.MALFORMED, text("{host} answered with no object", host=self._host))
        self.refusal = _words(document) if answer.status != 200 else ""  # noqa: PLR2004 - OK
        return _response(answer)


def _response(answer: HttpAnswer) -> _Response:
    if 300 <= answer.status < 400:  # noqa: PLR2004 - redirects
        answer.require_success()
    return _Response(answer.status, answer.text, answer.headers)


def _words(document: Mapping[str, Any]) -> str:
    """Return Microsoft's sentence without its trace ids."""
    said = str(document.get("error_description") or document.get("error") or "")
    return " ".join(said.partition("Trace ID:")[0].split())[:_LONGEST_WORDS].rstrip(". ")

"""Exchange Online's InvokeCommand over REST: what Microsoft's own PowerShell module uses.

It is no documented API. Commands that only read are tried again when Exchange asks to wait, or fails for a moment;
commands that write only when it turned them away unrun (429). The token goes to the one host that the settings or the
cloud name.
"""

from __future__ import annotations

import math
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from seppcheck import secrets
from seppcheck.clients.exchange_answers import Command, Page, Record, exported_cmdlets, incomplete
from seppcheck.clients.exchange_clouds import CLOUDS
from seppcheck.clients.exchange_faults import no_app_role, refusal
from seppcheck.clients.http import HttpAnswer, HttpClient, HttpFault, Trust
from seppcheck.clients.token_claims import Claims, claims_of
from seppcheck.clients.tokens import App, Tokens
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text
from seppcheck.secrets import MissingSecretError, Secret
from seppcheck.settings import Settings

_ANCHOR = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@"
"""The mailbox that pins a tenant's requests to one server."""
_LIMIT = 64 * 1024 * 1024
_AT_ONCE = 4
_MOST_PAGES = 100
_MOST_ATTEMPTS = 4
_LONGEST = 55.0
"""Seconds for everything, whatever the settings say: no peer holds a run longer than 60 s."""
_SHARE = 0.85
"""Of the run's deadline: a reason of ours is better than being cut off."""
_ONE_COMMAND = 60.0
"""Seconds for one command of a client that is no run's."""
_ONE_REQUEST = 30.0
"""Seconds for one request that reads; one that writes may take what its command may."""
_PAUSE = 3.0
"""Seconds before another attempt, times its number, where Exchange names none."""
_SHORTEST_PAUSE = 0.2
_MARGIN = 0.5
"""Seconds that another attempt would need at least."""
_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_MODULE = "3.9.2"
"""The version of Microsoft's module whose cmdlets are asked for."""


class ExchangeClient:
    """Commands to one tenant. It blocks, and may be used from several threads at once."""

    def __init__(
        self, http: HttpClient, endpoint: str, tokens: Tokens, tenant: str, until: float, *, each: float = math.inf
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            http: asks.
            endpoint: `https://HOST[:PORT]` that takes commands, and the token.
            tokens: where the token comes from.
            tenant: the tenant's domain or id.
            until: when to give up, by `time.monotonic()`.
            each: how many seconds any one command may take, the token for it included.
        """
        self.endpoint = endpoint
        self._http = http
        self._tokens = tokens
        self._tenant = tenant
        self._until = until
        self._each = each
        self._polite = threading.BoundedSemaphore(_AT_ONCE)
        self._connection = str(uuid.uuid4())

    @property
    def host(self) -> str:
        """Whom it asks."""
        return urlsplit(self.endpoint).netloc

    def invoke(self, cmdlet: str, parameters: Mapping[str, Any] | None = None) -> tuple[Record, ...]:
        """Run a cmdlet and return its objects as they came, sidecar keys and all.

        Raises:
            HttpFault: with a reason of the closed list; `incomplete` for a list that may be cut. Unless it is
                `undone`, a command that writes may have taken effect.
        """
        command = Command(cmdlet, parameters or {}, self._deadline())
        if not self._polite.acquire(timeout=max(0.0, command.until - time.monotonic())):
            sentence = text("{cmdlet} did not get its turn in time", cmdlet=cmdlet)
            raise HttpFault(Reason.TIMEOUT, sentence, undone=True)
        try:
            return self._all_pages(command)
        finally:
            self._polite.release()

    def exported_cmdlets(self) -> frozenset[str] | None:
        """Return the cmdlets that the app may call, in lower case; None when Exchange does not say.

        It is what Microsoft's module asks when it connects, and as little documented.

        Raises:
            HttpFault: when there is no token, or Exchange cannot be reached.
        """
        until = self._deadline()
        token, claims = self._token(until)
        url = f"{self.endpoint}/adminapi/v1.0/{self._tenant}/EXOModuleFile?Version={_MODULE}"
        headers = {**self._headers(token, claims), "CommandName": "*"}
        seconds = max(_SHORTEST_PAUSE, min(_ONE_REQUEST, until - time.monotonic()))
        return exported_cmdlets(self._http.request("GET", url, headers=headers, seconds=seconds, limit=_LIMIT))

    async def aclose(self) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _deadline(self) -> float:
        return min(self._until, time.monotonic() + self._each)

    def _all_pages(self, command: Command) -> tuple[Record, ...]:
        url = f"{self.endpoint}/adminapi/beta/{self._tenant}/InvokeCommand"
        page = self._page(url, command)
        records = [*page.records]
        for _ in range(_MOST_PAGES):
            if not page.next:
                return tuple(records)
            page = self._following(page.next, command, len(records))
            records += page.records
        raise incomplete(command, f"more than {_MOST_PAGES} pages")

    def _following(self, url: str, command: Command, known: int) -> Page:
        ours, theirs = urlsplit(self.endpoint), urlsplit(url)
        if (theirs.scheme, theirs.netloc.lower()) != (ours.scheme, ours.netloc.lower()):
            raise incomplete(command, f"its next page is at another host, {theirs.netloc[:100]}")
        try:
            return self._page(url, command)
        except HttpFault as fault:
            raise incomplete(command, f"after {known} objects: {fault.detail}") from None

    def _page(self, url: str, command: Command) -> Page:
        token, claims = self._token(command.until)
        return Page.of(self._answer(url, command, token, claims), command)

    def _token(self, until: float) -> tuple[Secret, Claims]:
        try:
            token = self._tokens.token(until if self._each < math.inf else None)
        except HttpFault as fault:
            fault.undone = True
            raise
        claims = claims_of(token.reveal())
        if claims.lacks_app_role:
            raise no_app_role()
        return token, claims

    def _answer(self, url: str, command: Command, token: Secret, claims: Claims) -> HttpAnswer:
        attempt = 0
        while True:
            attempt += 1
            answer = self._send(url, command, token, claims)
            if answer.status // 100 == 2:  # noqa: PLR2004 - any success
                return answer
            fault = refusal(answer, command.cmdlet, claims)
            wished = fault.retry_after if fault.retry_after is not None else _PAUSE * attempt
            pause = max(wished, _SHORTEST_PAUSE * attempt)
            if not _worth_another(command, fault, attempt) or time.monotonic() + pause + _MARGIN >= command.until:
                raise fault
            time.sleep(pause)

    def _send(self, url: str, command: Command, token: Secret, claims: Claims) -> HttpAnswer:
        left = command.until - time.monotonic()
        if left <= 0:
            sentence = text("{cmdlet} was not answered in time", cmdlet=command.cmdlet)
            raise HttpFault(Reason.TIMEOUT, sentence, undone=True)
        headers = {
            **self._headers(token, claims),
            "Content-Type": "application/json; charset=utf-8",
            "X-CmdletName": command.cmdlet,
            "Prefer": "odata.maxpagesize=1000",
        }
        seconds = left if command.writes and self._each < math.inf else min(_ONE_REQUEST, left)
        return self._http.request("POST", url, headers=headers, json=command.body, seconds=seconds, limit=_LIMIT)

    def _headers(self, token: Secret, claims: Claims) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token.reveal()}",
            "Accept": "application/json",
            "X-AnchorMailbox": _ANCHOR + (claims.tenant_id or self._tenant),
            "X-ResponseFormat": "json",
            "client-request-id": str(uuid.uuid4()),
            "connection-id": self._connection,
        }


def _worth_another(command: Command, fault: HttpFault, attempt: int) -> bool:
    """Tell whether to ask again: what writes only when it was turned away unrun, for wanting too much at once."""
    if command.writes:
        return fault.undone and fault.reason is Reason.THROTTLED
    return fault.reason is Reason.THROTTLED or (fault.status in _TRANSIENT and attempt < _MOST_ATTEMPTS)


def exchange_client(settings: Settings) -> ExchangeClient:
    """Make the client of a run from `[exchange]`, which must name `tenant` and `client_id`; it gives up with the run.

    Raises:
        HttpFault: `not-configured`, when a secret or a certificate is missing or unusable.
    """
    return _client(settings, time.monotonic() + min(_LONGEST, _SHARE * settings.run.deadline), math.inf)


def lasting_exchange_client(settings: Settings, seconds: float = _ONE_COMMAND) -> ExchangeClient:
    """Make a client for as long as it takes, in which each command has `seconds` of its own.

    Raises:
        HttpFault: `not-configured`, as for a run.
    """
    return _client(settings, math.inf, seconds)


def _client(settings: Settings, until: float, each: float) -> ExchangeClient:
    section = settings.exchange
    if section is None or not section.client_id or not section.tenant:
        raise HttpFault(Reason.NOT_CONFIGURED, text("[exchange] names no client_id and tenant"))
    cloud = CLOUDS[section.cloud]
    ca_file = settings.path(section.ca_file) if section.ca_file else None
    app = App(
        section.tenant,
        section.client_id,
        certificate=_secret(section.certificate, settings.folder),
        secret=_secret(section.client_secret, settings.folder),
    )
    app.credential()  # say now what is wrong with it, before anything is asked
    http = HttpClient(Trust(ca_file=ca_file))
    tokens = Tokens(http, section.authority or f"https://{cloud.authority}", app, cloud.scope, until)
    endpoint = section.endpoint or f"https://{cloud.exchange}"
    return ExchangeClient(http, endpoint, tokens, section.tenant, until, each=each)


def _secret(reference: str | None, folder: Path) -> Secret | None:
    if reference is None:
        return None
    try:
        return secrets.read(reference, folder)
    except MissingSecretError as error:
        raise HttpFault(Reason.NOT_CONFIGURED, error.message) from None

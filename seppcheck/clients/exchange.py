"""Exchange Online's InvokeCommand over REST: what Microsoft's own PowerShell module uses.

It is no documented API. Commands that only read are tried again when Exchange asks to wait; the token
goes to the one host that the settings or the cloud name.
"""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from seppcheck import secrets
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
_ONE_REQUEST = 30.0
_PAUSE = 3.0
"""Seconds before another attempt, times its number, where Exchange names none."""
_SHORTEST_PAUSE = 0.2
_MARGIN = 0.5
"""Seconds that another attempt would need at least."""
_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_CUT = re.compile(r"more results|ResultSize|truncated|not all", re.IGNORECASE)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Command:
    cmdlet: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> Mapping[str, Any]:
        return {"CmdletInput": {"CmdletName": self.cmdlet, "Parameters": dict(self.parameters)}}


class ExchangeClient:
    """Commands to one tenant. It blocks, and may be used from several threads at once."""

    def __init__(self, http: HttpClient, endpoint: str, tokens: Tokens, tenant: str, until: float) -> None:
        """Prepare; nothing is asked yet.

        Args:
            http: asks.
            endpoint: `https://HOST[:PORT]` that takes commands, and the token.
            tokens: where the token comes from.
            tenant: the tenant's domain or id.
            until: when to give up, by `time.monotonic()`.
        """
        self.endpoint = endpoint
        self._http = http
        self._tokens = tokens
        self._tenant = tenant
        self._until = until
        self._polite = threading.BoundedSemaphore(_AT_ONCE)
        self._connection = str(uuid.uuid4())

    def invoke(self, cmdlet: str, parameters: Mapping[str, Any] | None = None) -> tuple[Record, ...]:
        """Run a cmdlet and return its objects as they came, sidecar keys and all.

        Raises:
            HttpFault: with a reason of the closed list; `incomplete` for a list that may be cut.
        """
        if not self._polite.acquire(timeout=max(0.0, self._until - time.monotonic())):
            raise HttpFault(Reason.TIMEOUT, text("{cmdlet} did not get its turn in time", cmdlet=cmdlet))
        try:
            return self._all_pages(_Command(cmdlet, parameters or {}))
        finally:
            self._polite.release()

    async def aclose(self) -> None:
        """Close the connections."""
        self._http.close()

    def _all_pages(self, command: _Command) -> tuple[Record, ...]:
        url = f"{self.endpoint}/adminapi/beta/{self._tenant}/InvokeCommand"
        page = self._page(url, command)
        records = [*page.records]
        for _ in range(_MOST_PAGES):
            if not page.next:
                return tuple(records)
            page = self._following(page.next, command, len(records))
            records += page.records
        raise _incomplete(command.cmdlet, f"more than {_MOST_PAGES} pages")

    def _following(self, url: str, command: _Command, known: int) -> _Page:
        ours, theirs = urlsplit(self.endpoint), urlsplit(url)
        if (theirs.scheme, theirs.netloc.lower()) != (ours.scheme, ours.netloc.lower()):
            raise _incomplete(command.cmdlet, f"its next page is at another host, {theirs.netloc[:100]}")
        try:
            return self._page(url, command)
        except HttpFault as fault:
            raise _incomplete(command.cmdlet, f"after {known} objects: {fault.detail}") from None

    def _page(self, url: str, command: _Command) -> _Page:
        token = self._tokens.token()
        claims = claims_of(token.reveal())
        if claims.lacks_app_role:
            raise no_app_role()
        answer = self._answer(url, command, token, claims)
        return _Page.of(answer, command.cmdlet)

    def _answer(self, url: str, command: _Command, token: Secret, claims: Claims) -> HttpAnswer:
        attempt = 0
        while True:
            attempt += 1
            answer = self._send(url, command, token, claims)
            if answer.status // 100 == 2:  # noqa: PLR2004 - any success
                return answer
            fault = refusal(answer, command.cmdlet, claims)
            wished = fault.retry_after if fault.retry_after is not None else _PAUSE * attempt
            pause = max(wished, _SHORTEST_PAUSE * attempt)
            if not _worth_another(command, fault, attempt) or time.monotonic() + pause + _MARGIN >= self._until:
                raise fault
            time.sleep(pause)

    def _send(self, url: str, command: _Command, token: Secret, claims: Claims) -> HttpAnswer:
        left = self._until - time.monotonic()
        if left <= 0:
            raise HttpFault(Reason.TIMEOUT, text("{cmdlet} was not answered in time", cmdlet=command.cmdlet))
        headers = {
            "Authorization": f"Bearer {token.reveal()}",
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
            "X-AnchorMailbox": _ANCHOR + (claims.tenant_id or self._tenant),
            "X-CmdletName": command.cmdlet,
            "X-ResponseFormat": "json",
            "Prefer": "odata.maxpagesize=1000",
            "client-request-id": str(uuid.uuid4()),
            "connection-id": self._connection,
        }
        seconds = min(_ONE_REQUEST, left)
        return self._http.request("POST", url, headers=headers, json=command.body, seconds=seconds, limit=_LIMIT)


def _worth_another(command: _Command, fault: HttpFault, attempt: int) -> bool:
    """Only what reads is asked again: whether a command that writes was run is not known."""
    if not command.cmdlet.startswith("Get-"):
        return False
    return fault.reason is Reason.THROTTLED or (fault.status in _TRANSIENT and attempt < _MOST_ATTEMPTS)


@dataclass(frozen=True, slots=True)
class _Page:
    records: tuple[Record, ...]
    next: str = ""

    @classmethod
    def of(cls, answer: HttpAnswer, cmdlet: str) -> _Page:
        if not answer.body and not cmdlet.startswith("Get-"):
            return cls(())  # 204, as commands that write answer
        document = answer.json()
        records = document.get("value") if isinstance(document, Mapping) else None
        if not isinstance(records, list) or not all(isinstance(record, Mapping) for record in records):
            sentence = text("{host} answered {cmdlet} with no list of objects", host=answer.host, cmdlet=cmdlet)
            raise HttpFault(Reason.MALFORMED, sentence)
        warnings = document.get("@adminapi.warnings") or []
        for warning in map(str, warnings if isinstance(warnings, list) else [warnings]):
            if _CUT.search(warning):
                raise _incomplete(cmdlet, warning[:300])
        return cls(tuple(records), str(document.get("@odata.nextLink") or ""))


def _incomplete(cmdlet: str, problem: str) -> HttpFault:
    sentence = text("the list of {cmdlet} may be cut, so it is not judged: {problem}", cmdlet=cmdlet, problem=problem)
    return HttpFault(Reason.INCOMPLETE, sentence)


def exchange_client(settings: Settings) -> ExchangeClient:
    """Make the client of a run from `[exchange]`, which must name `tenant` and `client_id`.

    Raises:
        HttpFault: `not-configured`, when a secret or a certificate is missing or unusable.
    """
    section = settings.exchange
    if section is None or not section.client_id or not section.tenant:
        raise HttpFault(Reason.NOT_CONFIGURED, text("[exchange] names no client_id and tenant"))
    cloud = CLOUDS[section.cloud]
    until = time.monotonic() + min(_LONGEST, _SHARE * settings.run.deadline)
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
    return ExchangeClient(http, section.endpoint or f"https://{cloud.exchange}", tokens, section.tenant, until)


def _secret(reference: str | None, folder: Path) -> Secret | None:
    if reference is None:
        return None
    try:
        return secrets.read(reference, folder)
    except MissingSecretError as error:
        raise HttpFault(Reason.NOT_CONFIGURED, error.message) from None

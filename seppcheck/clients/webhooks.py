"""Posting to a webhook whose URL is a secret: whoever knows it can write there.

Nothing that is said, raised or logged holds more of the URL than its host.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from seppcheck.clients.http import HttpAnswer, HttpClient, HttpFault, Trust
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, show, text
from seppcheck.secrets import Secret
from seppcheck.settings.values import webhook_url

SECONDS = 10.0
"""How long one may take: a run is over, and somebody waits for its exit code."""
_LIMIT = 64 * 1024
"""Octets of an answer: such servers say "ok"."""
_REDIRECT = range(300, 400)
_LONGEST_WORDS = 200


def post(url: Secret, body: dict[str, Any], *, ca_file: Path | None = None, seconds: float | None = None) -> str:
    """Post JSON and return the host that took it.

    Args:
        url: https:// only; what it redirects to is not followed.
        body: as JSON has it.
        ca_file: authorities to trust besides the operating system's.
        seconds: for everything; by default `SECONDS`.

    Raises:
        InvalidValueError: when the secret is no such URL.
        HttpFault: when it was not taken, or nobody knows.
    """
    address = webhook_url(url.reveal())
    _keep_paths_out_of_logs()
    try:
        client = HttpClient(Trust(ca_file))
        try:
            answer = client.request("POST", address, json=body, seconds=seconds or SECONDS, limit=_LIMIT)
        finally:
            client.close()
        if answer.status in _REDIRECT:
            raise _redirected(answer)
        return answer.require_success(lambda said: said.words[:_LONGEST_WORDS]).host
    except HttpFault as fault:
        raise fault.saying(_without(address, fault.detail)) from None


def host_of(url: Secret) -> str:
    """Return what may be said of the URL; "" where it has no host."""
    try:
        return urlsplit(url.reveal()).hostname or ""
    except ValueError:
        return ""


def _redirected(answer: HttpAnswer) -> HttpFault:
    """Say that it points elsewhere, and not where: the address may carry the secret along."""
    sentence = text("{host} answers {status} and points elsewhere", host=answer.host, status=answer.status)
    return HttpFault(Reason.MALFORMED, sentence, status=answer.status)


def _without(address: str, detail: Message) -> Message:
    """Return a message without what is secret in the URL: libraries and peers may repeat it, whole or in parts."""
    parts = urlsplit(address)
    whole = f"{parts.path}?{parts.query}" if parts.query else parts.path
    pieces = [address, whole, parts.query, parts.path, *parts.path.split("/"), *_values(parts.query)]
    secret = sorted({piece for piece in pieces if len(piece) >= _SHORTEST_SECRET}, key=len, reverse=True)
    return Message(detail.template, tuple((name, _hidden(value, secret)) for name, value in detail.parameters))


_SHORTEST_SECRET = 6
"""Shorter pieces of a path are words such as "hooks", and hide nothing."""


def _values(query: str) -> list[str]:
    return [pair.partition("=")[2] for pair in query.split("&")]


def _hidden(value: object, secret: list[str]) -> object:
    if isinstance(value, Message):
        return Message(value.template, tuple((name, _hidden(inner, secret)) for name, inner in value.parameters))
    words = show(value)
    for piece in secret:
        words = words.replace(piece, "...")
    return words


def _keep_paths_out_of_logs() -> None:
    """Let urllib3 not tell at DEBUG what was asked for: here the path is the secret."""
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)

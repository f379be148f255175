"""HTTPS requests, bounded in size and time, that keep secrets to the one server they are for.

No redirect is followed, no `.netrc` and no cookie is used; proxies of the environment are.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies

from seppcheck import __version__
from seppcheck.clients.http_answer import HttpAnswer
from seppcheck.clients.http_faults import HttpFault, of_connection, timed_out
from seppcheck.clients.http_trust import Trust, TrustAdapter
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text

__all__ = ["HttpAnswer", "HttpClient", "HttpFault", "Trust"]

LIMIT = 8 * 1024 * 1024
"""Octets of a body, unless the caller expects more."""
_CHUNK = 16 * 1024
_CONNECT = 10.0
"""Seconds to reach a server; more is an outage."""


@dataclass(frozen=True, slots=True)
class _Request:
    """What goes out, and how long and how much may come back. Not shown: headers carry secrets."""

    method: str
    url: str
    headers: Mapping[str, str]
    json: Any
    form: Mapping[str, Any] | None
    seconds: float
    limit: int

    def __repr__(self) -> str:
        return f"{self.method} {self.url}"


class HttpClient:
    """HTTPS requests under one trust. It blocks, and may be used from several threads at once."""

    def __init__(self, trust: Trust | None = None) -> None:
        """Prepare; nothing is asked yet.

        Raises:
            HttpFault: `not-configured`, when the file of authorities cannot be used.
        """
        trust = trust or Trust()
        self._session = requests.Session()
        self._session.trust_env = False  # else .netrc would replace our Authorization header
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers["User-Agent"] = f"seppcheck/{__version__}"
        self._session.headers["Accept-Encoding"] = "identity"  # a small answer cannot grow when unpacked
        try:
            self._session.mount("https://", TrustAdapter(trust))
        except OSError as error:
            problem = error.strerror or str(error)
            sentence = text("the certificates in {path} cannot be used: {problem}", path=trust.ca_file, problem=problem)
            raise HttpFault(Reason.NOT_CONFIGURED, sentence) from None
        del self._session.adapters["http://"]

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        seconds: float = 30.0,
        limit: int = LIMIT,
    ) -> HttpAnswer:
        """Send one request and return the whole answer, whatever its status.

        Args:
            method: GET or POST.
            url: https:// only.
            headers: further headers.
            json: the body as JSON.
            form: the body as a form.
            seconds: for everything, name resolution included.
            limit: octets that the body may have.

        Raises:
            HttpFault: when no whole answer came, or too much of it.
        """
        asked = _Request(method, url, headers or {}, json, form, seconds, limit)
        exchange = _Exchange(self._session, asked)
        threading.Thread(target=exchange.run, daemon=True).start()
        return exchange.wait()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _Exchange:
    """One request in a thread of its own, since name resolution and slow headers know no time limit."""

    def __init__(self, session: requests.Session, asked: _Request) -> None:
        self._session = session
        self._asked = asked
        self._host = urlsplit(asked.url).netloc
        self._ended = threading.Event()
        self._until = time.monotonic() + asked.seconds
        self._result: HttpAnswer | HttpFault = timed_out(self._host, asked.seconds)

    def wait(self) -> HttpAnswer:
        self._ended.wait(self._asked.seconds)
        result = self._result
        if isinstance(result, HttpFault):
            raise result
        return result

    def run(self) -> None:
        try:
            self._result = self._answer()
        except HttpFault as fault:
            self._result = fault
        except Exception as error:  # noqa: BLE001 - requests, urllib3, http.client, ssl and the system each raise theirs
            self._result = of_connection(error, self._host, self._asked.seconds)
        self._ended.set()

    def _answer(self) -> HttpAnswer:
        asked = self._asked
        with self._session.request(
            asked.method,
            asked.url,
            headers=dict(asked.headers),
            json=asked.json,
            data=asked.form,
            timeout=(min(_CONNECT, asked.seconds), asked.seconds),
            allow_redirects=False,
            stream=True,
            proxies=get_environ_proxies(asked.url),
            verify=True,  # said for each request: the environment must not change it
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpAnswer(self._host, response.status_code, headers, self._body(response))

    def _body(self, response: requests.Response) -> bytes:
        packed = response.headers.get("Content-Encoding", "identity").lower()
        if packed != "identity":
            sentence = text("{host} packed its answer ({packed}) unasked", host=self._host, packed=packed)
            raise HttpFault(Reason.MALFORMED, sentence)
        body = bytearray()
        while chunk := response.raw.read(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self._asked.limit:
                limit = self._asked.limit
                sentence = text("{host} answered with more than {limit} octets", host=self._host, limit=limit)
                raise HttpFault(Reason.MALFORMED, sentence)
            if time.monotonic() > self._until:
                raise timed_out(self._host, self._asked.seconds)
        return bytes(body)

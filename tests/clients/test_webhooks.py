"""Webhooks as they answer: right, gone, slow, endless; and the URL, which nobody may learn."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from seppcheck.clients import webhooks
from seppcheck.clients.http import HttpFault
from seppcheck.errors import InvalidValueError
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import text
from seppcheck.secrets import Secret
from tests.clients.https_server import Answer, HttpsServer, Reply, https_server
from tests.peers.pki import Pki, self_signed

PATH = "/services/T0CANARY/B0CANARY/canary4711"
QUERY = "?api-version=2016-06-01&sig=canary0815"
CANARIES = ("CANARY", "canary4711", "canary0815")

Serve = Callable[[Answer | Reply], HttpsServer]


@pytest.fixture
def serve(pki: Pki, tmp_path: Path) -> Iterator[Serve]:
    (tmp_path / "ca.pem").write_bytes(pki.root.pem)
    with ExitStack() as stack:

        def start(answer: Answer | Reply) -> HttpsServer:
            given = answer if callable(answer) else lambda _: answer
            folder = tmp_path / str(time.monotonic_ns())
            folder.mkdir()
            return stack.enter_context(https_server(pki.issue("localhost"), folder, given))

        yield start


def post(url: str, tmp_path: Path, seconds: float = 5.0) -> str:
    return webhooks.post(Secret(url), {"text": "ü <&>"}, ca_file=tmp_path / "ca.pem", seconds=seconds)


def fault_of(url: str, tmp_path: Path, seconds: float = 5.0) -> HttpFault:
    with pytest.raises(HttpFault) as caught:
        post(url, tmp_path, seconds)
    return caught.value


@pytest.mark.parametrize("status", [200, 202, 204])
def test_what_is_taken_names_the_host_alone(serve: Serve, tmp_path: Path, status: int) -> None:
    server = serve(Reply(status, b"" if status == 204 else b"ok"))
    assert post(f"{server.url}{PATH}{QUERY}", tmp_path) == server.url.removeprefix("https://")
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", PATH + QUERY)
    assert json.loads(asked.body) == {"text": "ü <&>"}
    assert asked.headers["content-type"] == "application/json"


ANSWERS = {
    "410": (Reply(410, b"gone"), Reason.REFUSED, "answers 410: gone"),
    "404": (Reply(404, b"no_service"), Reason.REFUSED, "answers 404: no_service"),
    "403": (Reply(403, b"action_prohibited"), Reason.PERMISSION_MISSING, "answers 403"),
    "429": (Reply(429, b"", {"Retry-After": "30"}), Reason.THROTTLED, "answers 429"),
    "500": (Reply(500, b"<html>oops</html>"), Reason.REFUSED, "answers 500"),
    "huge": (Reply(200, b"x" * 1_000_000), Reason.MALFORMED, "more than 65536 octets"),
    "garbage": (Reply(raw=b"\x00\xff" * 40 + b"\r\n\r\n"), Reason.MALFORMED, "without a whole answer"),
    "nothing": (Reply(raw=b""), Reason.MALFORMED, "without a whole answer"),
    "slow": (Reply(200, b"ok" * 500, pause=0.05), Reason.TIMEOUT, "within 0.5 s"),
    "repeating": (Reply(400, f"no such {PATH}{QUERY}".encode()), Reason.REFUSED, "answers 400: no such"),
    "tokens": (Reply(400, b"invalid token canary4711, sig canary0815"), Reason.REFUSED, "invalid token ..., sig ..."),
}


@pytest.mark.parametrize(("reply", "reason", "words"), ANSWERS.values(), ids=ANSWERS)
def test_what_is_not_taken_is_told_without_the_url(
    serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Reply, reason: Reason, words: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(reply)
    fault = fault_of(f"{server.url}{PATH}{QUERY}", tmp_path, 0.5 if reply.pause else 5.0)
    assert fault.reason is reason
    assert words in str(fault.detail)
    assert server.url.removeprefix("https://") in str(fault.detail)
    assert not [canary for canary in CANARIES if canary in f"{fault!r} {fault.__dict__} {caplog.text}"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_not_repeated(serve: Serve, tmp_path: Path, status: int) -> None:
    thief = serve(Reply())
    server = serve(Reply(status, b"", {"Location": f"{thief.url}{PATH}"}))
    fault = fault_of(f"{server.url}{PATH}", tmp_path)
    assert "points elsewhere" in str(fault.detail)
    assert not thief.asked
    assert not [canary for canary in CANARIES if canary in str(fault.detail)]


def test_a_stranger_is_told_nothing(pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(pki.root.pem)
    with https_server(self_signed("localhost"), tmp_path, lambda _: Reply()) as server:
        fault = fault_of(server.url + PATH, tmp_path)
    assert (fault.reason, fault.untrusted) == (Reason.TLS_ERROR, True)
    assert not server.asked


def test_a_host_that_is_not_there_is_told_without_the_path(tmp_path: Path, pki: Pki) -> None:
    (tmp_path / "ca.pem").write_bytes(pki.root.pem)
    fault = fault_of(f"https://localhost:1{PATH}{QUERY}", tmp_path)
    assert fault.reason is Reason.REFUSED
    assert not [canary for canary in CANARIES if canary in str(fault.detail)]


@pytest.mark.parametrize("scheme", ["http://localhost", "file:///tmp", "https://user:canary4711@localhost"])
def test_only_https_is_asked_and_what_was_given_is_not_repeated(tmp_path: Path, scheme: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        post(scheme + PATH, tmp_path)
    assert not [canary for canary in CANARIES if canary in str(caught.value)]


def test_messages_within_messages_are_cleaned_too() -> None:
    inner = text("Max retries exceeded with url: {path}", path=PATH)
    cleaned = webhooks._without(f"https://localhost{PATH}", text("{host}: {problem}", host="localhost", problem=inner))
    assert str(cleaned) == "localhost: Max retries exceeded with url: ..."

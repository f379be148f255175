"""The lab's web server bears what is thrown at it: on a real connection, with real TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import pytest

from seppcheck.clock import utc_now
from seppcheck.lab import Lab
from seppcheck.lab.pki import Authority
from tests.peers.https_client import Client


@pytest.fixture
def connection(lab: Lab) -> Iterator[ssl.SSLSocket]:
    assert lab.ports.api is not None
    context = ssl.create_default_context(cadata=lab.authority.root_pem)
    with (
        socket.create_connection(("127.0.0.1", lab.ports.api), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        yield secured


def answered(connection: ssl.SSLSocket, wire: bytes) -> bytes:
    connection.sendall(wire)
    return connection.recv(65536).split(b"\r\n")[0]


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        (b"GET /v1/customer HTTP/1.1\r\n\r\n", b"401"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET http://elsewhere/ HTTP/1.1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", b"431"),
    ],
    ids=["sound", "nonsense", "proxy", "no number", "huge", "chunked", "long head"],
)
def test_every_request_is_answered(connection: ssl.SSLSocket, wire: bytes, status: bytes) -> None:
    assert answered(connection, wire).startswith(b"HTTP/1.1 " + status)


def test_a_connection_serves_several_requests(connection: ssl.SSLSocket) -> None:
    request = b"GET /v1/customer HTTP/1.1\r\n\r\n"
    for _ in range(3):
        assert answered(connection, request).startswith(b"HTTP/1.1 401")


def test_who_does_not_speak_tls_or_does_not_trust_it_does_no_harm(lab: Lab) -> None:
    assert lab.ports.api is not None
    with socket.create_connection(("127.0.0.1", lab.ports.api), timeout=30) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.settimeout(30)
        plain.recv(100)
    with (
        socket.create_connection(("127.0.0.1", lab.ports.api), timeout=30) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context(cadata=Authority(utc_now()).root_pem).wrap_socket(plain, server_hostname="127.0.0.1")
    assert Client(lab.ports.api, lab.authority.root_pem).ask("GET", "/v1/customer").status == 401

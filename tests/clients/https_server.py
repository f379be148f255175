"""A real HTTPS server on loopback that answers as a test says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.peers.pki import Credential


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What to answer. `raw` goes out as it stands, `pause` seconds pass before each octet of the body."""

    status: int = 200
    body: bytes | Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    pause: float = 0.0

    @property
    def octets(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Answer = Callable[[Asked], Reply]


@dataclass
class HttpsServer:
    """Where it listens, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def https_server(credential: Credential, folder: Path, answer: Answer) -> Iterator[HttpsServer]:
    """Serve until the end of the block; `folder` takes the server's PEM file."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.answer = answer
    server.seen = HttpsServer(f"https://localhost:{server.server_address[1]}")
    server.socket = credential.context(folder).wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.seen
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    answer: Answer
    seen: HttpsServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that break off are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        self.request.do_handshake()
        super().setup()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.server.seen.asked.append(asked)
        reply = self.server.answer(asked)
        if reply.raw is not None:
            self.wfile.write(reply.raw)
            self.close_connection = True
            return
        self._send(reply)

    do_GET = do_POST = _serve  # noqa: N815 - the names that the base class calls

    def _send(self, reply: Reply) -> None:
        octets = reply.octets
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(octets)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not reply.pause:
            self.wfile.write(octets)
            return
        for octet in octets:
            time.sleep(reply.pause)
            self.wfile.write(bytes([octet]))
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Keep the test's output clean."""

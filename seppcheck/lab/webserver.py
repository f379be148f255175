"""HTTP/1.1 over TLS for the lab's two web services, bounded in size, time and number."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from seppcheck.lab.loopback import stop_accepting

_IDLE_SECONDS = 30.0
_MAX_CONNECTIONS = 100
_MAX_REQUESTS = 1000
_MAX_HEAD = 16_384
_MAX_BODY = 262_144


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks; header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Return the body as JSON.

        Raises:
            ValueError: when it is none.
        """
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """Return the body's form fields."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered, `delay` seconds later; with `hang_up` the connection ends instead, without an answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    hang_up: bool = False

    @property
    def wire(self) -> bytes:
        """The answer as it is sent."""
        reason = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "Unknown"
        headers = {**self.headers, "Content-Length": str(len(self.body))}
        lines = [f"HTTP/1.1 {self.status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


def json_response(status: int, content: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8")
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


Handler = Callable[[Request], Response]


class _BadRequest(Exception):  # noqa: N818 - it names the status that it becomes
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class WebServer:
    """A web server on loopback: an asynchronous context manager that serves while it is open."""

    def __init__(self, handler: Handler, context: ssl.SSLContext, sockets: tuple[socket.socket, ...]) -> None:
        self._handler = handler
        self._context = context
        self._sockets = sockets
        self._stack = AsyncExitStack()
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self._hang_up)
        for sock in self._sockets:
            server = await asyncio.start_server(self._accept, sock=sock, limit=_MAX_HEAD)
            self._stack.push_async_callback(stop_accepting, server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _hang_up(self) -> None:
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= _MAX_CONNECTIONS:
            writer.close()
            return
        task = asyncio.create_task(self._converse(reader, writer))
        self._connections[task] = writer
        task.add_done_callback(self._connections.pop)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await writer.start_tls(self._context, ssl_handshake_timeout=_IDLE_SECONDS)
            for _ in range(_MAX_REQUESTS):
                if not await self._answer_one(reader, writer):
                    break
            writer.close()
            async with asyncio.timeout(_IDLE_SECONDS):
                await writer.wait_closed()
        except (TimeoutError, EOFError, OSError):
            pass  # the client is gone, is none, or does not like our certificate
        finally:
            writer.transport.abort()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when the connection ends with it."""
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                request = await _read(reader)
        except _BadRequest as error:
            writer.write(Response(error.status, headers={"Connection": "close"}).wire)
            await writer.drain()
            return False
        response = self._handler(request)
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.hang_up:
            return False
        writer.write(response.wire)
        await writer.drain()
        return request.headers.get("connection", "").lower() != "close"


async def _read(reader: asyncio.StreamReader) -> Request:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise _BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from error
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    target, _, version = rest.rpartition(" ")
    if not target.startswith("/") or not version.startswith("HTTP/1."):
        raise _BadRequest(HTTPStatus.BAD_REQUEST)
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, unquote(parts.path), query, headers, await _body(reader, headers))


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        raise _BadRequest(HTTPStatus.LENGTH_REQUIRED)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise _BadRequest(HTTPStatus.BAD_REQUEST)
    if len(length) > len(str(_MAX_BODY)) or int(length) > _MAX_BODY:
        raise _BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return await reader.readexactly(int(length))

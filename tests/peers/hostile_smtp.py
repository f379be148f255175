"""An SMTP server that does what its script says, right or wrong, and remembers what it heard.

It lives in threads, so that it serves asyncio and blocking tests alike.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_PATIENCE = 20.0
"""Seconds that a script waits for its client at most."""


@dataclass
class Peer:
    """One connection as a script sees it."""

    socket: socket.socket
    heard: list[bytes]

    def say(self, *lines: bytes) -> None:
        """Send lines, each with CRLF."""
        self.send(b"".join(line + b"\r\n" for line in lines))

    def send(self, octets: bytes) -> None:
        """Send octets as they are."""
        self.socket.sendall(octets)

    def listen(self) -> bytes:
        """Return the next line without its end, "" when the client has closed."""
        line = b""
        while not line.endswith(b"\n") and (octet := self.socket.recv(1)):
            line += octet
        if line:
            self.heard.append(line.rstrip(b"\r\n"))
        return line.rstrip(b"\r\n")

    def answer(self, *lines: bytes) -> None:
        """Wait for a command, and send lines."""
        self.listen()
        self.say(*lines)

    def hang(self, stop: threading.Event) -> None:
        """Say nothing until the test is over."""
        stop.wait(_PATIENCE)

    def half_close(self) -> None:
        """Send the end, and go on reading."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Break the connection off with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def secure(self, context: ssl.SSLContext) -> None:
        """Do the server's side of a TLS handshake."""
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def hear_out(self) -> None:
        """Read until the client has closed."""
        while self.listen():
            pass


Script = Callable[[Peer, threading.Event], None]


@dataclass
class HostileSmtp:
    """A listening server: connect to `address` and `port`; `heard` are the lines of all clients."""

    address: str
    port: int
    heard: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def serving(script: Script, address: str = "127.0.0.1") -> Iterator[HostileSmtp]:
    """Serve a script to every client, each in a thread of its own."""
    stop, threads = threading.Event(), []
    with socket.create_server((address, 0)) as listener:
        listener.settimeout(0.05)
        server = HostileSmtp(address, listener.getsockname()[1])

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = listener.accept()
                    thread = threading.Thread(target=_serve, args=(script, connection, server.heard, stop))
                    threads.append(thread)
                    thread.start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server
        finally:
            stop.set()
            acceptor.join()
            for thread in threads:
                thread.join()


def _serve(script: Script, connection: socket.socket, heard: list[bytes], stop: threading.Event) -> None:
    connection.settimeout(_PATIENCE)
    peer = Peer(connection, heard)
    # whatever the client does to it, a script just ends: the test looks at the client
    with contextlib.suppress(OSError):
        script(peer, stop)
    with contextlib.suppress(OSError):
        peer.socket.close()

"""A DNS server that misbehaves as told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from tests.peers.bind import free_port

ADDRESS = "127.0.0.1"
_TICK = 0.05

Behaviour = Callable[[bytes], Iterable[bytes]]
"""From a query to what is sent back: datagrams over UDP, pieces of the stream over TCP. May never end."""


def reply(query: bytes, *records: bytes, flags: int = 0x8580, counts: tuple[int, int, int] | None = None) -> bytes:
    """A reply to a query: its id and question, then records of the answer section as they are."""
    header = query[:2] + flags.to_bytes(2) + b"\0\1"
    answers, authority, additional = counts or (len(records), 0, 0)
    header += answers.to_bytes(2) + authority.to_bytes(2) + additional.to_bytes(2)
    return header + question_of(query) + b"".join(records)


def question_of(query: bytes) -> bytes:
    """The question section of a query."""
    return query[12 : query.index(b"\0", 12) + 5]


def record(rdtype: int, rdata: bytes, *, owner: bytes = b"\xc0\x0c", ttl: int = 300) -> bytes:
    """A record; its owner is the name in question unless given."""
    return owner + rdtype.to_bytes(2) + b"\0\1" + ttl.to_bytes(4) + len(rdata).to_bytes(2) + rdata


@contextmanager
def hostile_dns(over_udp: Behaviour, over_tcp: Behaviour | None = None) -> Iterator[int]:
    """Run it at ADDRESS until the block ends; gives its port. Without `over_tcp` connections are refused."""
    port, stop = free_port((ADDRESS,)), threading.Event()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((ADDRESS, port))
    udp.settimeout(_TICK)
    threads = [threading.Thread(target=_serve_udp, args=(udp, over_udp, stop))]
    tcp = None
    if over_tcp:
        tcp = socket.create_server((ADDRESS, port))
        tcp.settimeout(_TICK)
        threads.append(threading.Thread(target=_serve_tcp, args=(tcp, over_tcp, stop)))
    for thread in threads:
        thread.start()
    try:
        yield port
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        udp.close()
        if tcp:
            tcp.close()


def _serve_udp(udp: socket.socket, behaviour: Behaviour, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):
            query, client = udp.recvfrom(4096)
            for datagram in behaviour(query):
                if stop.is_set():
                    return
                udp.sendto(datagram, client)


def _serve_tcp(tcp: socket.socket, behaviour: Behaviour, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):
            connection, _ = tcp.accept()
            with connection:
                connection.settimeout(1)
                query = connection.recv(4096)[2:]
                for piece in behaviour(query):
                    if stop.is_set():
                        return
                    connection.sendall(piece)

"""A nameserver whose every answer comes after a fixed delay: resolver and authority for made-up domains.

`python -m benchmarks.slow_nameserver PORT DELAY DOMAINS` serves until it is ended, and prints `ready` when it does. It
is made of bytes and tables, so that it costs the measured programs as little as possible.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Iterable
from functools import partial
from typing import cast

PARENT = "bench.test"
GATEWAY = f"secure.{PARENT}"
GATEWAY_ADDRESS = "192.0.2.25"
SERVERS = (f"ns1.{PARENT}", f"ns2.{PARENT}")
SERVER_ADDRESSES = ("127.53.0.1", "127.53.0.2")

A, NS, SOA, PTR, MX, TXT, AAAA, OPT = 1, 2, 6, 12, 15, 16, 28, 41
NXDOMAIN = 3
_FLAGS = 0x8580  # an answer, authoritative, with recursion: this server is resolver and authority in one
_TTL = 300
_OPT_RECORD = b"\x00" + struct.pack("!HHIH", OPT, 1232, 0, 0)

Records = dict[str, dict[int, list[bytes]]]


def domain(number: int) -> str:
    """Return the name of one of the domains."""
    return f"d{number}.{PARENT}"


def encode(name: str) -> bytes:
    """Return a name as it is on the wire."""
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\x00"


def zones(count: int) -> Records:
    """Return what is served: a root, a top-level domain, the reverse zone and `count` domains ready for the move."""
    reverse = ".".join(reversed(GATEWAY_ADDRESS.split(".")))
    reverse_zone = reverse.partition(".")[2] + ".in-addr.arpa"
    apexes = ("", "test", "arpa", PARENT, reverse_zone)
    records: Records = {apex: apex_records(apex) for apex in apexes}
    for name, address in zip(SERVERS, SERVER_ADDRESSES, strict=True):
        records[name] = {A: [socket.inet_aton(address)]}
    records[GATEWAY] = {A: [socket.inet_aton(GATEWAY_ADDRESS)]}
    records[f"{reverse}.in-addr.arpa"] = {PTR: [encode(GATEWAY)]}
    for name in map(domain, range(count)):
        mx, spf = struct.pack("!H", 10) + encode(GATEWAY), text(f"v=spf1 ip4:{GATEWAY_ADDRESS} -all")
        records[name] = {**apex_records(name), MX: [mx], TXT: [spf]}
        records[f"_dmarc.{name}"] = {TXT: [text("v=DMARC1; p=reject")]}
    return records


def apex_records(apex: str) -> dict[int, list[bytes]]:
    """Return the SOA and NS records of a zone."""
    return {NS: [encode(server) for server in SERVERS], SOA: [soa(apex)]}


def soa(apex: str) -> bytes:
    """Return the RDATA of a zone's SOA record."""
    return encode(SERVERS[0]) + encode(f"hostmaster.{apex}") + struct.pack("!5I", 1, 3600, 900, 604800, 300)


def text(value: str) -> bytes:
    """Return the RDATA of a TXT record of one string."""
    return bytes([len(value)]) + value.encode()


class Answers:
    """What is answered to a query."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def to(self, query: bytes) -> bytes:
        """Return the response."""
        name, end = read_name(query, 12)
        (kind,) = struct.unpack_from("!H", query, end)
        question = query[12 : end + 4]
        held = self.records.get(name)
        answers = (held or {}).get(kind, [])
        authority = [] if answers else [self.start_of_authority(name)]
        rcode = 0 if held is not None else NXDOMAIN
        has_edns = query[11] != 0
        head = query[:2] + struct.pack("!HHHHH", _FLAGS | rcode, 1, len(answers), len(authority), int(has_edns))
        found = b"".join(b"\xc0\x0c" + rdata(kind, value) for value in answers)
        return head + question + found + b"".join(authority) + (_OPT_RECORD if has_edns else b"")

    def start_of_authority(self, name: str) -> bytes:
        """Return the SOA record of the zone that a name lies in."""
        apex = next(above for above in ancestors(name) if SOA in self.records.get(above, {}))
        return encode(apex) + rdata(SOA, self.records[apex][SOA][0])


class Datagrams(asyncio.DatagramProtocol):
    """Answers over UDP, each after the delay."""

    def __init__(self, answers: Answers, delay: float) -> None:
        self.answers = answers
        self.delay = delay
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer later."""
        self.loop.call_later(self.delay, self.transport.sendto, self.answers.to(data), addr)


async def answer_stream(
    answers: Answers, delay: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer over TCP; checkdmarc asks for DS records in this way."""
    try:
        while True:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            response = answers.to(await reader.readexactly(length))
            await asyncio.sleep(delay)
            writer.write(struct.pack("!H", len(response)) + response)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def ancestors(name: str) -> Iterable[str]:
    """Yield a name and everything above it, the root last."""
    while name:
        yield name
        name = name.partition(".")[2]
    yield ""


def rdata(kind: int, value: bytes) -> bytes:
    """Return a record behind its owner's name."""
    return struct.pack("!HHIH", kind, 1, _TTL, len(value)) + value


def read_name(message: bytes, position: int) -> tuple[str, int]:
    """Return the question's name in lower case, and where it ends."""
    labels = []
    while length := message[position]:
        labels.append(message[position + 1 : position + 1 + length].decode().lower())
        position += 1 + length
    return ".".join(labels), position + 1


async def serve(addresses: Iterable[str], port: int, delay: float, count: int) -> None:
    """Serve until cancelled."""
    loop, answers = asyncio.get_running_loop(), Answers(zones(count))
    for address in addresses:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_000_000)
        sock.bind((address, port))
        await loop.create_datagram_endpoint(lambda: Datagrams(answers, delay), sock=sock)
        await asyncio.start_server(partial(answer_stream, answers, delay), address, port)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(SERVER_ADDRESSES, int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))

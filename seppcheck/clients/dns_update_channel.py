"""Signed DNS messages to one name server, over TCP.

TCP throughout: an update must not arrive twice, a lost datagram leaves open whether it did, and what is read before
it has to come from the same server. Questions are signed as well: a forged answer would become a before-image, and a
server may show each key its own view.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time

import dns.message
import dns.tsig

from seppcheck.clients import dns_update_faults as faults
from seppcheck.clients.dns import dns_client
from seppcheck.clients.dns_update_faults import Place
from seppcheck.model.dns import HostLookup
from seppcheck.model.text import Message
from seppcheck.settings import Settings


async def _host(settings: Settings, name: str) -> HostLookup:
    client = dns_client(settings)
    try:
        return await client.host(name)
    finally:
        await client.aclose()


class SignedChannel:
    """Carries messages to the server of one `[[dns.update]]`.

    Each address that the server has is tried in turn until one accepts the connection; each has
    `settings.dns.timeout` seconds for everything. Once something was sent, nothing is sent again.
    """

    def __init__(self, place: Place, key: dns.tsig.Key, settings: Settings) -> None:
        self.place = place
        self._key = key
        self._settings = settings

    def exchange(self, message: dns.message.Message, what: Message) -> dns.message.Message:
        """Send a message and return the signed reply to it, whatever its RCODE.

        Args:
            message: not yet signed.
            what: how sentences name it.

        Raises:
            DnsWriteFault: when there is no reply that counts; unclear where the message was sent.
        """
        message.use_tsig(self._key)
        deadline, connection = self._connect()
        with connection:
            try:
                return self._reply(_carried(connection, message.to_wire(prepend_length=True), deadline), message, what)
            except faults.TALKING as error:
                raise faults.broken_off(self.place, what, error) from None

    def _reply(self, wire: bytes, message: dns.message.Message, what: Message) -> dns.message.Message:
        try:
            plain = dns.message.from_wire(wire)
        except dns.message.UnknownTSIGKey:  # it is signed, and here is no key to look at that with
            reply = dns.message.from_wire(wire, keyring={self._key.name: self._key}, request_mac=message.mac)
        else:
            raise faults.unsigned(self.place, what, plain.rcode())
        if not message.is_response(reply):
            raise ValueError("it is no reply to our message")
        return reply

    def _connect(self) -> tuple[float, socket.socket]:
        """Return a connection, and until when the exchange over it may last."""
        fault = faults.no_address(self.place, "it has none")
        for address in self._addresses():
            deadline = time.monotonic() + self.place.seconds
            try:
                return deadline, socket.create_connection((address, self.place.port), self.place.seconds)
            except OSError as error:
                fault = faults.no_connection(self.place, address, error)
        raise fault

    def _addresses(self) -> tuple[str, ...]:
        server = self.place.server
        try:
            return (str(ipaddress.ip_address(server)),)
        except ValueError:
            return self._looked_up() if self._settings.dns.resolvers else self._by_the_system()

    def _looked_up(self) -> tuple[str, ...]:
        host = asyncio.run(_host(self._settings, self.place.server))
        if not host.addresses and host.fault:
            raise faults.no_address(self.place, host.fault.detail or host.fault.status.value)
        return host.addresses

    def _by_the_system(self) -> tuple[str, ...]:
        try:
            found = socket.getaddrinfo(self.place.server, self.place.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise faults.no_address(self.place, problem) from None
        return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _carried(connection: socket.socket, message: bytes, deadline: float) -> bytes:
    """Send a message with its length before it, and return the one that comes back (RFC 1035 section 4.2.2).

    Raises:
        OSError, EOFError: when there is none in time.
    """
    connection.settimeout(_left(deadline))
    connection.sendall(message)
    return _received(connection, int.from_bytes(_received(connection, 2, deadline)), deadline)


def _received(connection: socket.socket, count: int, deadline: float) -> bytes:
    data = b""
    while len(data) < count:
        connection.settimeout(_left(deadline))
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _left(deadline: float) -> float:
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError
    return left

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path

import pytest

from seppcheck.clients.smtp import SmtpClient, literal
from seppcheck.errors import InvalidValueError
from seppcheck.model.outcomes import Reason
from seppcheck.model.smtp import StartTls
from tests.clients.facing_smtp import (
    AMPLE,
    GREETING,
    HOST,
    LIMIT,
    SOON,
    converse,
    fault_of,
    take_leave,
    up_to_starttls,
)
from tests.peers.hostile_smtp import HostileSmtp, Peer, serving
from tests.peers.pki import Pki


class TestPoliteness:
    async def test_nothing_goes_over_the_wire_but_ehlo_starttls_and_quit(self, pki: Pki, tmp_path: Path) -> None:
        context = pki.issue(HOST).context(tmp_path)

        def script(peer: Peer, _: threading.Event) -> None:
            up_to_starttls(peer)
            peer.secure(context)
            take_leave(peer)

        with serving(script) as server:
            seen = await converse(server)

        assert seen.starttls is StartTls.DONE
        assert server.heard == [b"EHLO audit.example.net", b"STARTTLS", b"QUIT"]

    async def test_it_takes_its_leave_where_starttls_is_not_announced(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(GREETING)
            peer.answer(b"250 secure.example.org")
            peer.answer(b"221 bye")

        with serving(script) as server:
            seen = await converse(server)

        assert (seen.starttls, seen.fault) == (StartTls.NOT_ANNOUNCED, None)
        assert server.heard == [b"EHLO audit.example.net", b"QUIT"]

    async def test_it_takes_its_leave_after_a_refusing_greeting(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(b"554 5.7.1 no")
            take_leave(peer)

        with serving(script) as server:
            await converse(server)

        assert server.heard == [b"QUIT"]

    async def test_it_does_not_speak_before_it_is_greeted(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.hear_out()

        with serving(script) as server:
            await converse(server, SOON)

        assert server.heard == []

    async def test_all_addresses_are_asked_at_the_same_time(self) -> None:
        both = threading.Barrier(2)

        def script(peer: Peer, _: threading.Event) -> None:
            both.wait(2)
            peer.say(GREETING)

        with serving(script) as one, serving(script) as two:
            seen = await asyncio.gather(converse(one), converse(two))

        assert [d.code for d in seen] == [220, 220]


class TestConnection:
    async def test_a_refused_connection_is_refused(self) -> None:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            seen = await converse(HostileSmtp(*bound.getsockname()))

        assert fault_of(seen).reason is Reason.REFUSED
        assert seen.greeting_fault == seen.fault

    async def test_no_answer_to_the_connection_is_a_timeout(self) -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            with socket.create_connection(full.getsockname()):
                seen = await converse(HostileSmtp(*full.getsockname()), SOON)

        assert fault_of(seen).reason is Reason.TIMEOUT
        assert "a firewall on the way drops it" in str(fault_of(seen).detail)

    async def test_an_address_without_a_route_is_unreachable(self) -> None:
        fault = fault_of(await converse(HostileSmtp("255.255.255.255", 25)))

        assert fault.reason is Reason.UNREACHABLE


class TestEhloName:
    @pytest.mark.parametrize("name", ["a b", "x\r\nMAIL FROM:<>", "localhost", "a_b.example"])
    def test_what_is_no_full_name_is_refused(self, name: str) -> None:
        with pytest.raises(InvalidValueError):
            SmtpClient(AMPLE, name)

    @pytest.mark.parametrize(
        ("address", "spoken"),
        [("192.0.2.1", "[192.0.2.1]"), ("2001:DB8::1", "[IPv6:2001:db8::1]"), ("fe80::1%eth0", "[IPv6:fe80::1]")],
    )
    def test_an_address_is_spoken_as_a_literal_without_its_zone(self, address: str, spoken: str) -> None:
        assert literal(address) == spoken

    @pytest.mark.parametrize("host", ["laptop", "my_host.example.net", ""])
    async def test_a_host_without_a_domain_speaks_its_address(self, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
        monkeypatch.setattr(socket, "gethostname", lambda: host)

        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(GREETING)
            peer.answer(b"250 secure.example.org")

        with serving(script) as server:
            await SmtpClient(AMPLE).converse(server.address, server.port, HOST, LIMIT)

        assert server.heard[0] == b"EHLO [127.0.0.1]"

    async def test_a_host_with_a_domain_speaks_its_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "gethostname", lambda: "audit.example.net")

        with serving(lambda peer, _: peer.say(GREETING) or peer.answer(b"250 hello")) as server:  # type: ignore[func-returns-value]  # one after the other
            await SmtpClient(AMPLE).converse(server.address, server.port, HOST, LIMIT)

        assert server.heard[0] == b"EHLO audit.example.net"

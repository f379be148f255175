from __future__ import annotations

import ssl
import threading
import warnings
from pathlib import Path

import pytest

from seppcheck.model.outcomes import Reason
from seppcheck.model.smtp import SmtpFault, StartTls
from tests.clients.facing_smtp import (
    HOST,
    SOON,
    facing,
    fault_of,
    take_leave,
    up_to_starttls,
)
from tests.peers.hostile_smtp import Peer
from tests.peers.pki import Pki


class TestStartTls:
    async def test_announced_and_refused_is_no_fault_but_an_answer(self) -> None:
        seen = await facing(lambda peer, _: up_to_starttls(peer, b"502 5.5.1 not today"))

        assert (seen.starttls, seen.fault) == (StartTls.REFUSED, None)

    async def test_announced_and_put_off_is_throttled(self) -> None:
        seen = await facing(lambda peer, _: up_to_starttls(peer, b"454 4.7.0 TLS not available"))

        assert (seen.starttls, fault_of(seen).reason) == (StartTls.UNKNOWN, Reason.THROTTLED)
        assert seen.greeting_fault is None

    async def test_plain_text_slipped_in_before_the_handshake_is_a_tls_error_like_garbage_in_it(self) -> None:
        fault = fault_of(await facing(lambda peer, _: up_to_starttls(peer, b"220 ready\r\n250-SIZE 1")))

        assert fault.reason is Reason.TLS_ERROR
        assert 'more plain text after its answer to STARTTLS: "250-SIZE 1' in str(fault.detail)

    async def test_garbage_instead_of_a_handshake_is_a_tls_error(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            up_to_starttls(peer)
            peer.socket.recv(1)
            peer.send(b"<html>this is not TLS at all</html>")
            peer.hang(stop)

        fault = fault_of(await facing(script))

        assert fault.reason is Reason.TLS_ERROR
        assert str(fault.detail).startswith("the TLS handshake failed: ")

    async def test_a_connection_closed_in_the_handshake_is_a_tls_error(self) -> None:
        fault = fault_of(await facing(lambda peer, _: up_to_starttls(peer)))

        assert fault.reason is Reason.TLS_ERROR
        assert "the server closed the connection" in str(fault.detail)

    async def test_silence_after_starttls_is_a_timeout(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            up_to_starttls(peer)
            peer.hang(stop)

        fault = fault_of(await facing(script, SOON))

        assert (fault.reason, seen_tls(fault)) == (Reason.TIMEOUT, True)

    async def test_a_flood_of_handshake_records_is_over_the_limit(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            up_to_starttls(peer)
            peer.socket.recv(1)
            # the beginning of a ServerHello of 16 MB that never ends
            peer.send(b"\x16\x03\x03\x40\x00\x02\x00\xff\xff" + bytes(0x4000 - 4))
            while not stop.is_set():
                peer.send(b"\x16\x03\x03\x40\x00" + bytes(0x4000))

        assert fault_of(await facing(script)).reason in (Reason.MALFORMED, Reason.TLS_ERROR)

    async def test_endless_warnings_in_the_handshake_end(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            up_to_starttls(peer)
            peer.socket.recv(1)
            while not stop.is_set():
                peer.send(b"\x15\x03\x03\x00\x02\x01\x70" * 100)  # unrecognized_name, a warning

        assert fault_of(await facing(script)).reason in (Reason.MALFORMED, Reason.TLS_ERROR)

    async def test_the_chain_comes_as_it_was_sent(self, pki: Pki, tmp_path: Path) -> None:
        issued = pki.issue(HOST)
        sent = issued.sending(pki.root.certificate, *issued.chain)
        context = sent.context(tmp_path)
        asked_for: list[str | None] = []
        context.sni_callback = lambda _socket, name, _context: asked_for.append(name)

        def script(peer: Peer, _: threading.Event) -> None:
            up_to_starttls(peer)
            peer.secure(context)
            take_leave(peer)

        seen = await facing(script)

        assert seen.handshake is not None
        assert seen.handshake.chain == sent.der
        assert seen.handshake.version == "TLSv1.3"
        assert asked_for == [HOST]

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2])
    async def test_an_old_server_is_seen_all_the_same(self, pki: Pki, tmp_path: Path, version: ssl.TLSVersion) -> None:
        context = pki.issue(HOST).context(tmp_path)
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is the point
            context.minimum_version = context.maximum_version = version

        def script(peer: Peer, _: threading.Event) -> None:
            up_to_starttls(peer)
            peer.secure(context)
            take_leave(peer)

        seen = await facing(script)

        assert seen.handshake is not None, seen.fault
        assert seen.handshake.version == version.name.replace("_", ".")


def seen_tls(fault: SmtpFault) -> bool:
    return "the TLS handshake did not end" in str(fault.detail)

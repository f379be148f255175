from __future__ import annotations

import threading
import time

import pytest

from seppcheck.clients.smtp_reply import SHOWN
from seppcheck.model.outcomes import Reason
from seppcheck.model.smtp import StartTls
from tests.clients.facing_smtp import (
    AMPLE,
    GREETING,
    SOON,
    converse,
    facing,
    fault_of,
)
from tests.peers.hostile_smtp import Peer, serving


class TestGreeting:
    async def test_early_lines_are_kept_and_a_slow_last_line_is_waited_for(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(b"220-mx.example.net please wait")
            time.sleep(0.2)
            peer.say(GREETING)
            peer.answer(b"250 secure.example.org")

        seen = await facing(script)

        assert seen.lines == ("mx.example.net please wait", "secure.example.org ESMTP")
        assert (seen.code, seen.greeting_fault) == (220, None)

    @pytest.mark.parametrize(
        ("line", "code", "reason", "sentence"),
        [
            (b"554 5.7.1 no", 554, Reason.REFUSED, 'it refuses this machine with "554 5.7.1 no"'),
            (b"521 never", 521, Reason.REFUSED, 'it refuses this machine with "521 never"'),
            (b"421 busy", 421, Reason.THROTTLED, 'it puts this machine off with "421 busy": try again later'),
            (b"450 later", 450, Reason.THROTTLED, 'it puts this machine off with "450 later": try again later'),
            (b"250 hello", 250, Reason.MALFORMED, 'it greets with "250 hello", which is no greeting'),
        ],
    )
    async def test_each_code_has_its_reason(self, line: bytes, code: int, reason: Reason, sentence: str) -> None:
        seen = await facing(lambda peer, _: peer.say(line))

        assert (seen.code, seen.starttls) == (code, StartTls.UNKNOWN)
        assert seen.greeting_fault == fault_of(seen)
        assert (seen.fault.reason, str(seen.fault.detail), seen.fault.code) == (reason, sentence, code)  # type: ignore[union-attr]  # fault_of saw it
        assert seen.fault.reply == line.decode()  # type: ignore[union-attr]  # likewise

    async def test_an_early_greeting_may_end_in_come_back_later(self) -> None:
        seen = await facing(lambda peer, _: peer.say(b"220-wait", b"421 4.3.2 busy"))

        assert (fault_of(seen).reason, seen.lines) == (Reason.THROTTLED, ("wait", "4.3.2 busy"))

    async def test_hostile_octets_stay_data(self) -> None:
        seen = await facing(lambda peer, _: peer.say(b"220 \x00\x1b]0;x\x07<script>alert(1)</script>\xff"))

        assert seen.lines == ("\x00\x1b]0;x\x07<script>alert(1)</script>\\xff",)
        assert seen.greeting_fault is None

    async def test_an_endless_banner_is_over_the_limit_and_its_beginning_is_kept(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            while not stop.is_set():
                peer.send(b"220-secure.example.org again\r\n" * 50)

        seen = await facing(script)

        assert fault_of(seen).reason is Reason.MALFORMED
        assert "more than 100 lines" in str(fault_of(seen).detail)
        assert seen.lines[0] == "secure.example.org again"

    async def test_an_endless_line_is_over_the_limit(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            peer.send(b"220 ")
            while not stop.is_set():
                peer.send(b"x" * 4096)

        assert fault_of(await facing(script)).reason is Reason.MALFORMED

    async def test_an_octet_now_and_then_does_not_hold_it_up(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            while not stop.wait(0.05):
                peer.send(b"2")

        fault = fault_of(await facing(script, SOON))

        assert fault.reason is Reason.TIMEOUT
        assert "the greeting was not complete within 0.4 s" in str(fault.detail)

    async def test_the_whole_is_bounded_whatever_a_single_reply_may_take(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            peer.say(GREETING)
            while not stop.wait(0.05):
                peer.send(b"2")

        with serving(script) as server:
            seen = await converse(server, AMPLE, SOON)

        assert (seen.code, fault_of(seen).reason) == (220, Reason.TIMEOUT)

    async def test_silence_is_a_timeout(self) -> None:
        fault = fault_of(await facing(Peer.hang, SOON))

        assert fault.reason is Reason.TIMEOUT
        assert str(fault.detail) == "it took the connection, but sent no greeting within 0.4 s"

    async def test_a_connection_closed_at_once_is_malformed(self) -> None:
        fault = fault_of(await facing(lambda peer, _: None))

        assert (fault.reason, str(fault.detail)) == (Reason.MALFORMED, "it closed the connection without a greeting")

    async def test_a_connection_reset_is_malformed(self) -> None:
        assert fault_of(await facing(lambda peer, _: peer.reset())).reason is Reason.MALFORMED

    async def test_a_half_closed_connection_is_malformed_and_its_lines_are_kept(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            peer.say(b"220-secure.example.org")
            peer.half_close()
            peer.hang(stop)

        seen = await facing(script)

        assert fault_of(seen).reason is Reason.MALFORMED
        assert seen.lines == ("secure.example.org",)

    async def test_an_http_server_does_not_speak_smtp(self) -> None:
        fault = fault_of(await facing(lambda peer, _: peer.say(b"HTTP/1.1 400 Bad Request", b"", b"<html>")))

        assert fault.reason is Reason.MALFORMED
        assert str(fault.detail) == 'it sent "HTTP/1.1 400 Bad Request", which is no SMTP reply'


class TestEhlo:
    async def test_a_fault_in_ehlo_does_not_spoil_the_greeting(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(GREETING)
            peer.answer(b"421 4.7.0 too many connections")

        seen = await facing(script)

        assert (seen.code, seen.greeting_fault, seen.starttls) == (220, None, StartTls.UNKNOWN)
        assert fault_of(seen).reason is Reason.THROTTLED
        assert str(fault_of(seen).detail) == 'it answers EHLO with "421 4.7.0 too many connections": try again later'

    async def test_an_old_server_is_greeted_with_helo_and_can_announce_nothing(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(GREETING)
            peer.answer(b"502 not implemented")
            peer.answer(b"250-secure.example.org", b"250 STARTTLS")

        with serving(script) as server:
            seen = await converse(server)

        assert (seen.starttls, seen.fault) == (StartTls.NOT_ANNOUNCED, None)
        assert server.heard[:2] == [b"EHLO audit.example.net", b"HELO audit.example.net"]

    async def test_a_server_that_closes_after_refusing_ehlo_is_quoted(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(GREETING)
            peer.answer(b"550 5.7.1 go away")

        fault = fault_of(await facing(script))

        assert (fault.reason, str(fault.detail)) == (Reason.REFUSED, 'it refuses EHLO with "550 5.7.1 go away"')

    async def test_a_huge_reply_is_over_the_limit(self) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            peer.say(GREETING)
            peer.listen()
            while not stop.is_set():
                peer.send(b"250-" + b"X" * 1000 + b"\r\n")

        seen = await facing(script)

        assert (fault_of(seen).reason, seen.greeting_fault) == (Reason.MALFORMED, None)

    async def test_long_lines_are_kept_shortened(self) -> None:
        def script(peer: Peer, _: threading.Event) -> None:
            peer.say(GREETING)
            peer.answer(b"250-secure.example.org", b"250 X" + b"Y" * 1500)

        assert len((await facing(script)).ehlo[1]) == SHOWN

    @pytest.mark.parametrize(("answer", "reason"), [(b"", Reason.TIMEOUT), (b"hello", Reason.MALFORMED)])
    async def test_silence_and_nonsense_keep_their_reasons(self, answer: bytes, reason: Reason) -> None:
        def script(peer: Peer, stop: threading.Event) -> None:
            peer.say(GREETING)
            peer.listen()
            peer.say(answer) if answer else peer.hang(stop)

        assert fault_of(await facing(script, SOON if not answer else AMPLE)).reason is reason

    async def test_a_second_greeting_is_out_of_step(self) -> None:
        seen = await facing(lambda peer, _: peer.say(GREETING, b"220 once more"))

        assert (seen.greeting_fault, fault_of(seen).reason) == (None, Reason.MALFORMED)

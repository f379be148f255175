"""Whatever a DNS server sends, a question ends in time, without an exception, and never as an answer."""

from __future__ import annotations

import errno
import itertools
import os
import socket
import time
from collections.abc import Iterator

from seppcheck.api import DnsAnswer, DnsStatus
from seppcheck.clients.dns import DnsClient
from tests.peers.hostile_dns import ADDRESS, Behaviour, hostile_dns, question_of, record, reply

TIMEOUT = 0.6
TXT, MX, PTR, CNAME = 16, 15, 12, 5


async def ask(over_udp: Behaviour, over_tcp: Behaviour | None = None, rdtype: str = "TXT") -> DnsAnswer:
    with hostile_dns(over_udp, over_tcp) as port:
        client = DnsClient((ADDRESS,), port=port, authoritative_port=port, timeout=TIMEOUT)
        started = time.monotonic()
        try:
            return await client.lookup("example.test", rdtype)
        finally:
            await client.aclose()
            assert time.monotonic() - started < 2 * TIMEOUT


def truncated(query: bytes) -> Iterator[bytes]:
    yield reply(query, flags=0x8780)


async def test_a_compression_loop_is_malformed() -> None:
    def loop(query: bytes) -> Iterator[bytes]:
        here = 12 + len(question_of(query))
        yield reply(query, record(TXT, b"\x01x", owner=(0xC000 | here).to_bytes(2)))

    assert (await ask(loop)).status is DnsStatus.MALFORMED


async def test_two_pointers_at_each_other_are_malformed() -> None:
    def loop(query: bytes) -> Iterator[bytes]:
        here = 12 + len(question_of(query)) + 12
        yield reply(query, record(MX, b"\0\x0a" + (0xC000 | here + 4).to_bytes(2) + (0xC000 | here + 2).to_bytes(2)))

    assert (await ask(loop, rdtype="MX")).status is DnsStatus.MALFORMED


async def test_a_reply_cut_in_the_middle_of_a_record_is_malformed() -> None:
    assert (await ask(lambda query: [reply(query, record(TXT, b"\x05hello"))[:-3]])).status is DnsStatus.MALFORMED


async def test_a_count_of_records_that_are_not_there_is_malformed() -> None:
    answer = await ask(lambda query: [reply(query, counts=(65535, 65535, 65535))])

    assert answer.status is DnsStatus.MALFORMED


async def test_a_string_longer_than_its_record_is_malformed() -> None:
    assert (await ask(lambda query: [reply(query, record(TXT, b"\xffhello"))])).status is DnsStatus.MALFORMED


async def test_noise_is_ignored() -> None:
    assert (await ask(lambda _: [b"", b"x", os.urandom(40), os.urandom(600)])).status is DnsStatus.TIMEOUT


async def test_a_reply_with_another_id_is_not_believed() -> None:
    def forged(query: bytes) -> Iterator[bytes]:
        yield bytes([query[0] ^ 1]) + reply(query, record(TXT, b"\x06forged"))[1:]

    assert (await ask(forged)).status is DnsStatus.TIMEOUT


async def test_a_reply_to_another_question_is_not_believed() -> None:
    def forged(query: bytes) -> Iterator[bytes]:
        yield reply(query, record(TXT, b"\x06forged")).replace(b"\x07example", b"\x07elsewhe")

    assert (await ask(forged)).status is DnsStatus.TIMEOUT


async def test_a_query_sent_back_is_not_a_reply() -> None:
    assert (await ask(lambda query: [query])).status is DnsStatus.TIMEOUT


async def test_a_reply_from_another_port_is_not_believed() -> None:
    clients: list[int] = []

    def forged(query: bytes) -> Iterator[bytes]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for port in clients:
                stranger.sendto(reply(query, record(TXT, b"\x06forged")), (ADDRESS, port))
        yield b""

    with hostile_dns(forged) as port:
        client = DnsClient((ADDRESS,), port=port, authoritative_port=port, timeout=TIMEOUT)
        await client.lookup("first.test", "TXT")  # opens the socket that the stranger then aims at
        open_sockets = client._resolvers.transport._open
        clients.extend(s.transport.get_extra_info("sockname")[1] for s in open_sockets if s.transport)
        answer = await client.lookup("example.test", "TXT")
        await client.aclose()

    assert clients
    assert answer.status is DnsStatus.TIMEOUT


async def test_an_endless_flood_of_wrong_replies_does_not_prolong_the_question() -> None:
    def flood(query: bytes) -> Iterator[bytes]:
        wrong = bytes([query[0] ^ 1]) + reply(query, record(TXT, b"\x06forged"))[1:]
        return itertools.repeat(wrong)

    assert (await ask(flood)).status is DnsStatus.TIMEOUT


async def test_the_right_reply_is_found_among_wrong_ones() -> None:
    def noisy(query: bytes) -> Iterator[bytes]:
        right = reply(query, record(TXT, b"\x05right"))
        yield from (os.urandom(50), bytes([query[0] ^ 1]) + right[1:], right)

    assert (await ask(noisy)).values == ("right",)


async def test_truncated_without_tcp_is_truncated() -> None:
    answer = await ask(truncated)

    assert answer.status is DnsStatus.TRUNCATED
    assert answer.detail == f"{ADDRESS}: truncated over UDP; over TCP: {os.strerror(errno.ECONNREFUSED)}"


async def test_tcp_at_one_byte_a_moment_is_truncated_in_time() -> None:
    def drip(query: bytes) -> Iterator[bytes]:
        message = reply(query, record(TXT, b"\x05hello"))
        for byte in len(message).to_bytes(2) + message:
            yield bytes([byte])
            time.sleep(0.1)

    answer = await ask(truncated, drip)

    assert (answer.status, answer.detail) == (
        DnsStatus.TRUNCATED,
        f"{ADDRESS}: truncated over UDP; over TCP: no answer in time",
    )


async def test_tcp_that_closes_half_way_is_truncated() -> None:
    assert (await ask(truncated, lambda query: [b"\x10\x00" + reply(query)])).status is DnsStatus.TRUNCATED


async def test_tcp_that_is_truncated_again_is_truncated() -> None:
    def again(query: bytes) -> Iterator[bytes]:
        message = reply(query, flags=0x8780)
        yield len(message).to_bytes(2) + message

    assert (await ask(truncated, again)).status is DnsStatus.TRUNCATED


async def test_the_largest_message_of_names_that_point_far_back_ends_in_time() -> None:
    def huge(query: bytes) -> Iterator[bytes]:
        message = reply(query, *[record(MX, b"\0\x0a\xc0\x0c")] * 4000)
        yield len(message).to_bytes(2) + message

    assert (await ask(truncated, huge, rdtype="MX")).status is DnsStatus.MALFORMED


async def test_a_server_that_does_not_know_edns_is_asked_without() -> None:
    def old(query: bytes) -> Iterator[bytes]:
        with_edns = query[11] == 1
        yield query[:2] + b"\x81\x81" + bytes(8) if with_edns else reply(query, record(TXT, b"\x05hello"))

    assert (await ask(old)).values == ("hello",)


async def test_a_server_that_does_not_know_edns_is_asked_without_over_tcp_too() -> None:
    def old(query: bytes) -> Iterator[bytes]:
        yield query[:2] + b"\x81\x81" + bytes(8) if query[11] == 1 else reply(query, flags=0x8780)

    def old_over_tcp(query: bytes) -> Iterator[bytes]:
        message = query[:2] + b"\x81\x81" + bytes(8) if query[11] == 1 else reply(query, record(TXT, b"\x05hello"))
        yield len(message).to_bytes(2) + message

    assert (await ask(old, old_over_tcp)).values == ("hello",)


async def test_markup_and_control_characters_arrive_as_they_are() -> None:
    text = b"<script>alert(1)</script>\x1b[31m\0 caf\xc3\xa9"

    answer = await ask(lambda query: [reply(query, record(TXT, bytes([len(text)]) + text))])

    assert answer.values == ("<script>alert(1)</script>\x1b[31m\0 caf\\xc3\\xa9",)


async def test_markup_in_a_name_is_escaped_as_in_a_zone_file() -> None:
    name = b"\x08<script>\x04a.\x1bb\x00"

    answer = await ask(lambda query: [reply(query, record(PTR, name))], rdtype="PTR")

    assert answer.values == ("<script>.a\\.\\027b",)


async def test_aliases_in_a_circle_over_several_replies_end() -> None:
    def onwards(query: bytes) -> Iterator[bytes]:
        target = b"\x01a\x04test\0" if b"\x01a\x04test" not in query else b"\x01b\x04test\0"
        yield reply(query, record(CNAME, target))

    answer = await ask(onwards)

    assert answer.status is DnsStatus.MALFORMED
    assert "circle" in answer.detail

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.clients.smtp_reply import (
    MAX_LINE,
    MAX_LINES,
    MAX_REPLY,
    SHOWN,
    MalformedReplyError,
    Reply,
    ReplyReader,
    readable,
)


def read(octets: bytes) -> Reply | None:
    return ReplyReader().feed(octets)


def problem(octets: bytes) -> str:
    with pytest.raises(MalformedReplyError) as refused:
        read(octets)
    return str(refused.value)


def test_a_single_line_is_a_reply() -> None:
    assert read(b"220 secure.example.org ESMTP\r\n") == Reply(220, ("secure.example.org ESMTP",))


def test_lines_with_a_hyphen_go_on() -> None:
    assert read(b"220-please wait\r\n220 secure.example.org\r\n") == Reply(220, ("please wait", "secure.example.org"))


@pytest.mark.parametrize("octets", [b"220\r\n", b"220 \r\n", b"220\n"])
def test_the_text_may_be_missing(octets: bytes) -> None:
    reply = read(octets)

    assert reply == Reply(220, ("",))
    assert reply.quoted == "220"


@pytest.mark.parametrize("octets", [b"", b"2", b"220-a\r\n", b"220-a\r\n220 b", b"220-a\r\n22"])
def test_what_has_not_ended_is_no_reply_yet(octets: bytes) -> None:
    assert read(octets) is None


def test_what_comes_after_a_reply_is_kept_apart() -> None:
    reader = ReplyReader()

    assert reader.feed(b"220 go ahead\r\n250 injected\r\n") == Reply(220, ("go ahead",))
    assert reader.rest == b"250 injected\r\n"


@pytest.mark.parametrize(
    "octets",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"\r\n",
        b"22 x\r\n",
        b"2200 x\r\n",
        b"999 x\r\n",
        b"+OK\n",
    ],
)
def test_other_protocols_are_told_from_smtp(octets: bytes) -> None:
    assert "which is no SMTP reply" in problem(octets)


def test_an_error_may_end_an_early_greeting_as_postscreen_does() -> None:
    assert read(b"220-please wait\r\n421 4.3.2 busy\r\n") == Reply(421, ("please wait", "4.3.2 busy"))


@pytest.mark.parametrize("octets", [b"220-a\r\n250 b\r\n", b"250-a\r\n421-b\r\n"])
def test_lines_that_disagree_otherwise_make_no_reply(octets: bytes) -> None:
    assert "its lines disagree" in problem(octets)


def test_a_line_without_an_end_is_over_the_limit() -> None:
    assert f"more than {MAX_LINE} octets" in problem(b"220 " + b"x" * MAX_LINE)


def test_lines_without_an_end_are_over_the_limit() -> None:
    assert f"more than {MAX_LINES} lines" in problem(b"220-x\r\n" * (MAX_LINES + 1))


def test_a_reply_of_the_greatest_length_is_taken() -> None:
    reply = read(b"220-x\r\n" * (MAX_LINES - 1) + b"220 end\r\n")

    assert reply is not None
    assert len(reply.lines) == MAX_LINES


def test_octets_without_an_end_are_over_the_limit() -> None:
    long = b"220-" + b"x" * 1900 + b"\r\n"

    assert f"more than {MAX_REPLY} octets" in problem(long * 40)


def test_nul_and_escape_stay_data() -> None:
    assert read(b"220 \x00\x1b[31m<script>\r\n") == Reply(220, ("\x00\x1b[31m<script>",))


def test_octets_beyond_ascii_are_shown_as_what_they_are() -> None:
    assert readable("sécure".encode()) == "s\\xc3\\xa9cure"


@given(st.binary(max_size=2 * SHOWN))
def test_what_is_readable_is_short_ascii(octets: bytes) -> None:
    assert readable(octets).isascii()
    assert len(readable(octets)) <= SHOWN


def test_ehlo_keywords_are_compared_without_case_and_not_sought_in_the_first_line() -> None:
    reply = Reply(250, ("STARTTLS.example.org", "starttls", "SIZE 100", ""))

    assert reply.keywords == {"STARTTLS", "SIZE"}
    assert Reply(250, ("STARTTLS",)).keywords == frozenset()


LINES = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"").rstrip(b"\r")), min_size=1, max_size=8)


@given(LINES, st.integers(200, 599), st.data())
def test_a_reply_reads_the_same_in_whatever_pieces_it_comes(lines: list[bytes], code: int, data: st.DataObject) -> None:
    wire = b"".join(b"%d-%s\r\n" % (code, line) for line in lines[:-1]) + b"%d %s\r\n" % (code, lines[-1])
    cuts = sorted(data.draw(st.sets(st.integers(1, len(wire) - 1), max_size=5)))
    pieces = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    reader = ReplyReader()

    replies = [reader.feed(piece) for piece in pieces]

    assert replies[:-1] == [None] * (len(pieces) - 1)
    assert replies[-1] == Reply(code, tuple(map(readable, lines)))


@given(st.lists(st.binary(max_size=3000), max_size=60))
def test_anything_ends_in_a_reply_an_error_or_within_the_limits(pieces: list[bytes]) -> None:
    reader = ReplyReader()
    for piece in pieces:
        try:
            if reader.feed(piece):
                return
        except MalformedReplyError:
            return
    assert len(reader.lines) <= MAX_LINES
    assert len(reader.rest) <= MAX_LINE
    assert all(len(line) <= SHOWN for line in reader.lines)

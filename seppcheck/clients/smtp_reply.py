"""SMTP replies (RFC 5321 section 4.2) out of octets from anybody, within limits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seppcheck.model.text import Message, text

MAX_LINE = 2000
"""Octets of one line; RFC 5321 section 4.5.3.1.5 promises 512, and some servers take more."""
MAX_LINES = 100
MAX_REPLY = 64 * 1024
"""Octets of one reply."""
SHOWN = 300
"""Characters of a line that are kept."""

_LINE = re.compile(rb"([1-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)


class MalformedReplyError(Exception):
    """What came is no SMTP reply, or is over a limit; `problem` quotes it."""

    def __init__(self, problem: Message) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: its code, and its lines without code and separator."""

    code: int
    lines: tuple[str, ...]

    @property
    def quoted(self) -> str:
        """The code and the last line, as people quote a reply."""
        return f"{self.code} {self.lines[-1]}".rstrip()

    @property
    def keywords(self) -> frozenset[str]:
        """The EHLO keywords in it, in upper case (RFC 5321 section 4.1.1.1: all lines but the first)."""
        return frozenset(line.split()[0].upper() for line in self.lines[1:] if line.split())


class ReplyReader:
    """Takes octets as they come and says when a reply is whole.

    A server that screens its clients may send `220-` lines early and end with another code
    (postscreen does, with 421): the last line's code is the reply's if it is an error.
    """

    def __init__(self) -> None:
        """Start with nothing received."""
        self.lines: list[str] = []
        self.received = 0
        self.rest = b""
        self._code: int | None = None

    def feed(self, octets: bytes) -> Reply | None:
        """Take some octets; return the reply when it is whole. `rest` then holds what came after it.

        Raises:
            MalformedReplyError: when it is no reply, or over a limit. `lines` holds what was good.
        """
        self.received += len(octets)
        self.rest += octets
        while b"\n" in self.rest:
            line, self.rest = self.rest.split(b"\n", 1)
            reply = self._take(line.removesuffix(b"\r"))
            if reply:
                return reply
        self._limit(len(self.rest))
        return None

    def _take(self, line: bytes) -> Reply | None:
        self._limit(len(line))
        match = _LINE.fullmatch(line)
        if match is None:
            raise MalformedReplyError(text('it sent "{line}", which is no SMTP reply', line=readable(line)))
        code, last = int(match[1]), match[2] != b"-"
        self.lines.append(readable(match[3] or b""))
        self._agree(code, line, last=last)
        return Reply(code, tuple(self.lines)) if last else None

    def _agree(self, code: int, line: bytes, *, last: bool) -> None:
        if self._code is not None and code != self._code and not (last and code >= 400):  # noqa: PLR2004 - 4xx and 5xx are the errors
            raise MalformedReplyError(
                text('its lines disagree: after {code} it sent "{line}"', code=self._code, line=readable(line))
            )
        self._code = code

    def _limit(self, length: int) -> None:
        if length > MAX_LINE:
            raise MalformedReplyError(text("it sent a line of more than {limit} octets", limit=MAX_LINE))
        if len(self.lines) >= MAX_LINES:
            raise MalformedReplyError(text("it sent more than {limit} lines without an end", limit=MAX_LINES))
        if self.received > MAX_REPLY:
            raise MalformedReplyError(text("it sent more than {limit} octets without an end", limit=MAX_REPLY))


def readable(octets: bytes) -> str:
    r"""Return octets as text, at most `SHOWN` characters of it.

    ASCII stays, control characters included (whoever shows it escapes them); other octets become
    `\xNN`, so that nothing is lost and nothing looks like a letter that it is not.
    """
    shown = octets[:SHOWN].decode("ascii", "backslashreplace")
    return shown if len(shown) <= SHOWN and len(octets) <= SHOWN else f"{shown[: SHOWN - 3]}..."

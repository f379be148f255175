"""What the gateway answers to each SMTP command (RFC 5321, RFC 3207): no sockets."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

_MAX_COMMANDS = 100
_MAX_COMMAND_LINE = 510
"""Octets without CRLF, RFC 5321 section 4.5.3.1.4."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it goes out, and what happens then."""

    wire: bytes
    close: bool = False
    start_tls: bool = False


class Dialogue:
    """One connection's state. It takes no mail: every recipient is refused, and is told why.

    Mail from and to a domain that is `held` is refused as the guide's custom command does it (P8): for the time being.
    """

    def __init__(self, name: str, banner: str, held: Callable[[], Collection[str]] = frozenset) -> None:
        self._name = name
        self._banner = banner
        self._held = held
        self._sender = ""
        self._secured = False
        self._greeted = False
        self._mail = False
        self._commands = 0

    def greeting(self) -> Reply:
        """Return the banner."""
        return _reply(220, self._banner)

    def too_busy(self) -> Reply:
        """Return what a connection beyond the limit is told."""
        return _reply(421, f"4.7.0 {self._name} Error: too many connections", close=True)

    def timed_out(self) -> Reply:
        """Return what a silent client is told."""
        return _reply(421, f"4.4.2 {self._name} Error: timeout exceeded", close=True)

    def line_too_long(self) -> Reply:
        """Return what a client is told that sends no end of a line."""
        return _reply(500, "5.5.2 Error: line too long", close=True)

    def answer(self, line: bytes) -> Reply:
        """Answer one command line, given without its CRLF."""
        self._commands += 1
        if self._commands > _MAX_COMMANDS:
            return _reply(421, f"4.7.0 {self._name} Error: too many commands", close=True)
        if len(line) > _MAX_COMMAND_LINE:
            return _reply(500, "5.5.2 Error: line too long")
        verb, _, argument = line.decode("utf-8", "replace").strip().partition(" ")
        handlers: dict[str, Callable[[str], Reply]] = {
            "EHLO": self._ehlo,
            "HELO": self._helo,
            "STARTTLS": self._starttls,
            "MAIL": self._mail_from,
            "RCPT": self._rcpt_to,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": lambda _: _reply(250, "2.0.0 Ok"),
            "VRFY": lambda _: _reply(252, "2.0.0 cannot verify"),
            "QUIT": lambda _: _reply(221, "2.0.0 Bye", close=True),
        }
        handler = handlers.get(verb.upper())
        return handler(argument.strip()) if handler else _reply(502, "5.5.2 Error: command not recognized")

    def _ehlo(self, argument: str) -> Reply:
        if not argument:
            return _reply(501, "Syntax: EHLO hostname")
        self._greeted, self._mail = True, False
        tls = () if self._secured else ("STARTTLS",)
        return _reply(250, self._name, "PIPELINING", "SIZE 52428800", *tls, "ENHANCEDSTATUSCODES", "8BITMIME")

    def _helo(self, argument: str) -> Reply:
        if not argument:
            return _reply(501, "Syntax: HELO hostname")
        self._greeted, self._mail = True, False
        return _reply(250, self._name)

    def _starttls(self, argument: str) -> Reply:
        if argument:
            return _reply(501, "5.5.4 Syntax: STARTTLS")
        if self._secured:
            return _reply(554, "5.5.1 Error: TLS already active")
        self._secured, self._greeted, self._mail = True, False, False  # all is forgotten, RFC 3207 section 4.2
        return _reply(220, "2.0.0 Ready to start TLS", start_tls=True)

    def _mail_from(self, argument: str) -> Reply:
        if not self._greeted:
            return _reply(503, "5.5.1 Error: send HELO/EHLO first")
        if not argument.upper().startswith("FROM:"):
            return _reply(501, "5.5.4 Syntax: MAIL FROM:<address>")
        self._mail, self._sender = True, _domain(argument)
        return _reply(250, "2.1.0 Ok")

    def _rcpt_to(self, argument: str) -> Reply:
        if not self._mail:
            return _reply(503, "5.5.1 Error: need MAIL command")
        if not argument.upper().startswith("TO:"):
            return _reply(501, "5.5.4 Syntax: RCPT TO:<address>")
        if not {self._sender, _domain(argument)}.isdisjoint(self._held()):
            return _reply(422, "Service temporary not available")
        return _reply(550, "5.7.1 This is a lab of seppcheck: it takes no mail")

    def _data(self, _argument: str) -> Reply:
        return _reply(554 if self._mail else 503, "5.5.1 Error: no valid recipients")

    def _rset(self, _argument: str) -> Reply:
        self._mail = False
        return _reply(250, "2.0.0 Ok")


def _domain(argument: str) -> str:
    """Return the domain of the address in `TO:<user@example.org> PARAMETER=...`."""
    return argument.partition("<")[2].partition(">")[0].rpartition("@")[2].rstrip(".").lower()


def _reply(code: int, *lines: str, close: bool = False, start_tls: bool = False) -> Reply:
    marks = ["-"] * (len(lines) - 1) + [" "]
    wire = "".join(f"{code}{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True))
    return Reply(wire.encode(), close=close, start_tls=start_tls)

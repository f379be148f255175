"""How an SMTP dialogue can end early, each with the sentence that a mail administrator reads."""

from __future__ import annotations

import os

from seppcheck.clients.smtp_reply import Reply
from seppcheck.model.outcomes import Reason
from seppcheck.model.smtp import SmtpFault
from seppcheck.model.text import Message, text


class DialogueError(Exception):
    """The dialogue cannot go on; `lines` are those of an answer that did not become whole."""

    def __init__(self, fault: SmtpFault, lines: tuple[str, ...] = ()) -> None:
        super().__init__(str(fault.detail))
        self.fault = fault
        self.lines = lines


def no_connection(error: OSError, port: int, seconds: float) -> SmtpFault:
    """Translate what the operating system says of an attempt to connect."""
    match error:
        case ConnectionRefusedError():
            return SmtpFault(
                Reason.REFUSED,
                text("the connection to port {port} was refused: no server listens there for this machine", port=port),
            )
        case TimeoutError():
            sentence = text(
                "no connection to port {port} within {seconds} s: a firewall on the way drops it, or the access "
                "provider of this machine blocks outgoing mail",
                port=port,
                seconds=f"{seconds:g}",
            )
            return SmtpFault(Reason.TIMEOUT, sentence)
        case ConnectionResetError():
            return closed("", 0)
    return SmtpFault(
        Reason.UNREACHABLE,
        text("no connection to port {port} from this machine: {problem}", port=port, problem=_in_words(error)),
    )


def _in_words(error: OSError) -> str:
    """Return the system's own words; asyncio replaces them by its own, but for Windows' errors."""
    if error.errno and not getattr(error, "winerror", None):
        return os.strerror(error.errno)
    return error.strerror or str(error)


def silent(command: str, received: int, seconds: float) -> SmtpFault:
    """The answer to `command` ("" = the greeting) did not become whole in time."""
    after = f"{seconds:.3g}"
    if received:
        sentence = _dribbled(command, received, after)
    elif command:
        sentence = text("no answer to {command} within {seconds} s", command=command, seconds=after)
    else:
        sentence = text("it took the connection, but sent no greeting within {seconds} s", seconds=after)
    return SmtpFault(Reason.TIMEOUT, sentence)


def _dribbled(command: str, received: int, after: str) -> Message:
    if command:
        return text(
            "the answer to {command} was not complete within {seconds} s ({received} octets came)",
            command=command,
            seconds=after,
            received=received,
        )
    return text(
        "the greeting was not complete within {seconds} s ({received} octets came)", seconds=after, received=received
    )


def closed(command: str, received: int) -> SmtpFault:
    """The peer closed the connection instead of answering `command` ("" = greeting)."""
    if command:
        sentence = text("it closed the connection instead of answering {command}", command=command)
    elif received:
        sentence = text("it closed the connection in the middle of its greeting")
    else:
        sentence = text("it closed the connection without a greeting")
    return SmtpFault(Reason.MALFORMED, sentence)


def malformed(problem: Message) -> SmtpFault:
    """What came is no SMTP, or over a limit."""
    return SmtpFault(Reason.MALFORMED, problem)


def unsolicited(command: str, octets: str) -> SmtpFault:
    """The peer went on talking after its answer to `command` ("" = greeting)."""
    if command == "STARTTLS":
        # Plain text that a client would take for part of the encrypted dialogue, as in CVE-2011-0411. It is a
        # failed handshake as it would be a moment later: the reason must not hang on how the octets were packed.
        sentence = text('it sent more plain text after its answer to STARTTLS: "{octets}"', octets=octets)
        return SmtpFault(Reason.TLS_ERROR, sentence)
    return SmtpFault(Reason.MALFORMED, text('it went on talking without being asked: "{octets}"', octets=octets))


def negative(command: str, reply: Reply) -> SmtpFault:
    """An answer other than the one that lets the dialogue go on (RFC 5321 section 4.2.1)."""
    reason = {4: Reason.THROTTLED, 5: Reason.REFUSED}.get(reply.code // 100, Reason.MALFORMED)
    return SmtpFault(reason, _negative(command, reply, reason), reply.code, reply.quoted)


def _negative(command: str, reply: Reply, reason: Reason) -> Message:
    match reason, bool(command):
        case Reason.THROTTLED, False:
            return text('it puts this machine off with "{reply}": try again later', reply=reply.quoted)
        case Reason.THROTTLED, True:
            return text('it answers {command} with "{reply}": try again later', command=command, reply=reply.quoted)
        case Reason.REFUSED, False:
            return text('it refuses this machine with "{reply}"', reply=reply.quoted)
        case Reason.REFUSED, True:
            return text('it refuses {command} with "{reply}"', command=command, reply=reply.quoted)
        case _, False:
            return text('it greets with "{reply}", which is no greeting', reply=reply.quoted)
        case _:
            return text(
                'it answers {command} with "{reply}", which is no answer to it', command=command, reply=reply.quoted
            )


def no_tls(problem: str) -> SmtpFault:
    """The TLS handshake failed."""
    return SmtpFault(Reason.TLS_ERROR, text("the TLS handshake failed: {problem}", problem=problem))


def silent_tls(seconds: float) -> SmtpFault:
    """The TLS handshake did not end in time."""
    return SmtpFault(
        Reason.TIMEOUT,
        text("it agreed to STARTTLS, but the TLS handshake did not end within {seconds} s", seconds=f"{seconds:.3g}"),
    )


def too_much_tls(limit: int) -> SmtpFault:
    """The TLS handshake is over a limit."""
    return SmtpFault(
        Reason.MALFORMED, text("the TLS handshake took more than {limit} octets without an end", limit=limit)
    )

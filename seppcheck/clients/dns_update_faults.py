"""How a signed question or a dynamic update can end without success, each with the sentence that people read."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import dns.exception
import dns.message
import dns.rcode
import dns.tsig

from seppcheck.clients.dns_faults import fault_of
from seppcheck.clients.dns_writing import DnsWriteFault
from seppcheck.model.text import Message, text

TALKING = (dns.exception.DNSException, EOFError, OSError, struct.error, IndexError, ValueError)
"""What sending a message and reading the reply may raise."""


@dataclass(frozen=True, slots=True)
class Place:
    """The server that is asked, and with which key; nothing in it is secret. `seconds` is how long it has."""

    server: str
    port: int
    key: str
    algorithm: str
    seconds: float

    @property
    def where(self) -> Message:
        """The server as sentences name it."""
        return text("{server} port {port}", server=self.server, port=self.port)


def no_address(place: Place, problem: str) -> DnsWriteFault:
    """The name of the server could not be looked up."""
    return DnsWriteFault(
        text(
            "the address of {server} could not be looked up ({problem}): correct [[dns.update]] server, or write its "
            "address there",
            server=place.server,
            problem=problem,
        )
    )


def no_connection(place: Place, address: str, error: OSError) -> DnsWriteFault:
    """Nothing was sent."""
    if isinstance(error, TimeoutError):
        return DnsWriteFault(
            text(
                "{where} ({address}) accepted no TCP connection within {seconds} s: check [[dns.update]] server and "
                "port, and the firewalls on the way",
                where=place.where,
                address=address,
                seconds=f"{place.seconds:g}",
            )
        )
    return DnsWriteFault(
        text(
            "no TCP connection to {where} ({address}): {problem}; check [[dns.update]] server and port, and whether "
            "its name server runs",
            where=place.where,
            address=address,
            problem=fault_of(error).detail,
        )
    )


def broken_off(place: Place, what: Message, error: Exception) -> DnsWriteFault:
    """Sent, or partly sent, and no reply that counts: it may have taken effect.

    Args:
        place: who was asked.
        what: what it was asked, such as "the update of example.org".
        error: what was raised.
    """
    match error:
        case dns.tsig.PeerError():
            return _refused_signature(place, what, error)
        case dns.exception.Timeout() | TimeoutError():
            problem = text("no whole answer within {seconds} s", seconds=f"{place.seconds:g}")
        case EOFError() | ConnectionError():
            problem = text("it closed the connection without a whole answer")
        case dns.tsig.BadSignature() | dns.tsig.BadKey() | dns.tsig.BadAlgorithm() | dns.message.UnknownTSIGKey():
            problem = text("its answer is not signed with the key {key}, so it may be forged", key=place.key)
        case dns.tsig.BadTime():
            problem = text("its answer is signed at another time than this machine's clock shows: set both clocks")
        case _:
            problem = text("its answer made no sense ({problem})", problem=fault_of(error).detail)
    return DnsWriteFault(
        text("{what} at {where}: {problem}", what=what, where=place.where, problem=problem), unclear=True
    )


def unsigned(place: Place, what: Message, rcode: int) -> DnsWriteFault:
    """A reply without a signature may come from anybody."""
    return DnsWriteFault(
        text(
            "{what} at {where}: its answer ({rcode}) is not signed, so it may be forged and does not count; see "
            "whether the server knows the key {key} and does TSIG",
            what=what,
            where=place.where,
            rcode=dns.rcode.to_text(dns.rcode.Rcode(rcode)),
            key=place.key,
        ),
        unclear=True,
    )


def _refused_signature(place: Place, what: Message, error: dns.tsig.PeerError) -> DnsWriteFault:
    """What the server says of our signature (RFC 8945 section 5.3): it did nothing else with the message."""
    match error:
        case dns.tsig.PeerBadKey():
            problem = text(
                "it does not know the key {key} with {algorithm} (BADKEY): correct key_name and algorithm in "
                "[[dns.update]], or add the key to the server",
                key=place.key,
                algorithm=place.algorithm,
            )
        case dns.tsig.PeerBadSignature():
            problem = text(
                "the signature does not match its key {key} (BADSIG): secret in [[dns.update]] leads to another "
                "secret than the server's",
                key=place.key,
            )
        case dns.tsig.PeerBadTime():
            problem = text("its clock and this machine's are too far apart (BADTIME): set both, by NTP for instance")
        case _:
            problem = text("it does not accept the signature ({problem})", problem=str(error) or type(error).__name__)
    return DnsWriteFault(
        text("{what} at {where} was refused: {problem}", what=what, where=place.where, problem=problem)
    )


_REFUSALS = {
    dns.rcode.REFUSED: text(
        "the server refuses it (REFUSED): let the key update this name and type there (BIND: update-policy or "
        "allow-update of the zone)"
    ),
    dns.rcode.NOTAUTH: text("the server has no such zone, or is not its primary (NOTAUTH): correct server or zone"),
    dns.rcode.NOTZONE: text("the name does not lie in this zone (NOTZONE): correct zone in [[dns.update]]"),
    dns.rcode.SERVFAIL: text(
        "the server failed (SERVFAIL): see its log; BIND must be able to write beside its zone file, for instance"
    ),
    dns.rcode.NOTIMP: text("the server takes no dynamic updates (NOTIMP): name the zone's primary as server"),
    dns.rcode.FORMERR: text("the server does not understand the message (FORMERR): see its log"),
}


_UNANSWERED = {
    dns.rcode.REFUSED: text(
        "the server does not answer it (REFUSED): it has no zone for this name, or does not show it to the key; write "
        "in [[dns.update]] which zone the server is for"
    ),
    dns.rcode.SERVFAIL: text("the server failed (SERVFAIL): see its log, it may not have loaded the zone"),
}


def refused(place: Place, what: Message, rcode: int) -> DnsWriteFault:
    """A signed refusal of an update: nothing was changed."""
    return _in_words(place, what, rcode, _REFUSALS)


def unanswered(place: Place, what: Message, rcode: int) -> DnsWriteFault:
    """A signed refusal of a question."""
    return _in_words(place, what, rcode, _UNANSWERED)


def _in_words(place: Place, what: Message, rcode: int, words: Mapping[dns.rcode.Rcode, Message]) -> DnsWriteFault:
    code = dns.rcode.Rcode(rcode)
    problem = words.get(code) or text("it answers {rcode}", rcode=dns.rcode.to_text(code))
    sentence = text(
        "{what} at {where}, signed with the key {key}: {problem}",
        what=what,
        where=place.where,
        key=place.key,
        problem=problem,
    )
    return DnsWriteFault(sentence)


def lame(place: Place, what: Message) -> DnsWriteFault:
    """It serves another zone, or none, or is a resolver."""
    return DnsWriteFault(
        text(
            "{what} at {where}: it answers without authority, so the name lies in no zone of its own; write in "
            "[[dns.update]] which zone the server is for",
            what=what,
            where=place.where,
        )
    )

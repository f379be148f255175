"""The way mail takes, as far as the evidence shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from seppcheck.model.dns import DnsStatus, GatewayAddresses, MxRecords, ReverseDns
from seppcheck.model.evidence import Evidence
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.smtp import SmtpGreeting
from seppcheck.model.text import Message, text

_FEW = 6
"""Names that one leg lists; of more, it says how many there are."""


class LegState(StrEnum):
    """How sure a leg is."""

    SEEN = "seen"
    BROKEN = "broken"
    ELSEWHERE = "elsewhere"
    """Mail goes another way, which is right before the cutover."""
    UNSEEN = "unseen"


STATE_OUTCOMES = {
    LegState.SEEN: Outcome.PASSED,
    LegState.BROKEN: Outcome.FAILED,
    LegState.ELSEWHERE: Outcome.NOT_APPLICABLE,
    LegState.UNSEEN: Outcome.INCONCLUSIVE,
}
"""Which sign a leg is drawn with."""

STATE_WORDS = {
    LegState.SEEN: text("seen"),
    LegState.BROKEN: text("broken"),
    LegState.ELSEWHERE: text("goes elsewhere"),
    LegState.UNSEEN: text("not looked at"),
}


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: where it goes, how sure that is, and what was seen."""

    title: Message
    state: LegState
    facts: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Both directions. `hosts` are the MX targets of all domains, most used first."""

    hosts: tuple[str, ...]
    inbound: tuple[Leg, Leg, Leg]
    outbound: tuple[Leg, Leg]

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every leg in the order in which they are numbered."""
        return self.inbound + self.outbound


E = TypeVar("E", bound=Evidence)


def route_of(run: Run) -> Route:
    """Read the route out of a run's evidence; what the evidence lacks is not looked at."""
    mx = tuple(_contents(run, MxRecords))
    hosts: dict[str, int] = {}
    for record in mx:
        for host in _hosts(record):
            hosts[host] = hosts.get(host, 0) + 1
    to_exchange = Leg(
        text("Gateway to Exchange Online"),
        LegState.UNSEEN,
        (text("the inbound connector and the certificate of the managed domain"),),
    )
    from_exchange = Leg(
        text("Exchange Online to gateway"),
        LegState.UNSEEN,
        (text("the transport rule and the outbound connector"),),
    )
    return Route(
        hosts=tuple(sorted(hosts, key=lambda host: (-hosts[host], host))),
        inbound=(_lookup(run, mx), _delivery(run, mx), to_exchange),
        outbound=(from_exchange, _sending(run)),
    )


def addresses_of(run: Run) -> tuple[str, ...]:
    """Return the gateway's public addresses: as configured, or else as its name resolves."""
    configured = tuple(address for node in run.site.gateway.nodes for address in node.addresses)
    return configured or tuple(a for evidence in _contents(run, GatewayAddresses) for a in evidence.addresses)


def _contents(run: Run, kind: type[E]) -> Iterator[E]:
    for record in run.records:
        if isinstance(record.content, kind):
            yield record.content


def _hosts(record: MxRecords) -> tuple[str, ...]:
    """Return the MX targets that any server answered, without preference and trailing dot."""
    answers = [server.answer for server in (*record.servers, *record.resolvers)]
    values = (value for answer in answers if answer.status is DnsStatus.ANSWER for value in answer.values)
    return tuple(dict.fromkeys(value.rpartition(" ")[2].rstrip(".").lower() or "." for value in values))


def _lookup(run: Run, mx: tuple[MxRecords, ...]) -> Leg:
    """Leg 1: does the Internet find an MX record for every domain?"""
    title = text("Internet to MX record")
    silent = [r.domain for r in mx if not any(s.answer.status.looked for s in (*r.servers, *r.resolvers))]
    missing = [r.domain for r in mx if r.domain not in silent and not _hosts(r)]
    unseen = [*silent, *sorted({domain.name for domain in run.site.domains} - {r.domain for r in mx})]
    facts = []
    if missing:
        facts.append(text("no MX record: {domains}", domains=few(missing)))
    if unseen:
        facts.append(text("could not look: {domains}", domains=few(unseen)))
    found = len(mx) - len(silent) - len(missing)
    if found:
        facts.append(
            text("{count} domains with MX records", count=found) if found > 1 else text("1 domain with MX records")
        )
    state = LegState.BROKEN if missing else LegState.UNSEEN if unseen or not mx else LegState.SEEN
    return Leg(title, state, tuple(facts))


def _delivery(run: Run, mx: tuple[MxRecords, ...]) -> Leg:
    """Leg 2: do the MX records name the gateway, and does it answer?"""
    title = text("MX record to gateway")
    names = set(run.site.gateway.names)
    known = [record for record in mx if _hosts(record)]
    away = [record.domain for record in known if not set(_hosts(record)) <= names]
    greetings = [greeting for evidence in _contents(run, SmtpGreeting) for greeting in evidence.greetings]
    silent = [greeting.address for greeting in greetings if greeting.code != 220]  # noqa: PLR2004 - RFC 5321: ready
    facts = [
        text("{host} answers: {line}", host=greeting.address, line=greeting.lines[-1])
        for greeting in greetings[:_FEW]
        if greeting.address not in silent and greeting.lines
    ]
    if away:
        facts.append(text("the MX record names another host: {domains}", domains=few(away)))
    if silent:
        facts.append(text("no greeting: {addresses}", addresses=few(silent)))
    if away:
        moving = run.phase in (Phase.READINESS, Phase.CUTOVER)
        return Leg(title, LegState.ELSEWHERE if moving else LegState.BROKEN, tuple(facts))
    unseen = not known or len(known) < len(run.site.domains) or not greetings or silent
    return Leg(title, LegState.UNSEEN if unseen else LegState.SEEN, tuple(facts))


def _sending(run: Run) -> Leg:
    """Leg 5: would receivers recognise the gateway? Whether it sends at all, DNS does not show."""
    entries = [entry for evidence in _contents(run, ReverseDns) for entry in evidence.entries]
    wrong = [e for e in entries if e.pointer.status.looked and set(e.pointer.values) != {e.node}]
    facts = [
        text("{address} resolves back to {names}", address=e.address, names=e.pointer.values or "—")
        for e in entries[:_FEW]
    ]
    facts.append(text("not looked at: the name the gateway gives in HELO"))
    return Leg(text("Gateway to Internet"), LegState.BROKEN if wrong else LegState.UNSEEN, tuple(facts))


def few(names: Iterable[str]) -> Message:
    """Return some names, and how many more there are."""
    known = list(names)
    if len(known) <= _FEW:
        return text("{names}", names=known)
    return text("{names} and {count} more", names=known[:_FEW], count=len(known) - _FEW)

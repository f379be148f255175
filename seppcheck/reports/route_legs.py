"""The legs of the way mail takes, each from the results of its checks, with names from the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from seppcheck.model.dns import DnsStatus, MxRecords, ReverseDns, mail_exchanger
from seppcheck.model.gateway import DeliveryHold, Smarthost
from seppcheck.model.microsoft import is_microsoft
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.smtp import SmtpGreeting
from seppcheck.model.text import Message, text
from seppcheck.reports.route import Detour, Leg, LegState, Route, few
from seppcheck.reports.route_evidence import contents, extent, judged, part, problems, proven, sampled, targeted
from seppcheck.reports.route_exchange import from_exchange, leftovers, to_exchange

_READY = 220
"""RFC 5321 section 4.2.3."""
_DELIVERY = ("dns-mx",)
_SENDING = ("dns-ptr", "smtp-helo", "gateway-mta", "gateway-smarthost")
_FEW = 3
"""Addresses and messages that are told one by one."""


def route_of(run: Run) -> Route:
    """Read the route out of a run; what neither results nor evidence show is not proven."""
    mx = tuple(contents(run, MxRecords))
    counted: dict[str, int] = {}
    for record in mx:
        for host in _hosts(record):
            counted[host] = counted.get(host, 0) + 1
    held = [target.name for target, hold in targeted(run, DeliveryHold) if hold.value == "true"]
    return Route(
        hosts=tuple(sorted(counted, key=lambda host: (-counted[host], host))),
        inbound=(_lookup(run, mx), _delivery(run, mx), _holding(run, held, to_exchange(run))),
        outbound=(from_exchange(run), _holding(run, held, _sending(run))),
        parallel=tuple(leftovers(run)),
        detour=_detour(mx),
        held=_held(run, held),
    )


def _hosts(record: MxRecords) -> tuple[str, ...]:
    """Return the MX targets that any server answered; a null MX shows as a dot."""
    answers = [server.answer for server in (*record.servers, *record.resolvers)]
    values = (value for answer in answers if answer.status is DnsStatus.ANSWER for value in answer.values)
    return tuple(dict.fromkeys(mail_exchanger(value) or "." for value in values))


def _lookup(run: Run, mx: tuple[MxRecords, ...]) -> Leg:
    """Leg 1: does the Internet find an MX record for every domain?"""
    silent = [r.domain for r in mx if not any(s.answer.status.looked for s in (*r.servers, *r.resolvers))]
    absent = [r.domain for r in mx if r.domain not in silent and not _hosts(r)]
    unseen = [*silent, *sorted({domain.name for domain in run.site.domains} - {r.domain for r in mx})]
    facts = []
    if absent:
        facts.append(text("no MX record: {domains}", domains=few(absent)))
    if unseen:
        facts.append(text("could not look: {domains}", domains=few(unseen)))
    found = len(mx) - len(silent) - len(absent)
    if found:
        facts.append(
            text("{count} domains with MX records", count=found) if found > 1 else text("1 domain with MX records")
        )
    state = LegState.BROKEN if absent else LegState.UNSEEN if unseen or not mx else LegState.SEEN
    return Leg(text("Internet to MX record"), state, tuple(facts), extent=part(run, absent or unseen))


def _delivery(run: Run, mx: tuple[MxRecords, ...]) -> Leg:
    """Leg 2: do the MX records name the gateway alone, and does it answer?"""
    away = [record.domain for record in mx if not set(_hosts(record)) <= set(run.site.gateway.names)]
    found = problems(run, _DELIVERY)
    named = [text("the MX record names another host: {domains}", domains=few(away))] if away else []
    return Leg(
        text("MX record to gateway"),
        _delivery_state(run, mx, away),
        (*named, *_greetings(run)),
        problems=found,
        extent=part(run, away) or extent(run, found),
    )


def _delivery_state(run: Run, mx: tuple[MxRecords, ...], away: list[str]) -> LegState:
    state = judged(run, _DELIVERY)
    if state is LegState.LATER and not away:
        state = LegState.SEEN
    if away and state is not LegState.BROKEN:
        moving = run.phase in (Phase.READINESS, Phase.CUTOVER)
        return LegState.ELSEWHERE if moving else LegState.WAIVED if state is LegState.WAIVED else LegState.BROKEN
    greeted = [greeting.code for evidence in contents(run, SmtpGreeting) for greeting in evidence.greetings]
    known = sum(bool(_hosts(record)) for record in mx)
    complete = known >= len(run.site.domains) and set(greeted) == {_READY}
    return state if complete or state is not LegState.SEEN else LegState.UNSEEN


def _greetings(run: Run) -> Iterator[Message]:
    greetings = [greeting for evidence in contents(run, SmtpGreeting) for greeting in evidence.greetings]
    silent = [greeting.address for greeting in greetings if greeting.code != _READY]
    answering = [greeting for greeting in greetings if greeting.code == _READY and greeting.lines]
    for greeting in answering[:_FEW]:
        yield text("{host} answers: {line}", host=greeting.address, line=greeting.lines[-1])
    if silent:
        yield text("no greeting: {addresses}", addresses=few(silent))
    elif not greetings:
        yield text("whether the gateway answers was not looked at")


def _detour(mx: tuple[MxRecords, ...]) -> Detour | None:
    passing = [[host for host in _hosts(record) if is_microsoft(host)] for record in mx]
    hosts = tuple(dict.fromkeys(host for found in passing for host in found))
    return Detour(hosts, sum(map(bool, passing))) if hosts else None


def _sending(run: Run) -> Leg:
    """Leg 5: does the gateway send by itself, and would receivers recognise it?"""
    entries = [entry for evidence in contents(run, ReverseDns) for entry in evidence.entries]
    facts = [
        text("{address} resolves back to {names}", address=e.address, names=e.pointer.values or "—")
        for e in entries[:_FEW]
    ]
    if through := [evidence.host for evidence in contents(run, Smarthost) if evidence.host.strip()]:
        facts.append(text("through the smarthost {hosts}", hosts=few(through)))
    samples, found = sampled(run, outgoing=True), problems(run, _SENDING)
    return Leg(
        text("Gateway to Internet"),
        proven(judged(run, _SENDING), samples),
        (*facts, *(finding.summary for finding in samples[:_FEW])),
        problems=found,
        extent=extent(run, found) if found else None,
    )


def _held(run: Run, held: list[str]) -> Message | None:
    if not held:
        return None
    if len(run.site.domains) == 1:
        return text("mail is held back")
    return text("mail of {count} of {all} domains is held back", count=len(held), all=len(run.site.domains))


def _holding(run: Run, held: list[str], leg: Leg) -> Leg:
    """Return a leg that leaves the gateway in the light of the hold, which stops both directions there."""
    found = problems(run, ("delivery-hold",))
    failed = any(result.outcome is Outcome.FAILED for result in found)
    if not held:
        return replace(
            leg,
            state=_unheld(leg.state, {result.outcome for result in found}),
            problems=problems(run, ("delivery-hold",), leg.problems),
        )
    broken = failed or leg.state is LegState.BROKEN
    return replace(
        leg,
        state=LegState.BROKEN if broken else LegState.HELD,
        facts=(text("disable_delivery holds back the mail of {domains}", domains=few(held)), *leg.facts),
        problems=problems(run, ("delivery-hold",), leg.problems),
        extent=part(run, held),
        held=True,
    )


def _unheld(state: LegState, outcomes: set[Outcome]) -> LegState:
    """Return the state of a leg that nothing is known to hold: that should be known, and be right."""
    if state not in (LegState.SEEN, LegState.WAIVED, LegState.WARNED) or not outcomes:
        return state
    return LegState.UNSEEN if Outcome.INCONCLUSIVE in outcomes else LegState.WARNED

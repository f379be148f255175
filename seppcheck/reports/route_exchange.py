"""The legs between the gateway and Exchange Online: connectors, rules and certificates by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seppcheck.model.evidence import Unavailable
from seppcheck.model.gateway import SenderCertificate
from seppcheck.model.mailflow import Classified, MailFlow, Role, Side, having
from seppcheck.model.outcomes import Outcome, worst
from seppcheck.model.run import Run
from seppcheck.model.smtp import Certificate, SmtpCertificate
from seppcheck.model.text import Message, text
from seppcheck.reports.route import Leftover, Leg, LegState, Thing, few
from seppcheck.reports.route_evidence import contents, extent, flow_of, judged, problems, proven, sampled

_IN = ("inbound-connector", "inbound-connector-tls", "sender-certificate")
_OUT = ("transport-rule", "outbound-connector", "outbound-connector-tls", "smtp-certificate")
_FEW = 3
"""Objects that are told one by one; the others are named or counted."""
_CONNECTOR = text("connector")
_RULE = text("rule")
_CERTIFICATE = text("certificate")
_BESIDE: Mapping[Role, Message] = {
    Role.SPARE: text("leads to the gateway as well"),
    Role.STRAY: text("has the vendor's mark and another host"),
    Role.WILDCARD: text("takes mail from any host of a wildcard"),
    Role.UNDECIDED: text("cannot be told for certain"),
}
_LEFT = {Outcome.FAILED: LegState.LEFTOVER, Outcome.WARNED: LegState.IDLE, Outcome.WAIVED: LegState.WAIVED}


def to_exchange(run: Run) -> Leg:
    """Leg 3: the inbound connector, and the certificate by which it recognises the gateway."""
    flow, samples, found = flow_of(run), sampled(run, outgoing=False), problems(run, _IN)
    side = flow if isinstance(flow, Unavailable) else flow.inbound
    shown = [evidence.certificate for evidence in contents(run, SenderCertificate)]
    facts = (
        *_objects(side, text("inbound connector")),
        *map(_wants, having(side, Role.INLINE)[:_FEW]),
        *_certificates(shown),
        *(finding.summary for finding in samples[:_FEW]),
    )
    return Leg(
        text("Gateway to Exchange Online"),
        proven(judged(run, _IN), samples),
        facts,
        tuple(_things((_CONNECTOR, _inline(side)), (_CERTIFICATE, _names(shown)))),
        found,
        extent(run, found) if found else None,
    )


def from_exchange(run: Run) -> Leg:
    """Leg 4: the transport rule, the outbound connector, and the certificate that it has to accept."""
    flow, found = flow_of(run), problems(run, _OUT)
    rules, outbound = (flow, flow) if isinstance(flow, Unavailable) else (flow.rules, flow.outbound)
    presented = [each for evidence in contents(run, SmtpCertificate) for each in evidence.presented]
    shown = [each.chain[0] for each in presented if each.chain]
    facts = (
        *_objects(rules, text("transport rule")),
        *_objects(outbound, text("outbound connector")),
        *map(_demands, having(outbound, Role.INLINE)[:_FEW]),
        *_certificates(shown),
    )
    return Leg(
        text("Exchange Online to gateway"),
        judged(run, _OUT),
        facts,
        tuple(_things((_RULE, _inline(rules)), (_CONNECTOR, _inline(outbound)), (_CERTIFICATE, _names(shown)))),
        found,
        extent(run, found) if found else None,
    )


def _wants(connector: Classified) -> Message:
    name = connector.entry.text("TlsSenderCertificateName")
    return text("{connector} wants a certificate of {name}", connector=connector.name, name=name or "—")


def _demands(connector: Classified) -> Message:
    settings = [connector.entry.text("TlsSettings") or "—", connector.entry.text("TlsDomain")]
    return text("{connector} demands {settings}", connector=connector.name, settings=" ".join(filter(None, settings)))


def _inline(side: Side) -> tuple[str, ...]:
    return tuple(each.name for each in having(side, Role.INLINE))


def _things(*parts: tuple[Message, tuple[str, ...]]) -> Iterator[Thing]:
    for kind, names in parts:
        if names:
            yield Thing(kind, names)


def _names(shown: Iterable[Certificate]) -> tuple[str, ...]:
    """Return what certificates are called: the CN, else the first name; the first to expire first."""
    ordered = sorted(shown, key=lambda each: each.not_after)
    return tuple(dict.fromkeys(next(iter((*each.common_names, *each.names)), each.subject) for each in ordered))


def _objects(side: Side, what: Message) -> Iterator[Message]:
    """Yield which inline objects there are, that there is none, or why that is not known."""
    if isinstance(side, Unavailable):
        yield text("{what}: not known, {why}", what=what, why=side.detail)
        return
    yield text(
        "{what}: {names}", what=what, names=few(_inline(side)) if _inline(side) else text("none for inline mode")
    )
    if off := [each.name for each in having(side, Role.INLINE) if each.enabled is False]:
        yield text("disabled: {names}", names=few(off))
    for role, words in _BESIDE.items():
        if found := having(side, role):
            yield text("{what}: {names}", what=words, names=few(each.name for each in found))


def _certificates(shown: Iterable[Certificate]) -> Iterator[Message]:
    """Yield each certificate once, the first to expire first."""
    known = {each.sha256: each for each in sorted(shown, key=lambda each: each.not_after)}
    for each in list(known.values())[:_FEW]:
        day = each.not_after.date().isoformat()
        yield text("certificate {names}, until {day}", names=few(each.names or (each.subject,)), day=day)
    if len(known) > _FEW:
        yield text("{count} more certificates", count=len(known) - _FEW)


def leftovers(run: Run) -> Iterator[Leftover]:
    """Yield the legs of parallel mode that are there."""
    flow = flow_of(run)
    if isinstance(flow, MailFlow):
        rules, outbound, inbound = (having(side, Role.PARALLEL) for side in (flow.rules, flow.outbound, flow.inbound))
        if rules or outbound:
            yield Leftover(_leftover(run, text("Parallel mode: Exchange Online to gateway"), rules, outbound), False)
        if inbound:
            yield Leftover(_leftover(run, text("Parallel mode: gateway to Exchange Online"), (), inbound), True)


def _leftover(run: Run, title: Message, rules: tuple[Classified, ...], connectors: tuple[Classified, ...]) -> Leg:
    judges = [check for check, found in (("parallel-rules", rules), ("parallel-connectors", connectors)) if found]
    things = tuple(_things((_RULE, tuple(r.name for r in rules)), (_CONNECTOR, tuple(c.name for c in connectors))))
    facts = [text("{what}: {names}", what=thing.kind, names=few(thing.names)) for thing in things]
    if off := [each.name for each in (*rules, *connectors) if each.enabled is False]:
        facts.append(text("disabled: {names}", names=few(off)))
    used = any(each.enabled is not False for each in (*rules, *connectors))
    state = _left_state(run, judges, {name for thing in things for name in thing.names}, used=used)
    return Leg(title, state, tuple(facts), things, problems(run, judges))


def _left_state(run: Run, judges: list[str], names: set[str], *, used: bool) -> LegState:
    """Return the state by the findings about these objects; before the cutover no check judges them."""
    results = [result for result in run.results if result.check in judges]
    found = [finding.outcome for result in results for finding in result.findings if finding.subject in names]
    if not found:
        due = judged(run, judges) is not LegState.LATER
        return LegState.UNSEEN if due else LegState.PARALLEL if used else LegState.LATER
    return _LEFT.get(worst(found), LegState.UNSEEN)

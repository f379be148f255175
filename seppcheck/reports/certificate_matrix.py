"""Which certificates are presented, who expects which name of them, and whether that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from seppcheck.model.certificates import covers, exchange_inbound_match, exchange_outbound_match
from seppcheck.model.dns import host_name
from seppcheck.model.evidence import Unavailable
from seppcheck.model.gateway import SenderCertificate
from seppcheck.model.mailflow import Classified, Role, Side, having
from seppcheck.model.outcomes import WORST_FIRST, Outcome, worst
from seppcheck.model.policies import MtaStsPolicy, TlsaRecords
from seppcheck.model.run import Run
from seppcheck.model.smtp import Certificate, ChainVerdict, Presented, SmtpCertificate, StartTls
from seppcheck.model.text import Message, as_message, text
from seppcheck.reports.route import few
from seppcheck.reports.route_evidence import contents, flow_of, missing, targeted

_STARTTLS: Mapping[StartTls, Message] = {
    StartTls.NOT_ANNOUNCED: text("STARTTLS is not announced"),
    StartTls.REFUSED: text("STARTTLS is refused"),
    StartTls.DONE: text("no certificate was sent"),
    StartTls.UNKNOWN: text("the dialogue ended before"),
}


class Column(StrEnum):
    """Who expects something of a certificate."""

    NAME = "name"
    """Whoever asks for the gateway by its name: PTR and MX."""
    OUTBOUND = "outbound"
    INBOUND = "inbound"
    MTA_STS = "mta-sts"
    TLSA = "tlsa"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What somebody expects, and whether the certificate fulfils it."""

    wanted: Message
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One certificate and who presents it; without one, `why` says what was in the way."""

    who: Message
    where: Message
    certificate: Certificate | None = None
    why: Message | None = None
    verdict: ChainVerdict | None = None
    cells: Mapping[Column, tuple[Expectation, ...]] = field(default_factory=dict)

    @property
    def worst(self) -> Outcome:
        """The worst of its expectations; without a certificate it is inconclusive."""
        if self.certificate is None:
            return Outcome.INCONCLUSIVE
        return worst([Outcome.PASSED, *(each.outcome for cell in self.cells.values() for each in cell)])


def matrix(run: Run) -> tuple[Row, ...]:
    """Return a row for each address on port 25, then one for each certificate of managed domains, the worst first."""
    flow = flow_of(run)
    inbound, outbound = (flow, flow) if isinstance(flow, Unavailable) else (flow.inbound, flow.outbound)
    domains = sorted(_domain_rows(run, inbound), key=lambda row: WORST_FIRST.index(row.worst))
    return (*_port_rows(run, outbound), *domains)


def _port_rows(run: Run, outbound: Side) -> Iterator[Row]:
    for evidence in contents(run, SmtpCertificate):
        for shown in evidence.presented:
            who, where = (
                text("{node}", node=shown.node),
                text("[{host}]:{port}", host=shown.address, port=evidence.port),
            )
            if not shown.chain:
                why = as_message(shown.fault.detail) if shown.fault else _STARTTLS[shown.starttls]
                yield Row(who, where, why=why)
            else:
                yield Row(who, where, shown.chain[0], verdict=shown.verdict, cells=_of_port(run, shown, outbound))
    for target, absent in missing(run, SmtpCertificate):
        yield Row(text("{node}", node=target.name), text("port 25"), why=absent.detail)


def _of_port(run: Run, shown: Presented, outbound: Side) -> dict[Column, tuple[Expectation, ...]]:
    own = shown.chain[0]
    hosts = tuple(dict.fromkeys((shown.node, *run.site.gateway.names)))
    fits = any(covers(name, host) for name in own.names for host in hosts)
    return {
        Column.NAME: (Expectation(text("{names}", names=hosts), _either(fits)),),
        Column.OUTBOUND: tuple(_outbound(outbound, own)),
        Column.MTA_STS: tuple(_policies(run, shown)),
        Column.TLSA: tuple(_tlsa(run, shown)),
    }


def _either(fits: bool) -> Outcome:
    return Outcome.PASSED if fits else Outcome.FAILED


def _all_names(certificate: Certificate) -> tuple[str, ...]:
    """Return CN and SAN, both of which Exchange looks at."""
    return tuple(dict.fromkeys(map(host_name, (*certificate.common_names, *certificate.dns_names))))


def _unknown(side: Unavailable) -> Expectation:
    return Expectation(side.detail, Outcome.INCONCLUSIVE)


def _outbound(side: Side, own: Certificate) -> Iterator[Expectation]:
    """Yield what each inline outbound connector demands; Exchange's rules are those of outbound-connector-tls."""
    if isinstance(side, Unavailable):
        yield _unknown(side)
        return
    for each in having(side, Role.INLINE):
        wanted, setting = each.entry.text("TlsDomain"), each.entry.text("TlsSettings").lower()
        if setting == "certificatevalidation" or not wanted:
            yield Expectation(text("{connector}: any name", connector=each.name), Outcome.NOT_APPLICABLE)
        else:
            fits = any(exchange_outbound_match(wanted, name) for name in _all_names(own))
            yield Expectation(text("{connector}: {name}", connector=each.name, name=wanted), _either(fits))


def _policies(run: Run, shown: Presented) -> Iterator[Expectation]:
    """Yield what MTA-STS policies demand: that they name the host, and the certificate too (RFC 8461 section 4)."""
    patterns: dict[tuple[str, ...], list[str]] = {}
    for policy in contents(run, MtaStsPolicy):
        if policy.announced and policy.fault is not None:
            yield Expectation(policy.fault.detail, Outcome.INCONCLUSIVE)
        elif policy.announced and policy.mode != "none":
            patterns.setdefault(policy.mx, []).append(policy.domain)
    carried = any(covers(name, shown.node) for name in shown.chain[0].names)
    for mx, domains in patterns.items():
        named = any(covers(pattern, shown.node) for pattern in mx)
        wanted = text("{domains}: {names}", domains=few(domains), names=mx or "—")
        yield Expectation(wanted, Outcome.PASSED if named and carried else Outcome.WARNED)


def _tlsa(run: Run, shown: Presented) -> Iterator[Expectation]:
    """Yield the TLSA records of the node; dane-tlsa has compared them."""
    found = [finding for result in run.results if result.check == "dane-tlsa" for finding in result.findings]
    outcomes = [finding.outcome for finding in found if finding.subject == shown.address]
    for node in (node for records in contents(run, TlsaRecords) for node in records.nodes if node.node == shown.node):
        if not node.answer.status.looked:
            yield Expectation(text("_25._tcp.{node}", node=node.node), Outcome.INCONCLUSIVE)
        elif node.answer.values:
            yield Expectation(text("{values}", values=node.answer.values), worst(outcomes))


def _domain_rows(run: Run, inbound: Side) -> Iterator[Row]:
    """Yield one row for each certificate, be it that of many domains."""
    held: dict[str, list[tuple[str, SenderCertificate]]] = {}
    for target, evidence in targeted(run, SenderCertificate):
        held.setdefault(evidence.certificate.sha256, []).append((target.name, evidence))
    for same in held.values():
        first = same[0][1]
        cells = {Column.INBOUND: tuple(_inbound(inbound, first.certificate))}
        where = text("managed domain, by {origin}", origin=first.asked)
        yield Row(few(name for name, _ in same), where, first.certificate, cells=cells)
    absent: dict[tuple[str, str], list[tuple[str, Message]]] = {}
    for target, why in missing(run, SenderCertificate):
        absent.setdefault((why.reason, why.detail.template), []).append((target.name, why.detail))
    for alike in absent.values():
        yield Row(few(name for name, _ in alike), text("managed domain"), why=alike[0][1])


def _inbound(side: Side, own: Certificate) -> Sequence[Expectation]:
    """Return which inline inbound connectors find the gateway by this certificate; one of several has to."""
    if isinstance(side, Unavailable):
        return [_unknown(side)]
    found = [_recognised(each, own) for each in having(side, Role.INLINE)]
    fitting = [each for each in found if each.outcome is not Outcome.FAILED]
    return fitting or found


def _recognised(connector: Classified, own: Certificate) -> Expectation:
    """Tell how a connector's name and the certificate's go together, as sender-certificate judges it (guide, S1)."""
    wanted = host_name(connector.entry.text("TlsSenderCertificateName"))
    expected = text("{connector}: {name}", connector=connector.name, name=wanted or "—")
    if wanted and wanted in map(host_name, own.common_names):
        return Expectation(expected, Outcome.PASSED)
    found = any(exchange_inbound_match(wanted, name) for name in _all_names(own))
    return Expectation(expected, Outcome.WARNED if found else Outcome.FAILED)

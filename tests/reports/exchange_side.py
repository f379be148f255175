"""Evidence of the tenant, of managed domains and of real messages: what the drawn route and the matrix are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.model.evidence import Evidence, Provenance, Record
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.facts import Voice
from seppcheck.model.gateway import DeliveryHold, SenderCertificate, Smarthost
from seppcheck.model.mail import Hop, MailSample, MailSamples
from seppcheck.model.mailflow import Classified, MailFlow, Role, Side
from seppcheck.model.outcomes import Assurance
from seppcheck.model.policies import MtaStsPolicy, NodeTlsa, TlsaRecords
from seppcheck.model.smtp import Certificate
from seppcheck.model.targets import Domain, Gateway, Target, Tenant

NOW = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)
VOICE = Voice(Assurance.ATTESTED, "gateway-record.toml", NOW, "Erika Mustermann")
RULE = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
OUT = "[SEPPmail] ExchangeOnline -> Appliance"
IN = "[SEPPmail] Appliance -> ExchangeOnline"


def record(content: Evidence, target: Target) -> Record:
    """Return the record of a piece of evidence."""
    return Record(content.kind, target, Provenance("exchange", NOW, "https://outlook.office365.com"), content)


def classified(name: str, role: Role = Role.INLINE, **properties: object) -> Classified:
    """Return a connector or rule of some role."""
    given = {"Name": name, "Guid": name, "Enabled": True, **properties}
    return Classified(role, ExchangeObject(given))


def inbound(name: str = IN, wanted: str = "secure.example.org", role: Role = Role.INLINE) -> Classified:
    """Return an inbound connector that recognises the gateway by a name of its certificate."""
    return classified(name, role, TlsSenderCertificateName=wanted)


def outbound(name: str = OUT, wanted: str = "secure.example.org", role: Role = Role.INLINE) -> Classified:
    """Return an outbound connector that demands a name of the gateway's certificate."""
    return classified(name, role, TlsSettings="DomainValidation", TlsDomain=wanted)


def rule(name: str = RULE, role: Role = Role.INLINE, state: str = "Enabled") -> Classified:
    """Return a transport rule."""
    return classified(name, role, State=state)


def flow(inward: Side | None = None, outward: Side | None = None, rules: Side | None = None) -> MailFlow:
    """Return what a tenant in inline mode has, or what is given in its place."""
    return MailFlow(
        inbound=(inbound(),) if inward is None else inward,
        outbound=(outbound(),) if outward is None else outward,
        rules=(rule(),) if rules is None else rules,
        origin="export",
        at=NOW,
    )


def parallel_flow() -> MailFlow:
    """Return what the vendor's module leaves beside the inline objects."""
    return flow(
        (inbound(), inbound("old inbound", role=Role.PARALLEL)),
        (outbound(), outbound("old outbound", role=Role.PARALLEL)),
        (rule(), rule("[SEPPmail] - 100 Route incoming e-mails to SEPPmail", Role.PARALLEL)),
    )


def sample(file: str, sender: str, *, outgoing: bool = False) -> MailSample:
    """Return a message that a trusted receiver took from the gateway."""
    hop = Hop("mx.remote.example", "secure.example.org", "203.0.113.25", at=NOW - timedelta(days=1))
    return MailSample(file, sender, (hop,), 1, (("X-SM-outgoing", "yes"),) if outgoing else ())


def hold(domain: Domain, value: str) -> Record:
    """Return what is written down of a domain's hold."""
    fact = DeliveryHold("customer", value, None, groups_override=False, default="false", voice=VOICE)
    return record(fact, domain)


def sender_certificate(domain: Domain, certificate: Certificate) -> Record:
    """Return a managed domain's certificate as it is written down."""
    return record(SenderCertificate(certificate, VOICE), domain)


def records(
    tenant: Tenant, gateway: Gateway, domains: tuple[Domain, ...], certificate: Certificate
) -> tuple[Record, ...]:
    """Return one piece of every kind."""
    first, second, *_ = domains
    other = replace(certificate, sha256="cd" * 32, common_names=("mail.example.net",), dns_names=("*.example.net",))
    tlsa = NodeTlsa(gateway.name, DnsAnswer(DnsStatus.ANSWER, ("3 1 1 abcd",), 300))
    return (
        record(parallel_flow(), tenant),
        sender_certificate(first, certificate),
        sender_certificate(second, other),
        hold(first, "true"),
        record(Smarthost("relay.example.org", VOICE), second),
        record(MailSamples((sample("in.eml", "remote.example"),)), gateway),
        record(MtaStsPolicy(first.name, announced=True, mode="enforce", mx=("mx.example.org",)), first),
        record(TlsaRecords((tlsa,)), gateway),
    )

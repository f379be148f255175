"""Runs made by hand: what the reports are tried with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from seppcheck.model.dns import (
    DnsAnswer,
    DnsStatus,
    HostLookup,
    MxRecords,
    ReverseDns,
    ReverseEntry,
    ServerAnswer,
    ZoneServers,
)
from seppcheck.model.evidence import Evidence, Provenance, Record, Unavailable
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Assurance, Outcome, Reason, Severity, worst
from seppcheck.model.phases import Phase
from seppcheck.model.results import (
    CheckResult,
    EvidenceNote,
    Failed,
    Finding,
    Inconclusive,
    NotApplicable,
    Passed,
    Waiver,
    Warned,
    outcome_of,
)
from seppcheck.model.run import Run, Skipped, UnusedWaiver
from seppcheck.model.smtp import (
    Anchor,
    Certificate,
    ChainVerdict,
    Greeting,
    Presented,
    SmtpCertificate,
    SmtpFault,
    SmtpGreeting,
    StartTls,
)
from seppcheck.model.targets import Domain, Gateway, Node, Site, Target, Tenant
from seppcheck.model.text import text
from tests.reports import exchange_side

NOW = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)
GATEWAY = Gateway("secure.example.org", (Node("secure.example.org", ("203.0.113.25", "2001:db8::25")),))
DOMAINS = (Domain("example.org", "example"), Domain("example.net"), Domain("xn--mnchen-3ya.example"))
TENANT = Tenant("example.onmicrosoft.com")
SITE = Site(GATEWAY, DOMAINS, TENANT)
WAIVER = Waiver("dns-spf-ttl", "the provider lowers it on Friday", "Erika Mustermann", date(2026, 12, 31))


def result(
    check: str,
    target: Target,
    findings: Finding | Sequence[Finding],
    *,
    requirements: tuple[str, ...] = (),
    severity: Severity = Severity.HIGH,
    title: str = "Something is as it should be",
    steps: tuple[str, ...] = (),
    assurance: Assurance = Assurance.OBSERVED,
) -> CheckResult:
    """Make a result as the engine does: its outcome is the worst of its findings'."""
    given = (findings,) if isinstance(findings, Finding) else tuple(findings)
    outcome = outcome_of(given)
    waived = next((f for f in given if f.waived_by is not None), None)
    note = EvidenceNote(f"{check}-evidence", Provenance("dns", NOW, "192.0.2.53, 192.0.2.54", assurance))
    return CheckResult(
        check=check,
        requirements=requirements,
        severity=severity,
        title=text(title),
        target=target,
        outcome=outcome,
        findings=given,
        evidence=() if outcome is Outcome.INCONCLUSIVE else (note,),
        steps=tuple(text(step) for step in steps),
        waived_outcome=Outcome.WARNED if waived and outcome is Outcome.WAIVED else None,
    )


def waived(finding: Finding, waiver: Waiver = WAIVER) -> Finding:
    """Return the finding as a waiver leaves it."""
    return finding.but(outcome=Outcome.WAIVED, waived_by=waiver)


def mixed_results() -> tuple[CheckResult, ...]:
    """Return results of every outcome, as a readiness audit of three domains gives them."""
    return (
        result(
            "dns-ptr",
            GATEWAY,
            [
                Failed(
                    "{address} resolves back to {names} instead of {name}",
                    address="2001:db8::25",
                    names=("host-25.isp.example",),
                    name=GATEWAY.name,
                    requirement="P1",
                    subject="2001:db8::25",
                    expected=GATEWAY.name,
                    observed="host-25.isp.example",
                ),
                Passed("{address} resolves back", address="203.0.113.25", requirement="P1", subject="203.0.113.25"),
            ],
            requirements=("P1",),
            severity=Severity.BLOCKER,
            title="Every public address of the gateway resolves back to its name",
            steps=(
                "Ask the provider of the address to set its PTR record to the gateway's name.",
                "Run again after an hour.",
            ),
        ),
        result(
            "dns-mx-ttl",
            DOMAINS[0],
            [
                Failed(
                    "{server} serves the MX record with a TTL of {ttl} s",
                    server="ns1.example.org",
                    ttl=3600,
                    requirement="P2",
                    subject="ns1.example.org",
                    expected="at most 300 s",
                    observed="3600 s",
                ),
                Inconclusive(
                    "{server} did not answer",
                    server="ns2.example.org",
                    reason=Reason.TIMEOUT,
                    subject="ns2.example.org",
                ),
            ],
            requirements=("P2",),
            title="Every name server serves the MX record with a TTL of 300 s or less",
            steps=("Lower the TTL of the MX record to 300 s in the zone.",),
        ),
        result(
            "dns-spf-ttl",
            DOMAINS[0],
            waived(Warned("the TTL of the SPF record is {ttl} s", ttl=600, requirement="P2")),
            requirements=("P2",),
            title="Every name server serves the SPF record with a TTL of 300 s or less",
        ),
        result("dns-mx-ttl", DOMAINS[1], Passed("every server serves {ttl} s", ttl=300), requirements=("P2",)),
        result(
            "dns-mx-ttl",
            DOMAINS[2],
            NotApplicable("there is no MX record", reason="no-such-record"),
            requirements=("P2",),
        ),
        result(
            "smtp-banner",
            GATEWAY,
            Inconclusive(
                "203.0.113.25 did not answer on port 25 within 30 s; run where port 25 is open",
                reason=Reason.TIMEOUT,
                requirement="P4",
                subject="203.0.113.25",
            ),
            requirements=("P4",),
            title="The greeting names the gateway",
        ),
        result(
            "gateway-mta",
            GATEWAY,
            Inconclusive(
                "there is no gateway record; `seppcheck attest` writes one",
                reason=Reason.NOT_CONFIGURED,
                requirement="P3",
            ),
            requirements=("P3",),
            severity=Severity.BLOCKER,
            title="The gateway delivers mail itself",
        ),
        result(
            "dns-spf-gateway",
            DOMAINS[0],
            Warned(
                "SPF of {domain} gives {result} for {address}",
                domain="example.org",
                result="softfail",
                address="203.0.113.25",
                expected="v=spf1 a mx ip4:203.0.113.25 ip6:2001:db8::25 include:x.example -all",
                observed="v=spf1 a mx ip4:203.0.113.26 include:x.example ~all",
            ),
            severity=Severity.ADVICE,
            title="SPF allows the gateway to send",
            steps=("Add ip4:203.0.113.25 to the SPF record.",),
        ),
    )


REQUIREMENTS = {
    **dict.fromkeys(("P1", "P2"), "failed"),
    **dict.fromkeys(("P3", "P4", "P6"), "inconclusive"),
    **dict.fromkeys(("A1", "A2", "B1", "B2", "B3", "C1", "O5", "D1"), "not-due"),
    "P5": "not-selected",
    "P7": "passed",
    "P8": "waived",
    "T1": "warned",
    "K1": "not-applicable",
    "K2": "past",
}


def run_of(
    results: Sequence[CheckResult], *, phase: Phase = Phase.READINESS, language: str = "en", **more: object
) -> Run:
    """Make a run of some results."""
    numbers = dict.fromkeys(n for r in results for n in r.requirements)
    fields: dict[str, object] = {
        "requirements": {n: worst(r.outcome for r in results if n in r.requirements).value for n in numbers},
        "judged_at": NOW,
        "started_at": NOW,
        "finished_at": NOW + timedelta(seconds=4),
        "site": SITE,
        "language": language,
        **more,
    }
    return Run(phase=phase, results=tuple(results), **fields)  # type: ignore[arg-type]  # a test names the run's own fields


def mixed_run(**more: object) -> Run:
    """Return a run with something in every section of a report."""
    fields: dict[str, object] = {
        "requirements": REQUIREMENTS,
        "notes": (text("Port {port} may be closed on this machine; collect where it is open.", port=25),),
        "skipped": (Skipped("mta-sts", "no policy is planned"), Skipped("smtp-helo", "--skip smtp-helo")),
        "unused_waivers": (
            UnusedWaiver(Waiver("dns-mx", "moved", "M. Muster", date(2026, 10, 1)), expired=True),
            UnusedWaiver(Waiver("dns-ptr", "soon", "E. Muster", date(2026, 12, 1)), expired=False),
        ),
        "uncovered": ("I1", "I2"),
        "records": records(),
        "moments": moments(),
        "settings": {
            "gateway": {"name": GATEWAY.name, "smtp_port": 25},
            "domains": [{"name": d.name} for d in DOMAINS],
        },
        **more,
    }
    return run_of(mixed_results(), **fields)  # type: ignore[arg-type]  # see run_of


def moments() -> tuple[Moment, ...]:
    """Return what a night waits for, one thing of each kind."""
    return (
        Moment(
            MomentKind.MX_MAY_MOVE,
            DOMAINS[0],
            NOW + timedelta(hours=3),
            over=False,
            summary=text("{domain}: the MX record may move at {at}", domain="example.org", at=NOW + timedelta(hours=3)),
            details=(text("{record}: low since {since} at {servers}", record="MX", since=NOW, servers=("ns1", "ns2")),),
        ),
        Moment(MomentKind.MX_MAY_MOVE, DOMAINS[1], None, over=False, summary=text("{domain}: not yet", domain="x")),
        Moment(
            MomentKind.OLD_MX_GONE,
            DOMAINS[2],
            NOW,
            over=True,
            summary=text("{domain}: gone since {at}", domain="xn--mnchen-3ya.example", at=NOW),
        ),
    )


def records() -> tuple[Record, ...]:
    """Return the evidence behind the drawn route and the table of certificates."""
    return (
        *(_record(mx_records(d, host), d) for d, host in zip(DOMAINS, MX_HOSTS, strict=True)),
        _record(
            SmtpGreeting(25, (Greeting(GATEWAY.name, "203.0.113.25", 220, ("secure.example.org ESMTP",)),)), GATEWAY
        ),
        _record(certificates(), GATEWAY),
        _record(reverse(), GATEWAY),
        *exchange_side.records(TENANT, GATEWAY, DOMAINS, certificate()),
    )


MX_HOSTS = ("example-org.mail.protection.outlook.com.", "secure.example.org.", "")


def _record(content: Evidence | Unavailable, target: Target, kind: str = "") -> Record:
    return Record(kind or getattr(content, "kind", ""), target, Provenance("dns", NOW, "192.0.2.53"), content)


def mx_records(domain: Domain, host: str) -> MxRecords:
    """Return what one name server answers: one MX host, or a time-out for none."""
    answer = DnsAnswer(DnsStatus.ANSWER, (f"10 {host}",), 300) if host else DnsAnswer(DnsStatus.TIMEOUT)
    servers = (ServerAnswer(f"ns1.{domain.name}", "192.0.2.1", answer),)
    return MxRecords(domain.name, ZoneServers(domain.name, (f"ns1.{domain.name}",)), servers)


def reverse() -> ReverseDns:
    """Return the PTR records of both addresses, the second one wrong."""
    none = DnsAnswer(DnsStatus.NODATA)
    forward = (HostLookup(GATEWAY.name, DnsAnswer(DnsStatus.ANSWER, ("203.0.113.25",), 300), none),)
    good = ReverseEntry("203.0.113.25", GATEWAY.name, DnsAnswer(DnsStatus.ANSWER, (GATEWAY.name,), 300), forward)
    bad = ReverseEntry("2001:db8::25", GATEWAY.name, DnsAnswer(DnsStatus.ANSWER, ("host-25.isp.example",), 300))
    return ReverseDns((good, bad), resolvers=("192.0.2.53",))


def certificate(**changes: object) -> Certificate:
    """Return a certificate of the gateway with a month to live."""
    given = Certificate(
        subject="CN=secure.example.org,O=Example",
        common_names=("secure.example.org",),
        dns_names=("secure.example.org", "*.example.org"),
        has_san=True,
        issuer="CN=Example Issuing CA",
        serial="01",
        not_before=NOW - timedelta(days=60),
        not_after=NOW + timedelta(days=25),
        sha256="ab" * 32,
        server_auth=True,
        der="",
    )
    return replace(given, **changes)  # type: ignore[arg-type]  # a test names the certificate's own fields


def certificates() -> SmtpCertificate:
    """Return a good certificate at one address, and a silent other one."""
    good = Presented(
        GATEWAY.name,
        "203.0.113.25",
        StartTls.DONE,
        "TLSv1.3",
        "TLS_AES_256_GCM_SHA384",
        (certificate(),),
        ChainVerdict(Anchor.MOZILLA, "ISRG Root X1"),
    )
    silent = Presented(
        GATEWAY.name,
        "2001:db8::25",
        StartTls.UNKNOWN,
        fault=SmtpFault(Reason.TIMEOUT, text("no answer within {seconds} s", seconds=30)),
    )
    return SmtpCertificate(25, (good, silent))


def many_results(domains: int, each: int) -> tuple[CheckResult, ...]:
    """Return `domains * each` results, of which most pass as in a provider's fleet."""
    return tuple(_one_of_many(d, c) for d in range(domains) for c in range(each))


def _one_of_many(domain: int, check: int) -> CheckResult:
    name, target = f"check-number-{check}", Domain(f"customer-{domain}.example.org")
    match (domain + check) % 10:
        case 0:
            finding: Finding = Failed(
                "{server} serves the MX record of {domain} with a TTL of {ttl} s",
                server=f"ns1.customer-{domain}.example.org",
                domain=target.name,
                ttl=3600,
                expected="at most 300 s",
                observed="3600 s",
            )
        case 1:
            finding = Warned("the TTL of the SPF record of {domain} is {ttl} s", domain=target.name, ttl=600)
        case 2:
            finding = Inconclusive(
                "{server} did not answer", server=f"ns2.customer-{domain}.example.org", reason=Reason.TIMEOUT
            )
        case _:
            finding = Passed("every server of {domain} serves {ttl} s", domain=target.name, ttl=300)
    return result(
        name, target, finding, requirements=("P2",), steps=("Lower the TTL of the MX record to 300 s in the zone.",)
    )

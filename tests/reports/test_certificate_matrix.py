from __future__ import annotations

from dataclasses import replace

import pytest

from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.model.evidence import Record, Unavailable
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.mailflow import Classified, Role
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.policies import MtaStsPolicy, NodeTlsa, TlsaRecords
from seppcheck.model.results import Passed, Warned
from seppcheck.model.smtp import SmtpCertificate
from seppcheck.model.text import text
from seppcheck.reports.certificate_matrix import Column, Expectation, Row, matrix
from tests.reports.exchange_side import flow, inbound, outbound, record, sender_certificate
from tests.reports.runs import DOMAINS, GATEWAY, TENANT, certificate, certificates, result, run_of

PORT = record(certificates(), GATEWAY)


def rows(*records: Record) -> tuple[Row, ...]:
    return matrix(run_of((), records=records))


def cell(row: Row, column: Column) -> list[Outcome]:
    return [each.outcome for each in row.cells.get(column, ())]


def own(common: str, *others: str) -> Record:
    held = certificate(common_names=(common,), dns_names=(common, *others))
    return sender_certificate(DOMAINS[0], held)


def test_every_address_and_every_certificate_of_domains_has_a_row() -> None:
    held = certificate(sha256="cd" * 32)
    same = [sender_certificate(domain, held) for domain in DOMAINS[:2]]
    found = rows(PORT, *same)
    assert [str(row.where) for row in found] == [
        "[203.0.113.25]:25",
        "[2001:db8::25]:25",
        "managed domain, by gateway-record.toml, Erika Mustermann",
    ]
    assert str(found[2].who) == "example.org, example.net"
    assert found[1].certificate is None
    assert found[1].worst is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("wanted", "common", "others", "outcome"),
    [
        ("secure.example.org", "secure.example.org", (), Outcome.PASSED),
        ("secure.example.org", "other.example.org", ("secure.example.org",), Outcome.WARNED),
        ("*.example.org", "secure.example.org", (), Outcome.WARNED),
        ("secure.example.org", "*.example.org", (), Outcome.FAILED),
        ("*.example.org", "example.org", (), Outcome.FAILED),
        ("", "example.org", (), Outcome.FAILED),
    ],
)
def test_inbound_connectors_are_compared_as_the_check_does(
    wanted: str, common: str, others: tuple[str, ...], outcome: Outcome
) -> None:
    (row,) = rows(record(flow((inbound(wanted=wanted),)), TENANT), own(common, *others))
    assert cell(row, Column.INBOUND) == [outcome]


def test_of_several_inbound_connectors_one_has_to_want_the_certificate() -> None:
    tenant = flow((inbound("a", "a.example.org"), inbound("b", "b.example.org")))
    (fits,) = rows(record(tenant, TENANT), own("b.example.org"))
    assert cell(fits, Column.INBOUND) == [Outcome.PASSED]
    (fails,) = rows(record(tenant, TENANT), own("c.example.org"))
    assert cell(fails, Column.INBOUND) == [Outcome.FAILED, Outcome.FAILED]


@pytest.mark.parametrize(
    ("wanted", "outcome"),
    [
        ("secure.example.org", Outcome.PASSED),
        ("*.example.org", Outcome.PASSED),
        ("elsewhere.example.com", Outcome.FAILED),
        ("", Outcome.NOT_APPLICABLE),
    ],
)
def test_outbound_connectors_are_compared_by_the_rules_of_exchange(wanted: str, outcome: Outcome) -> None:
    row = rows(PORT, record(flow(outward=(outbound(wanted=wanted),)), TENANT))[0]
    assert cell(row, Column.OUTBOUND) == [outcome]
    assert cell(row, Column.NAME) == [Outcome.PASSED]


def test_a_connector_that_takes_any_trusted_certificate_demands_no_name() -> None:
    entry = ExchangeObject({"Name": "x", "TlsSettings": "CertificateValidation", "TlsDomain": "other.example"})
    row = rows(PORT, record(flow(outward=(Classified(Role.INLINE, entry),)), TENANT))[0]
    assert cell(row, Column.OUTBOUND) == [Outcome.NOT_APPLICABLE]


def test_what_is_not_known_of_exchange_is_never_a_match() -> None:
    why = Unavailable(Reason.TIMEOUT, text("silent"))
    port, _, domain = rows(PORT, record(flow(why, why), TENANT), own("secure.example.org"))
    assert port.cells[Column.OUTBOUND] == (Expectation(text("silent"), Outcome.INCONCLUSIVE),)
    assert cell(domain, Column.INBOUND) == [Outcome.INCONCLUSIVE]


@pytest.mark.parametrize(
    ("mx", "mode", "outcomes"),
    [
        (("secure.example.org",), "enforce", [Outcome.PASSED]),
        (("mx.example.com",), "enforce", [Outcome.WARNED]),
        (("mx.example.com",), "none", []),
    ],
)
def test_mta_sts_wants_the_host_named_and_certified(mx: tuple[str, ...], mode: str, outcomes: list[Outcome]) -> None:
    policies = [record(MtaStsPolicy(d.name, announced=True, mode=mode, mx=mx), d) for d in DOMAINS[:2]]
    row = rows(PORT, *policies)[0]
    assert cell(row, Column.MTA_STS) == outcomes, "policies that say the same are one"


def test_a_policy_that_could_not_be_read_is_not_known() -> None:
    fault = Unavailable(Reason.TIMEOUT, text("no answer"))
    row = rows(PORT, record(MtaStsPolicy("example.org", announced=True, fault=fault), DOMAINS[0]))[0]
    assert cell(row, Column.MTA_STS) == [Outcome.INCONCLUSIVE]


def test_tlsa_takes_the_outcome_of_its_check() -> None:
    answer = DnsAnswer(DnsStatus.ANSWER, ("3 1 1 ab",), 300)
    tlsa = record(TlsaRecords((NodeTlsa(GATEWAY.name, answer),)), GATEWAY)
    for finding in (Passed("ok", subject="203.0.113.25"), Warned("no", subject="203.0.113.25")):
        run = run_of([result("dane-tlsa", DOMAINS[0], finding)], records=(PORT, tlsa))
        assert cell(matrix(run)[0], Column.TLSA) == [finding.outcome]
    assert cell(rows(PORT, tlsa)[0], Column.TLSA) == [Outcome.INCONCLUSIVE]
    silent = replace(tlsa, content=TlsaRecords((NodeTlsa(GATEWAY.name, DnsAnswer(DnsStatus.TIMEOUT)),)))
    assert cell(rows(PORT, silent)[0], Column.TLSA) == [Outcome.INCONCLUSIVE]


def test_what_is_missing_alike_is_one_row() -> None:
    absent = [
        replace(
            sender_certificate(domain, certificate()),
            content=Unavailable(Reason.NOT_COLLECTED, text("{domain} is not written down", domain=domain.name)),
        )
        for domain in DOMAINS
    ]
    gone = Record(SmtpCertificate.kind, GATEWAY, PORT.provenance, Unavailable(Reason.TIMEOUT, text("silent")))
    port, domains = rows(gone, *absent)
    assert str(port.why) == "silent"
    assert str(domains.who).startswith("example.org, example.net")


def test_the_worst_certificates_of_domains_come_first() -> None:
    good = own("secure.example.org")
    bad = sender_certificate(DOMAINS[1], certificate(sha256="ee" * 32, common_names=("x.example",), dns_names=()))
    found = rows(record(flow(), TENANT), good, bad)
    assert [row.worst for row in found] == [Outcome.FAILED, Outcome.PASSED]

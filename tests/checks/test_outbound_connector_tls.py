from __future__ import annotations

from typing import Any

import pytest

from checks.outbound_connector_tls import exchange_demands_a_trusted_certificate_of_the_gateway
from seppcheck.api import (
    Phase,
    Presented,
    Reason,
    Result,
    SmtpCertificate,
    SmtpFault,
    StartTls,
    Unavailable,
    text,
)
from seppcheck.model.checks import MARK
from tests.checks.evidence import IPV4, NAME, certificate, outcome, outcomes, presented, reasons, sentences
from tests.checks.exchange_objects import inline_outbound, parallel_outbound
from tests.checks.mail_flow import TENANT, flow

MISSING = Unavailable(Reason.UNREACHABLE, text("port 25 is closed"))
SHOWN = SmtpCertificate(25, (presented(),))


def judge(*outbound: Any, shown: SmtpCertificate | Unavailable = SHOWN) -> Result:
    return exchange_demands_a_trusted_certificate_of_the_gateway(TENANT, flow(outbound=outbound), shown)


def connector(setting: str | None, domain: str | None = None) -> Any:
    return inline_outbound(TlsSettings=setting, TlsDomain=domain)


@pytest.mark.parametrize("shown", [SHOWN, MISSING])
def test_certificate_validation_passes_whatever_port_25_says(shown: SmtpCertificate | Unavailable) -> None:
    assert outcomes(judge(connector("CertificateValidation"), shown=shown)) == ["passed"]


@pytest.mark.parametrize("setting", ["EncryptionOnly", None, "", "something"])
def test_a_weaker_setting_fails(setting: str | None) -> None:
    assert outcomes(judge(connector(setting), shown=MISSING)) == ["failed"]


@pytest.mark.parametrize(
    ("domain", "names", "expected"),
    [
        (NAME, (NAME,), "passed"),
        (NAME, ("*.example.org",), "passed"),
        ("*.example.org", (NAME,), "passed"),
        ("*.example.org", ("a.b.example.org",), "failed"),
        ("mail.example.net", (NAME,), "failed"),
        ("", (NAME,), "failed"),
    ],
)
def test_domain_validation_needs_a_name_of_the_certificate(domain: str, names: tuple[str, ...], expected: str) -> None:
    shown = SmtpCertificate(25, (presented(certificate(*names, common_name=names[0])),))
    assert outcomes(judge(connector("DomainValidation", domain), shown=shown)) == [expected]


def test_the_common_name_counts_beside_other_names() -> None:
    shown = SmtpCertificate(25, (presented(certificate("other.example.net", common_name=NAME)),))
    assert outcomes(judge(connector("DomainValidation", NAME), shown=shown)) == ["passed"]


def test_every_address_is_judged() -> None:
    other = presented(certificate("x.example.net", common_name="x.example.net"))
    silent = Presented(NAME, IPV4, StartTls.UNKNOWN, fault=SmtpFault(Reason.TIMEOUT, text("silent")))
    result = judge(connector("DomainValidation", NAME), shown=SmtpCertificate(25, (presented(), other, silent)))
    assert outcomes(result) == ["passed", "failed", "inconclusive"]
    assert reasons(result) == {"timeout"}


def test_an_unknown_certificate_is_inconclusive_for_domain_validation() -> None:
    result = judge(connector("DomainValidation", NAME), shown=MISSING)
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"unreachable"}
    assert outcome(judge(connector("DomainValidation", NAME), shown=SmtpCertificate(25, ()))) == "inconclusive"


@pytest.mark.parametrize("missing", ["TlsSettings", "TlsDomain"])
def test_a_missing_property_is_unknown(missing: str) -> None:
    assert outcomes(judge(inline_outbound(missing))) == ["inconclusive"]


def test_without_a_connector_it_fails_and_says_what_is_there() -> None:
    assert outcomes(judge(parallel_outbound())) == ["failed"]
    assert "of parallel mode" in sentences(judge(parallel_outbound()))


def test_connectors_that_could_not_be_read_are_inconclusive() -> None:
    result = exchange_demands_a_trusted_certificate_of_the_gateway(TENANT, flow(outbound=MISSING), SHOWN)
    assert outcomes(result) == ["inconclusive"]


def test_it_runs_from_cutover_on() -> None:
    marked = getattr(exchange_demands_a_trusted_certificate_of_the_gateway, MARK)
    assert set(marked.phases) == set(Phase) - {Phase.READINESS}

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.inbound_connector_tls import connector_accepts_the_gateways_certificate_alone
from seppcheck.api import (
    Domain,
    Each,
    ExchangeObject,
    Finding,
    ManagedDomain,
    ManagedDomains,
    Reason,
    SenderCertificate,
    Site,
    Tenant,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from tests.checks.evidence import GATEWAY, certificate
from tests.checks.exchange_objects import inline_inbound
from tests.checks.gateway_facts import SEEN
from tests.checks.mail_flow import flow as flow_of

DOMAIN = Domain("example.org")
SITE = Site(GATEWAY, (DOMAIN,))
MANAGED = ManagedDomains((ManagedDomain("kunde.example"),), SEEN)
UNREAD = Unavailable(Reason.NOT_COLLECTED, text("nobody knows"))
CERTIFICATE = replace(certificate(), common_names=("shared.provider.example",))


def judged(*objects: ExchangeObject, managed: ManagedDomains | Unavailable = MANAGED) -> list[Finding]:
    found = connector_accepts_the_gateways_certificate_alone(
        Tenant("t"),
        GATEWAY,
        flow_of(inbound=objects or UNREAD),
        Each(((DOMAIN, SenderCertificate(CERTIFICATE, SEEN)),)),
        managed,
        SITE,
    )
    return [found] if isinstance(found, Finding) else list(found)


def outcomes(*objects: ExchangeObject) -> list[str]:
    return [f.outcome.value for f in judged(*objects) if f.outcome is not Outcome.PASSED]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("secure.example.org", []),
        ("Secure.Example.Org", []),
        ("*.example.org", []),
        ("example.org", []),
        ("mail.example.org", []),
        ("mail.kunde.example", []),
        ("*.kunde.example", []),
        ("shared.provider.example", ["warned"]),
        ("mail.other.example", ["failed"]),
        ("*.org", ["failed"]),
        ("*", ["failed"]),
        ("", ["failed"]),
        (None, ["failed"]),
        ("<I>CN=CA<S>CN=secure.example.org", ["failed"]),
        ("notexample.org", ["failed"]),
    ],
)
def test_only_names_of_the_gateway_and_the_managed_domains_are_right(name: str | None, expected: list[str]) -> None:
    assert outcomes(inline_inbound(TlsSenderCertificateName=name)) == expected


@pytest.mark.parametrize("name", ["RequireTls", "RestrictDomainsToCertificate"])
def test_tls_and_the_restriction_are_demanded(name: str) -> None:
    assert outcomes(inline_inbound(**{name: False})) == ["failed"]
    assert outcomes(inline_inbound(name)) == ["inconclusive"]


def test_a_name_that_was_not_read_and_connectors_that_were_not_are_inconclusive() -> None:
    assert outcomes(inline_inbound("TlsSenderCertificateName", Name="x", SenderIPAddresses=["192.0.2.25"])) != []
    assert outcomes() == ["inconclusive"]


def test_without_the_list_of_managed_domains_the_configured_ones_count() -> None:
    connector = inline_inbound(TlsSenderCertificateName="mail.example.org")

    assert {f.outcome for f in judged(connector, managed=UNREAD)} == {Outcome.PASSED}

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checks.sender_certificate import certificate_is_the_one_that_the_connector_wants
from seppcheck.api import (
    Certificate,
    ExchangeObject,
    Finding,
    MailFlow,
    Now,
    Reason,
    SenderCertificate,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.evidence import DOMAIN, NOW, certificate
from tests.checks.exchange_objects import inline_inbound
from tests.checks.gateway_facts import SEEN
from tests.checks.mail_flow import flow as flow_of

DAY = timedelta(days=1)
UNREAD = Unavailable(Reason.NOT_CONFIGURED, text("Exchange is not configured"))


def held(*common: str, san: tuple[str, ...] = (), **changes: object) -> Certificate:
    dates = {"not_before": NOW.at - DAY, "not_after": NOW.at + 90 * DAY}
    base = replace(certificate(), common_names=common, dns_names=san, has_san=bool(san), **dates)  # type: ignore[arg-type]  # dates
    return replace(base, **changes)  # type: ignore[arg-type]  # the fields' own


def judged(shown: Certificate, flow: MailFlow | Unavailable) -> list[Finding]:
    found = certificate_is_the_one_that_the_connector_wants(DOMAIN, SenderCertificate(shown, SEEN), flow, Now(NOW.at))
    assert not isinstance(found, Finding)
    return list(found)


def wants(*names: str) -> MailFlow:
    made: list[ExchangeObject] = [inline_inbound(TlsSenderCertificateName=n, Name=f"for {n}") for n in names]
    return flow_of(inbound=made)


@pytest.mark.parametrize(
    ("wanted", "common", "san", "outcome"),
    [
        ("secure.example.org", ("secure.example.org",), (), Outcome.PASSED),
        ("secure.example.org", ("Secure.Example.org",), ("other.example",), Outcome.PASSED),
        ("*.example.org", ("*.example.org",), (), Outcome.PASSED),
        ("*.example.org", ("secure.example.org",), (), Outcome.WARNED),
        ("*.example.org", ("a.b.example.org",), (), Outcome.WARNED),
        ("secure.example.org", ("other.example",), ("secure.example.org",), Outcome.WARNED),
        ("secure.example.org", (), ("secure.example.org",), Outcome.WARNED),
        ("secure.example.org", ("*.example.org",), (), Outcome.FAILED),
        ("*.example.org", ("example.org",), (), Outcome.FAILED),
        ("secure.example.org", ("other.example",), (), Outcome.FAILED),
    ],
)
def test_names_are_compared_as_exchange_and_the_guide_do(
    wanted: str, common: tuple[str, ...], san: tuple[str, ...], outcome: Outcome
) -> None:
    assert outcome_of(judged(held(*common, san=san), wants(wanted))) is outcome


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"not_after": NOW.at}, Outcome.FAILED),
        ({"not_after": NOW.at + 29 * DAY}, Outcome.WARNED),
        ({"not_after": NOW.at + 30 * DAY}, Outcome.PASSED),
        ({"not_before": NOW.at + DAY}, Outcome.FAILED),
        ({"server_auth": False}, Outcome.FAILED),
    ],
)
def test_dates_and_purpose_count(changes: dict[str, object], outcome: Outcome) -> None:
    assert outcome_of(judged(held("secure.example.org", **changes), wants("secure.example.org"))) is outcome


def test_of_several_connectors_one_has_to_want_it() -> None:
    assert (
        outcome_of(judged(held("secure.example.org"), wants("mail.example.org", "secure.example.org")))
        is Outcome.PASSED
    )


def test_without_an_inline_connector_the_dates_alone_are_judged() -> None:
    assert [f.outcome for f in judged(held("anything.example"), flow_of(inbound=[]))] == [Outcome.PASSED]


def test_without_exchange_the_match_is_inconclusive() -> None:
    found = judged(held("secure.example.org"), UNREAD)

    assert [(f.outcome, f.reason) for f in found] == [
        (Outcome.PASSED, None),
        (Outcome.INCONCLUSIVE, Reason.NOT_CONFIGURED),
    ]


def test_a_connector_without_a_name_matches_no_certificate() -> None:
    shown = held("secure.example.org")
    nameless = flow_of(inbound=[inline_inbound(TlsSenderCertificateName=None)])
    unread = flow_of(inbound=[inline_inbound("TlsSenderCertificateName")])
    assert [f.outcome.value for f in judged(shown, nameless)] == ["passed", "failed"]
    assert [f.outcome.value for f in judged(shown, unread)] == ["passed", "inconclusive"]

from __future__ import annotations

from datetime import timedelta

import pytest

from checks.inbound_connector import tenant_takes_mail_from_the_gateway
from seppcheck.api import (
    Domain,
    Each,
    ExchangeObject,
    Finding,
    MailFlow,
    MxRecords,
    Now,
    Phase,
    Reason,
    RunHistory,
    SeenRun,
    SeenServer,
    Tenant,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.evidence import GATEWAY, MICROSOFT, NAME, NOW, answer
from tests.checks.evidence import mx as mx_of
from tests.checks.exchange_objects import inline_inbound, parallel_inbound
from tests.checks.mail_flow import flow as flow_of

TENANT = Tenant("example.onmicrosoft.com")
DOMAIN = Domain("example.org")
HERE, THERE = mx_of(answer(f"10 {NAME}.")), mx_of(answer(f"10 {MICROSOFT}."))
SILENT = Unavailable(Reason.TIMEOUT, text("silence"))


def seen(hours: float, host: str, ttl: int = 300) -> SeenRun:
    return SeenRun(NOW.at - timedelta(hours=hours), (SeenServer("ns1", "192.0.2.1", ttl, (f"10 {host}.",)),))


MOVED_LONG_AGO = (seen(5, MICROSOFT), seen(2, NAME))


def judged(
    *objects: ExchangeObject,
    phase: str = "verification",
    mx: MxRecords | Unavailable = HERE,
    runs: tuple[SeenRun, ...] = MOVED_LONG_AGO,
    flow: MailFlow | None = None,
) -> list[Finding]:
    found = tenant_takes_mail_from_the_gateway(
        TENANT,
        GATEWAY,
        flow or flow_of(inbound=objects),
        Each(((DOMAIN, mx),)),
        Each(((DOMAIN, RunHistory("example.org", runs)),)),
        Phase(phase),
        Now(NOW.at),
    )
    return [found] if isinstance(found, Finding) else list(found)


def bad(findings: list[Finding]) -> list[tuple[str, str | None]]:
    return [(f.outcome.value, f.requirement) for f in findings if f.outcome is not Outcome.PASSED]


def test_the_guides_connector_passes_with_a_finding_for_every_number() -> None:
    findings = judged(inline_inbound())

    assert bad(findings) == []
    assert {f.requirement for f in findings} == {"B3", "I1", "I2", "I3", None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Enabled": False}, [("failed", "I2")]),
        ({"SenderDomains": ["smtp:example.net;1"]}, [("warned", "I3")]),
        ({"SenderDomains": []}, [("failed", "I3")]),
        ({"SenderDomains": None}, [("failed", "I3")]),
        ({"SenderDomains": ["SMTP:*;1"]}, []),
        ({"CloudServicesMailEnabled": True}, [("failed", None)]),
        ({"RestrictDomainsToIPAddresses": True}, [("failed", None)]),
        ({"SenderIPAddresses": ["192.0.2.25"]}, [("failed", None)]),
        ({"SenderIPAddresses": None}, []),
    ],
)
def test_every_deviation_is_named(changes: dict[str, object], expected: list[tuple[str, str | None]]) -> None:
    assert bad(judged(inline_inbound(**changes))) == expected


@pytest.mark.parametrize("missing", ["Enabled", "SenderDomains", "SenderIPAddresses", "CloudServicesMailEnabled"])
def test_a_property_that_was_not_read_is_unknown(missing: str) -> None:
    assert [outcome for outcome, _ in bad(judged(inline_inbound(missing)))] == ["inconclusive"]


@pytest.mark.parametrize(
    ("enabled", "mx", "runs", "outcome"),
    [
        (False, THERE, (), Outcome.PASSED),
        (True, THERE, (), Outcome.WARNED),
        (False, HERE, (), Outcome.PASSED),
        (True, HERE, (), Outcome.WARNED),
        (False, HERE, MOVED_LONG_AGO, Outcome.FAILED),
        (True, HERE, MOVED_LONG_AGO, Outcome.PASSED),
        (True, HERE, (seen(3, MICROSOFT, 10800), seen(2, NAME)), Outcome.WARNED),
        (True, HERE, (seen(5, NAME), seen(2, NAME)), Outcome.PASSED),
        (True, SILENT, MOVED_LONG_AGO, Outcome.INCONCLUSIVE),
    ],
)
def test_in_cutover_it_is_enabled_when_the_old_mx_has_run_down(
    enabled: bool, mx: MxRecords | Unavailable, runs: tuple[SeenRun, ...], outcome: Outcome
) -> None:
    findings = judged(inline_inbound(Enabled=enabled), phase="cutover", mx=mx, runs=runs)

    assert outcome_of([f for f in findings if f.requirement == "I2"]) is outcome


def test_no_inline_connector_is_one_finding_that_names_what_is_there() -> None:
    (found,) = judged(parallel_inbound())

    assert (found.outcome, found.requirement) == (Outcome.FAILED, None)
    assert "[SEPPmail] Appliance -> ExchangeOnline" in str(found.summary)


def test_connectors_that_could_not_be_read_are_inconclusive() -> None:
    assert bad(judged(flow=flow_of(inbound=SILENT))) == [("inconclusive", None)]


def test_a_second_one_for_the_same_senders_and_certificate_fails() -> None:
    assert bad(judged(inline_inbound(), inline_inbound(Name="another"))) == [("failed", "I2")]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (["smtp:example.org;1"], [("warned", "I3"), ("warned", "I3")]),
        (["*"], [("warned", "I3")]),
        (["smtp:two.example;1"], [("warned", "I3"), ("warned", "I3"), ("failed", "I2")]),
    ],
)
def test_of_several_connectors_one_has_to_be_for_every_domain(
    second: list[str], expected: list[tuple[str, str | None]]
) -> None:
    one = inline_inbound(SenderDomains=["smtp:one.example;1"])
    assert bad(judged(one, inline_inbound(Name="second", SenderDomains=second))) == expected

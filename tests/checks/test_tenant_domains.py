from __future__ import annotations

import pytest

from checks.tenant_domains import every_accepted_domain_uses_the_gateway
from seppcheck.api import (
    AcceptedDomainMx,
    AcceptedDomains,
    AcceptedMx,
    DnsAnswer,
    Domain,
    ExchangeObject,
    Finding,
    MailFlow,
    ManagedDomain,
    ManagedDomains,
    Phase,
    Reason,
    Site,
    Tenant,
    Unavailable,
    text,
)
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.evidence import GATEWAY, MICROSOFT, NAME, answer, no
from tests.checks.exchange_objects import inline_inbound
from tests.checks.gateway_facts import NOON, SEEN
from tests.checks.mail_flow import flow as flow_of

SITE = Site(GATEWAY, (Domain("example.org"),))
MANAGED = ManagedDomains((ManagedDomain("kunde.example"),), SEEN)
UNREAD = Unavailable(Reason.NOT_CONFIGURED, text("Exchange is not configured"))
OPEN, CLOSED = flow_of(inbound=[inline_inbound()]), flow_of(inbound=[inline_inbound(Enabled=False)])
LISTED = flow_of(inbound=[inline_inbound(SenderDomains=["smtp:example.net;1"])])
AWAY, AT_MICROSOFT = answer(f"10 {NAME}."), answer(f"10 {MICROSOFT}.")


def judged(
    phase: str, flow: MailFlow | Unavailable, said: dict[str, DnsAnswer], **more: dict[str, object]
) -> list[Finding]:
    rows = [{"DomainName": name, **more.get(name.replace(".", "_"), {})} for name in said]
    found = every_accepted_domain_uses_the_gateway(
        Tenant("t"),
        AcceptedDomains(tuple(map(ExchangeObject, rows)), "export", NOON),
        AcceptedDomainMx(tuple(AcceptedMx(name, heard) for name, heard in said.items())),
        flow,
        MANAGED,
        SITE,
        Phase(phase),
    )
    return [found] if isinstance(found, Finding) else list(found)


@pytest.mark.parametrize(
    ("phase", "flow", "said", "outcome"),
    [
        ("verification", OPEN, {"example.org": AWAY}, Outcome.PASSED),
        ("verification", OPEN, {"example.org": AWAY, "forgotten.example": AT_MICROSOFT}, Outcome.FAILED),
        ("verification", OPEN, {"example.org": AWAY, "none.example": answer()}, Outcome.PASSED),
        ("verification", OPEN, {"example.org": no("servfail")}, Outcome.INCONCLUSIVE),
        ("cutover", CLOSED, {"example.org": AT_MICROSOFT}, Outcome.WARNED),
        ("cutover", OPEN, {"example.org": AT_MICROSOFT}, Outcome.FAILED),
        ("verification", LISTED, {"forgotten.example": AT_MICROSOFT}, Outcome.WARNED),
        ("cutover", UNREAD, {"example.org": AWAY}, Outcome.INCONCLUSIVE),
        ("readiness", UNREAD, {"example.org": AT_MICROSOFT, "kunde.example": AT_MICROSOFT}, Outcome.PASSED),
        ("readiness", UNREAD, {"forgotten.example": AT_MICROSOFT}, Outcome.WARNED),
        ("verification", OPEN, {}, Outcome.INCONCLUSIVE),
    ],
)
def test_no_domain_may_be_left_at_microsoft(
    phase: str, flow: MailFlow | Unavailable, said: dict[str, DnsAnswer], outcome: Outcome
) -> None:
    assert outcome_of(judged(phase, flow, said)) is outcome


def test_the_tenants_own_domain_is_mentioned_and_warned_as_default() -> None:
    own = {"t.onmicrosoft.com": AT_MICROSOFT}

    assert [f.outcome for f in judged("verification", OPEN, own)] == [Outcome.PASSED]
    warned = judged("verification", OPEN, own, t_onmicrosoft_com={"Default": True})
    assert [f.outcome for f in warned] == [Outcome.WARNED]


def test_coexistence_domains_are_left_out() -> None:
    said = {"example.org": AWAY, "t.mail.onmicrosoft.com": AT_MICROSOFT, "co.example": AT_MICROSOFT}
    found = judged("verification", OPEN, said, co_example={"IsCoexistenceDomain": True})

    assert [f.subject for f in found] == ["example.org"]

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tenant_domains import every_accepted_domain_uses_the_gateway
from remediations.tenant_domains import decide_about_every_domain_of_the_tenant
from seppcheck.api import (
    AcceptedDomainMx,
    AcceptedDomains,
    AcceptedMx,
    DnsAnswer,
    DnsStatus,
    Domain,
    ExchangeObject,
    FactImage,
    MailFlow,
    ManualStep,
    Note,
    Outcome,
    Phase,
    PlanPhase,
    Proposal,
    Site,
    Tenant,
    Unavailable,
)
from seppcheck.remediate.fresh import plain
from tests.checks.evidence import GATEWAY, MICROSOFT, NAME, answer, findings, no
from tests.checks.exchange_objects import inline_inbound
from tests.checks.gateway_facts import NOON
from tests.checks.mail_flow import flow as flow_of
from tests.remediations.exchange_simulation import MISSING

TENANT = Tenant("example.onmicrosoft.com")
SITE = Site(GATEWAY, (Domain("example.org"),), TENANT)
AWAY, AT_MICROSOFT, SILENT = answer(f"10 {NAME}."), answer(f"10 {MICROSOFT}."), no(DnsStatus.TIMEOUT)
NOTHING, OPEN = flow_of(), flow_of(inbound=[inline_inbound()])
LISTED = flow_of(inbound=[inline_inbound(SenderDomains=["smtp:example.net;1"])])
SAID = {
    "example.org": AT_MICROSOFT,
    "example.net": AT_MICROSOFT,
    "example.com": AWAY,
    "x.onmicrosoft.com": AT_MICROSOFT,
}


def mx(said: Mapping[str, DnsAnswer]) -> AcceptedDomainMx:
    return AcceptedDomainMx(tuple(AcceptedMx(name, heard) for name, heard in said.items()))


def accepted(said: Mapping[str, DnsAnswer], **more: Mapping[str, object]) -> AcceptedDomains:
    rows = [{"DomainName": name, **more.get(name.replace(".", "_"), {})} for name in said]
    return AcceptedDomains(tuple(map(ExchangeObject, rows)), "export", NOON)


def planned(
    said: Mapping[str, DnsAnswer] = SAID,
    flow: MailFlow | Unavailable = NOTHING,
    phase: str = "cutover",
    **more: Mapping[str, object],
) -> Proposal:
    return decide_about_every_domain_of_the_tenant(
        TENANT, accepted(said, **more), mx(said), flow, SITE, PlanPhase(phase)
    )


def steps(found: Proposal) -> list[ManualStep]:
    return [each for each in found if isinstance(each, ManualStep)]


def shows(step: ManualStep, said: Mapping[str, DnsAnswer]) -> bool:
    """Tell whether evidence shows that a step is done, as `apply` looks at it."""
    assert isinstance(step.after, FactImage)
    return all(plain(getattr(mx(said), name)) == plain(value) for name, value in step.after.fields.items())


@pytest.mark.parametrize("flow", [NOTHING, OPEN, MISSING], ids=["to be made", "enabled", "unknown"])
def test_a_domain_that_does_not_move_stops_the_cutover_before_anything_begins(flow: MailFlow | Unavailable) -> None:
    (step,) = steps(planned(flow=flow))

    assert "example.net" in str(step.summary)
    assert "example.org" not in str(step.summary)
    assert (step.needs, step.reaches) == (None, None)
    assert not shows(step, SAID)


def test_it_is_done_once_the_mail_of_that_domain_goes_elsewhere_or_the_tenant_has_it_no_more() -> None:
    (step,) = steps(planned())

    assert shows(step, {**SAID, "example.net": AWAY})
    assert shows(step, {name: said for name, said in SAID.items() if name != "example.net"})


def test_a_domain_of_which_dns_says_nothing_stops_it_too() -> None:
    (step,) = steps(planned({"example.org": AT_MICROSOFT, "example.net": SILENT}))

    assert "Where the mail of example.net goes could not be looked up" in "\n".join(map(str, step.steps))
    assert not shows(step, {"example.org": AT_MICROSOFT, "example.net": AT_MICROSOFT})
    assert shows(step, {"example.org": AT_MICROSOFT, "example.net": AWAY})


def test_a_connector_for_a_list_of_senders_concerns_nobody_else() -> None:
    assert planned(flow=LISTED) == []


def test_coexistence_domains_are_left_out() -> None:
    assert planned(example_net={"IsCoexistenceDomain": True}) == []


def test_before_the_cutover_it_is_only_said() -> None:
    (note,) = planned(phase="readiness")

    assert isinstance(note, Note)
    assert "example.net" in str(note.text)


def test_in_a_completion_mail_is_being_refused_so_it_stops_there_too() -> None:
    assert len(steps(planned(flow=OPEN, phase="completion"))) == 1


def test_the_default_domain_is_named_where_the_gateway_refuses_its_senders() -> None:
    (note,) = planned({"x.onmicrosoft.com": AT_MICROSOFT}, x_onmicrosoft_com={"Default": True})

    assert "default domain" in str(note)


ANSWERS = st.sampled_from([AWAY, AT_MICROSOFT, SILENT])


@given(st.dictionaries(st.sampled_from(["example.net", "example.com", "a.example"]), ANSWERS), ANSWERS, ANSWERS)
def test_once_every_step_is_done_the_enabled_connector_refuses_no_other_domain(
    said: dict[str, DnsAnswer], own: DnsAnswer, later: DnsAnswer
) -> None:
    before = {"example.org": own, **said}
    after = {name: each if name == "example.org" else later for name, each in before.items()}

    done = all(shows(step, after) for step in steps(planned(before)))

    result = every_accepted_domain_uses_the_gateway(
        TENANT, accepted(after), mx(after), OPEN, MISSING, SITE, Phase.CUTOVER
    )
    wrong = {each.subject for each in findings(result) if each.outcome is not Outcome.PASSED} - {"example.org"}
    if done and steps(planned(before)):
        assert wrong == set()

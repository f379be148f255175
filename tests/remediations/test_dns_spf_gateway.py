from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.dns_spf_gateway import gateway_may_send_for_the_domain
from remediations.dns_spf_gateway import allow_the_gateway
from remediations.dns_spf_ttl import lower_the_ttl_of_spf
from seppcheck.api import (
    Change,
    DnsAnswer,
    DnsImage,
    DnsStatus,
    GatewayAddresses,
    ManualStep,
    NodeAddresses,
    PlanPhase,
    Proposal,
    SpfEvaluation,
    SpfRecords,
    unquoted,
)
from seppcheck.sources import spf as source
from tests.checks.evidence import DOMAIN, GATEWAY, IPV4, IPV6, NAME, addresses, answer, host, no, outcome, spf
from tests.remediations.dns_simulation import change_of, kinds, others_of, spf_after, txt
from tests.remediations.fact_simulation import notes, step_of, told

MICROSOFT = "spf.protection.outlook.com"
BOTH = addresses(host(NAME, answer(IPV4), answer(IPV6)), configured=False)
WORLD: Mapping[tuple[str, str], tuple[str, ...]] = {
    (MICROSOFT, "TXT"): ("v=spf1 ip4:198.51.100.0/24 -all",),
    ("none.example.net", "TXT"): ("v=spf1 -all",),
    (NAME, "A"): (IPV4,),
    (NAME, "AAAA"): (IPV6,),
    ("deep.example.net", "TXT"): ("v=spf1 " + " ".join(f"a:h{n}.example.net" for n in range(9)) + " -all",),
    **{
        (f"h{n}.example.net", kind): (value,)
        for n in range(9)
        for kind, value in (("A", "203.0.113.9"), ("AAAA", "::9"))
    },
}


def evaluate(texts: Sequence[str], known: GatewayAddresses = BOTH) -> SpfEvaluation:
    async def lookup(name: str, rdtype: str) -> DnsAnswer:
        values = tuple(texts) if (name, rdtype) == ("example.org", "TXT") else WORLD.get((name, rdtype), ())
        return DnsAnswer(DnsStatus.ANSWER if values else DnsStatus.NODATA, values)

    senders = {address: node.name for node in known.nodes for address in node.addresses}
    return asyncio.run(source.evaluate("example.org", senders, lookup))


def records(*texts: str, others: Sequence[str] = (), ttl: int = 300) -> SpfRecords:
    said = txt(*texts, ttl=ttl, others=others)
    return spf(said, said)


def plan(
    *texts: str, phase: PlanPhase = PlanPhase.READINESS, known: GatewayAddresses = BOTH, others: Sequence[str] = ()
) -> Proposal:
    return allow_the_gateway(DOMAIN, records(*texts, others=others), evaluate(texts, known), known, phase)


def record_of(proposal: Proposal) -> str:
    after = change_of(proposal).after
    assert isinstance(after, DnsImage)
    (record,) = [text for value in after.values if (text := unquoted(value)).lower().startswith("v=spf1")]
    return record


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"v=spf1 include:{MICROSOFT} -all", f"v=spf1 include:{MICROSOFT} a:{NAME} -all"),
        ("v=spf1 ~ALL exp=x.example.org", f"v=spf1 a:{NAME} ~ALL exp=x.example.org"),
        ("v=spf1 ?all -all", f"v=spf1 a:{NAME} ?all -all"),
        ("v=spf1 redirect=none.example.net", f"v=spf1 a:{NAME} redirect=none.example.net"),
        (f"v=spf1 include:{MICROSOFT}", f"v=spf1 include:{MICROSOFT} a:{NAME}"),
        ("V=SPF1  ip4:198.51.100.1  -all", f"V=SPF1  ip4:198.51.100.1  a:{NAME} -all"),
    ],
)
def test_the_gateway_is_added_where_it_counts_and_nothing_else_changes(before: str, after: str) -> None:
    assert record_of(plan(before)) == after


def test_an_allowed_gateway_needs_nothing() -> None:
    assert plan(f"v=spf1 a:{NAME} -all") == []
    assert plan("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all") == []


def test_addresses_stand_where_names_cost_too_many_lookups() -> None:
    found = plan("v=spf1 include:deep.example.net -all")  # ten lookups as it is
    assert record_of(found) == f"v=spf1 include:deep.example.net ip4:{IPV4} ip6:{IPV6} -all"


def test_addresses_stand_where_the_name_does_not_lead_to_them() -> None:
    node = NodeAddresses(NAME, ("192.0.2.77",), True, host(NAME, answer(IPV4), answer(IPV6)))
    found = plan("v=spf1 -all", known=GatewayAddresses((node,)))
    assert record_of(found) == "v=spf1 ip4:192.0.2.77 -all"


def test_only_what_is_missing_is_added() -> None:
    node = NodeAddresses(NAME, (IPV4, "192.0.2.77"), True, host(NAME, answer(IPV4, "192.0.2.77"), answer()))
    found = plan("v=spf1 ip4:192.0.2.25 -all", known=GatewayAddresses((node,)))
    assert record_of(found) == f"v=spf1 ip4:192.0.2.25 a:{NAME} -all"


def test_other_txt_records_stay_byte_for_byte_and_a_long_record_is_cut_into_strings() -> None:
    long = f"v=spf1 {' '.join(f'ip4:198.51.100.{n}' for n in range(14))} -all"
    assert len(long) < 255
    change = change_of(plan(long, others=('escaped \\"text\\"', "MS=ms1")))
    assert isinstance(change.after, DnsImage)
    assert others_of(change.after) == others_of(change.before) == ['"MS=ms1"', '"escaped \\"text\\""']
    assert any(value.count('" "') == 1 for value in change.after.values)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (("v=spf1 -all", "v=spf1 ~all"), "has 2 SPF records"),
        (("v=spf1 include:missing.example.net -all",), "has no SPF record"),
        (("v=spf1 nonsense -all",), "is no mechanism"),
        (("v=spf1 -ip4:192.0.2.25 -all",), "-ip4:192.0.2.25 decides against"),
    ],
)
def test_what_takes_somebody_who_knows_the_record_is_for_people(texts: Sequence[str], says: str) -> None:
    step = step_of(plan(*texts))
    assert says in told(step)
    assert f"ip4:{IPV4}" in told(step)


def test_a_first_record_is_for_people_who_know_the_other_senders() -> None:
    step = step_of(plan())
    assert f"v=spf1 a:{NAME} include:{MICROSOFT} ~all" in told(step)
    assert step.after is None


def test_servers_that_disagree_are_left_alone_and_told() -> None:
    differing = spf(txt("v=spf1 -all"), txt("v=spf1 ~all"))
    found = allow_the_gateway(DOMAIN, differing, evaluate(["v=spf1 -all"]), BOTH, PlanPhase.READINESS)
    assert kinds(found) == ["Note"]
    assert "do not say the same of the TXT" in notes(found)


def test_in_a_cutover_it_is_only_told() -> None:
    found = plan("v=spf1 -all", phase=PlanPhase.CUTOVER)
    assert kinds(found) == ["Note"]
    assert IPV4 in notes(found)


def test_a_domain_that_does_not_exist_and_one_that_could_not_be_evaluated_are_not_planned() -> None:
    gone = replace(evaluate([]), exists=False)
    assert allow_the_gateway(DOMAIN, spf(no("nxdomain")), gone, BOTH, PlanPhase.READINESS) == []


terms = st.sampled_from(
    [
        f"include:{MICROSOFT}",
        "include:none.example.net",
        "ip4:198.51.100.7",
        "mx",
        "a:h1.example.net",
        "exp=x.example.org",
    ]
)
ends = st.sampled_from(["-all", "~all", "?all", "+all", "", "redirect=none.example.net", "-all ip4:1.2.3.4"])


@given(
    words=st.lists(terms, max_size=5, unique=True),
    end=ends,
    ttl=st.integers(1, 10**5),
    others=st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), max_size=40)),
)
def test_planned_and_applied_spf_passes_and_nothing_is_left_to_plan(
    words: list[str], end: str, ttl: int, others: list[str]
) -> None:
    strangers = [each for each in others if not each.lower().startswith("v=spf1")]
    found = records(" ".join(["v=spf1", *words, end]).strip(), others=strangers, ttl=ttl)
    evaluation = evaluate(found.servers[0].answer.values)
    steps = [
        *lower_the_ttl_of_spf(DOMAIN, found, PlanPhase.READINESS),  # as in a whole plan
        *allow_the_gateway(DOMAIN, found, evaluation, BOTH, PlanPhase.READINESS),
    ]
    if any(isinstance(each, ManualStep) for each in steps):
        assert any(each.problem for each in evaluation.verdicts)
        return
    for change in steps:
        assert isinstance(change, Change)
        assert others_of(change.after) == others_of(change.before)
        found = spf_after(found, change)
    after = evaluate(found.servers[0].answer.values)
    assert outcome(gateway_may_send_for_the_domain(DOMAIN, GATEWAY, after, BOTH)) == "passed"
    assert allow_the_gateway(DOMAIN, found, after, BOTH, PlanPhase.READINESS) == []

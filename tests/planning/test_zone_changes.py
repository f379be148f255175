from __future__ import annotations

from dataclasses import replace

import pytest

from seppcheck.model.changes import Change, DnsImage, ManualStep, PlanPhase, System
from seppcheck.model.dns import DnsAnswer, DnsStatus, MxRecords
from seppcheck.model.text import text
from seppcheck.planning.zone_changes import lower_ttl, mend_zone, with_low_ttl, zone_obstacle
from tests.checks.evidence import NS1, NS1_IPV6, NS2, ZONE, answer, mx, mx_records, no, served, spf

OLD = "0 old.example.net."


@pytest.mark.parametrize(
    "records",
    [
        mx(answer(OLD), answer(OLD, ttl=7)),
        mx(answer(), answer()),
        mx_records(served(NS1, answer(OLD)), served(NS1_IPV6, no("timeout")), served(NS2, answer(OLD))),
        mx_records(served(NS1, answer(OLD)), served(NS1_IPV6, no("no-route"))),
    ],
)
def test_what_all_who_count_say_alike_may_be_written(records: MxRecords) -> None:
    assert zone_obstacle(records) is None


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (mx(answer(OLD), answer("1 new.example.net.")), "do not say the same of the MX records"),
        (mx(answer(OLD), answer()), "do not say the same"),
        (mx(answer(OLD), no("lame")), "not authoritative"),
        (mx(no("nxdomain"), answer(OLD)), "does not exist"),
        (mx(answer(OLD, aliases=("alias.example.net",))), "is an alias of alias.example.net"),
        (mx_records(), "no authoritative server"),
        (mx_records(served(NS1, answer(OLD)), zone=replace(ZONE, parent_status=DnsStatus.TIMEOUT)), "the parent of"),
    ],
)
def test_what_is_not_said_alike_by_all_must_not_be_overwritten(records: MxRecords, says: str) -> None:
    assert says in str(zone_obstacle(records))


def test_of_spf_the_whole_txt_rrset_counts() -> None:
    one = DnsAnswer(DnsStatus.ANSWER, ("v=spf1 -all",), 300, rdata=('"v=spf1 -all"',))
    other = replace(one, rdata=('"MS=ms1"', '"v=spf1 -all"'))
    assert zone_obstacle(spf(one, one)) is None
    assert "do not say the same of the TXT records" in str(zone_obstacle(spf(one, other)))


def test_a_zone_is_mended_by_people_who_then_plan_anew() -> None:
    step = mend_zone(mx(answer(OLD)), text("it is broken"), "dns-mx", PlanPhase.COMPLETION)
    said = "\n".join(map(str, step.steps))
    assert (step.system, step.needs, step.after) == (System.DNS, None, None)
    assert "it is broken" in said
    assert "`seppcheck verification --only dns-mx`" in said
    assert "`seppcheck plan completion`" in said


def test_a_ttl_is_only_ever_lowered() -> None:
    image = DnsImage("example.org", "MX", 300, (OLD,))
    assert [with_low_ttl(replace(image, ttl=ttl)).ttl for ttl in (0, 300, 301, 86400)] == [0, 300, 300, 300]


def test_the_highest_ttl_is_what_was_there_before() -> None:
    (change,) = lower_ttl(mx(answer(OLD, ttl=900), answer(OLD, ttl=60)), "dns-mx-ttl", PlanPhase.READINESS)
    assert isinstance(change, Change)
    assert change.before == DnsImage("example.org", "MX", 900, (OLD,))
    (step,) = lower_ttl(mx(answer(OLD), no("timeout")), "dns-mx-ttl", PlanPhase.READINESS)
    assert isinstance(step, ManualStep)


def test_answers_without_a_ttl_are_not_planned_upon() -> None:
    assert lower_ttl(mx(answer()), "dns-mx-ttl", PlanPhase.READINESS) == []

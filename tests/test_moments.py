"""When the MX record may move, until when the old one is remembered, when a changed rule acts; the clock is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from seppcheck.judgement.inline import RULE_DELAY
from seppcheck.model.evidence import Evidence, Provenance, Record, Unavailable
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.targets import Site, Target, Tenant
from seppcheck.model.text import text
from seppcheck.moments import moments_of
from tests.checks.evidence import (
    DOMAIN,
    GATEWAY,
    MICROSOFT,
    NAME,
    NOW,
    NS1,
    NS2,
    answer,
    history,
    mx,
    no,
    seen,
    served,
    spf,
)
from tests.checks.exchange_objects import inline_rule
from tests.checks.mail_flow import flow

TENANT = Tenant("example.onmicrosoft.com")
SITE = Site(GATEWAY, (DOMAIN,), TENANT)
HOUR = timedelta(hours=1)
AT_MICROSOFT = mx(answer(f"0 {MICROSOFT}."), answer(f"0 {MICROSOFT}."))
MOVED = mx(answer(f"10 {NAME}."), answer(f"10 {NAME}."))
SPF = spf(answer("v=spf1 -all"), answer("v=spf1 -all"))


def told(*content: Evidence | Unavailable, now: datetime = NOW.at, phase: Phase = Phase.CUTOVER) -> list[Moment]:
    records = [Record("kind", _target(each), Provenance("dns", NOW.at), each) for each in content]
    return list(moments_of(phase, SITE, records, now))


def _target(content: Evidence | Unavailable) -> Target:
    return TENANT if getattr(content, "target_type", None) is Tenant else DOMAIN


def at_microsoft(at: datetime, ttl: int = 300) -> SeenRun:
    servers = tuple(SeenServer(*server, ttl, (f"0 {MICROSOFT}.",)) for server in (NS1, NS2))
    return SeenRun(at, servers, servers)


def at_gateway(at: datetime) -> SeenRun:
    servers = tuple(SeenServer(*server, 300, (f"10 {NAME}.",)) for server in (NS1, NS2))
    return SeenRun(at, servers, servers)


@pytest.mark.parametrize(("later", "over"), [(19 * HOUR - timedelta(seconds=1), False), (19 * HOUR, True)])
def test_the_gate_opens_at_the_exact_second(later: timedelta, over: bool) -> None:
    past = history(seen(NOW.at - 9 * HOUR, 3600, 3600), seen(NOW.at - 5 * HOUR, 300, 300))
    (moment,) = told(AT_MICROSOFT, SPF, past, now=NOW.at + later)
    assert (moment.kind, moment.at, moment.over) == (MomentKind.MX_MAY_MOVE, NOW.at + 19 * HOUR, over)
    assert ("not before" in str(moment.summary)) is not over


def test_what_each_server_served_before_and_since_when_it_is_low_is_told() -> None:
    past = history(
        seen(NOW.at - 9 * HOUR, 3600, 86400),
        seen(NOW.at - 5 * HOUR, 300, 86400),
        seen(NOW.at - 4 * HOUR, 300, None),
        seen(NOW.at - 3 * HOUR, 300, 300),
    )
    (moment,) = told(AT_MICROSOFT, SPF, past)
    assert list(map(str, moment.details)) == [
        "MX, SPF: at most 300 s since 2026-11-24 03:00 UTC, 3600 s before, at ns1.example.org (192.0.2.1)",
        "MX, SPF: at most 300 s since 2026-11-24 05:00 UTC, 86400 s before, at ns2.example.org (192.0.2.2)",
    ]


def test_a_high_ttl_has_no_time_yet() -> None:
    high = mx(answer(f"0 {MICROSOFT}.", ttl=3600), answer(f"0 {MICROSOFT}."))
    (moment,) = told(high, SPF, history(), phase=Phase.READINESS)
    assert (moment.at, moment.over) == (None, False)
    assert "MX: a TTL of 3600 s at ns1.example.org (192.0.2.1)" in map(str, moment.details)
    assert "24 h after the first run" in str(moment.summary)


def test_without_an_earlier_run_it_counts_from_this_one() -> None:
    (moment,) = told(AT_MICROSOFT, SPF, history(), phase=Phase.READINESS)
    assert (moment.at, moment.over) == (NOW.at + 24 * HOUR, False)


@pytest.mark.parametrize("missing", range(3))
def test_what_could_not_be_looked_at_has_no_moment(missing: int) -> None:
    evidence: list[Evidence | Unavailable] = [AT_MICROSOFT, SPF, history()]
    evidence[missing] = Unavailable(Reason.TIMEOUT, text("silent"))
    assert told(*evidence) == []


def test_a_silent_server_does_not_begin_the_time() -> None:
    (moment,) = told(mx(answer(f"0 {MICROSOFT}."), no("timeout")), SPF, history())
    assert (moment.at, moment.over) == (None, False)


@pytest.mark.parametrize(("later", "over"), [(3599, False), (3600, True)])
def test_the_old_mx_is_remembered_for_as_long_as_its_ttl_was(later: int, over: bool) -> None:
    past = history(at_microsoft(NOW.at - HOUR, ttl=3600), at_gateway(NOW.at))
    (moment,) = told(MOVED, SPF, past, now=NOW.at + timedelta(seconds=later))
    assert (moment.kind, moment.at, moment.over) == (MomentKind.OLD_MX_GONE, NOW.at + HOUR, over)


def test_a_resolver_that_still_has_the_old_mx_is_named() -> None:
    stale = replace(MOVED, resolvers=(served(("resolver", "192.0.2.53"), answer(f"0 {MICROSOFT}.", ttl=117)),))
    (moment,) = told(stale, SPF, history(at_microsoft(NOW.at - HOUR)))
    assert [str(detail) for detail in moment.details] == [
        f"the resolver resolver (192.0.2.53) still has {MICROSOFT}, for 117 s"
    ]


@pytest.mark.parametrize("phase", [Phase.VERIFICATION, Phase.DRIFT])
def test_long_after_the_move_nothing_is_told_of_it(phase: Phase) -> None:
    past = history(at_microsoft(NOW.at - 48 * HOUR), at_gateway(NOW.at - 47 * HOUR))
    assert told(MOVED, SPF, past, phase=phase) == []
    assert told(MOVED, SPF, history(), phase=phase) == [], "nobody saw it move: this run is not when it did"


def test_soon_after_the_move_verification_tells_it_too() -> None:
    past = history(at_microsoft(NOW.at - HOUR, ttl=7200), at_gateway(NOW.at))
    (moment,) = told(MOVED, past, phase=Phase.VERIFICATION)
    assert moment.at == NOW.at + 2 * HOUR


@pytest.mark.parametrize(("minutes", "settled"), [(5, False), (29, False), (30, True), (600, True)])
def test_a_changed_rule_is_provisional_for_half_an_hour(minutes: int, settled: bool) -> None:
    changed = NOW.at - timedelta(minutes=minutes)
    rule = inline_rule()
    entry = ExchangeObject({**rule.properties, "WhenChanged": f"{changed:%Y-%m-%dT%H:%M:%SZ}"})
    moments = told(flow(rules=[entry]))
    assert [(moment.kind, moment.at) for moment in moments] == (
        [] if settled else [(MomentKind.RULE_SETTLED, changed + RULE_DELAY)]
    )


def test_a_history_of_another_domain_is_not_taken_for_its_own() -> None:
    other = RunHistory("example.net", (seen(NOW.at - 30 * HOUR, 300, 300),))
    records = [
        Record("mx-records", DOMAIN, Provenance("dns", NOW.at), AT_MICROSOFT),
        Record("spf-records", DOMAIN, Provenance("dns", NOW.at), SPF),
        Record("run-history", replace(DOMAIN, name="example.net"), Provenance("history", NOW.at), other),
    ]
    assert moments_of(Phase.CUTOVER, SITE, records, NOW.at) == ()

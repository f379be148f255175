"""Evidence that is too old for a phase is expired, however it came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seppcheck.engine.gather import argument_of, key_of
from seppcheck.model.ages import MAX_AGE
from seppcheck.model.checks import Wanted
from seppcheck.model.evidence import Each, Evidence, Now, Provenance, Record, Unavailable
from seppcheck.model.exchange import TransportRules
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.targets import Gateway, Site, Tenant

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = Site(Gateway("gw.example"), tenant=Tenant("x.onmicrosoft.com"))


def asked_for(evidence: Evidence, phase: Phase, *, each: bool = False) -> object:
    key = key_of(evidence.kind, SITE.tenant)
    record = Record(evidence.kind, SITE.tenant, Provenance("tests", NOON), evidence)
    wanted = Wanted("it", type(evidence), or_unavailable=False, each=each)
    return argument_of(wanted, SITE.tenant, SITE, phase, Now(NOON), {key: record})


@pytest.mark.parametrize("phase", list(Phase))
def test_an_export_counts_to_the_second_in_each_phase(phase: Phase) -> None:
    just = TransportRules((), "export", NOON - MAX_AGE[phase])
    old = TransportRules((), "export", NOON - MAX_AGE[phase] - timedelta(seconds=1))
    assert asked_for(just, phase) is just
    found = asked_for(old, phase)
    assert isinstance(found, Unavailable)
    assert (found.reason, found.asked) == (Reason.EXPIRED, "export")


def test_an_export_counts_a_week_in_readiness_a_day_in_verification_and_an_hour_in_cutover() -> None:
    assert {phase.value: limit.total_seconds() / 3600 for phase, limit in MAX_AGE.items()} == {
        "readiness": 168,
        "cutover": 1,
        "verification": 24,
        "drift": 24,
    }


def test_what_was_made_of_an_export_is_as_old_as_it() -> None:
    flow = MailFlow((), (), (), "export", NOON - timedelta(hours=2))
    assert asked_for(flow, Phase.READINESS) is flow
    assert isinstance(asked_for(flow, Phase.CUTOVER), Unavailable)


def test_it_is_expired_among_others_as_well() -> None:
    found = asked_for(TransportRules((), "export", NOON - timedelta(days=8)), Phase.READINESS, each=True)
    assert isinstance(found, Each)
    assert [why.reason for _, why in found.missing] == [Reason.EXPIRED]

from __future__ import annotations

from datetime import timedelta

import pytest

from seppcheck.engine.rhythm import LEAST, USUAL, Rhythm, pace_of
from seppcheck.model.sources import Source
from seppcheck.model.watching import Pace
from seppcheck.plugins import load

SECONDS = {
    "mx-records": 20,
    "spf-records": 60,
    "gateway-addresses": 60,
    "smtp-greeting": 60,
    "gateway-api": 60,
    "mta-sts-policy": 300,
    "spf-evaluation": 300,
    "mail-samples": 300,
    "transport-rules": 300,
    "inbound-connectors": 300,
    "mail-flow": 300,
    "gateway-record": None,
    "delivery-hold": None,
    "run-history": None,
}


def source_of(kind: str) -> Source:
    return next(source for known, source in load(()).sources.items() if known.kind == kind)


@pytest.mark.parametrize(("kind", "seconds"), SECONDS.items())
def test_what_can_change_tonight_is_looked_at_often_and_other_peoples_servers_rarely(
    kind: str, seconds: int | None
) -> None:
    assert Rhythm()(source_of(kind)) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_slower_interval_slows_everything_that_would_be_quicker() -> None:
    slow = Rhythm(timedelta(minutes=2))
    assert slow(source_of("smtp-greeting")) == timedelta(minutes=2)
    assert slow(source_of("transport-rules")) == timedelta(minutes=5)


def test_nothing_is_quicker_than_what_is_polite() -> None:
    assert LEAST <= USUAL <= min(filter(None, map(Rhythm(), load(()).sources.values())))


def test_every_bundled_source_has_a_pace_of_its_own_kind() -> None:
    assert Pace.OTHER not in {pace_of(source) for source in load(()).sources.values()}

"""Until when resolvers may hold the old MX record: never a second too early, whatever runs are on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from seppcheck.judgement.inline import settling
from seppcheck.model.history import SeenRun, SeenServer
from tests.checks.evidence import MICROSOFT, NAME, NOW, NS1, NS2, answer, history, mx, no

MOVED = mx(answer(f"10 {NAME}."), answer(f"10 {NAME}."))
AT = NOW.at


def ago(**time: float) -> datetime:
    return AT - timedelta(**time)


def run(at: datetime, *hosts: str, ttl: int = 300) -> SeenRun:
    """One recorded run: what each server named; "" = it was silent."""
    return SeenRun(
        at,
        tuple(
            SeenServer(*server, ttl, (f"10 {host}.",)) if host else SeenServer(*server, None, (), "timeout")
            for server, host in zip((NS1, NS2), hosts, strict=False)
        ),
    )


def old(at: datetime, ttl: int = 300) -> SeenRun:
    return run(at, MICROSOFT, MICROSOFT, ttl=ttl)


def new(at: datetime) -> SeenRun:
    return run(at, NAME, NAME)


CASES = {
    "nothing on record: it counts from this run": ((), AT + timedelta(seconds=300)),
    "a second run after the move, and none before": ((new(ago(seconds=20)),), AT + timedelta(seconds=280)),
    "it has been so for long": ((new(ago(days=9)), new(ago(days=1))), ago(days=9) + timedelta(seconds=300)),
    "the old TTL": ((old(ago(hours=2), 3600), new(ago(minutes=1))), ago(minutes=1) + timedelta(hours=1)),
    "the TTL was lowered a minute before the move": (
        (old(ago(minutes=7), 86400), old(ago(minutes=6)), new(ago(minutes=5))),
        ago(minutes=6) + timedelta(days=1),
    ),
    "the TTL was lowered in time": (
        (old(ago(days=3), 86400), old(ago(days=2)), new(ago(minutes=1))),
        ago(minutes=1) + timedelta(seconds=300),
    ),
    "a server was silent in the first run after the move": (
        (old(ago(minutes=20)), run(ago(minutes=6), NAME, "")),
        AT + timedelta(seconds=300),
    ),
    "a server was silent between two runs after the move": (
        (old(ago(hours=2)), new(ago(hours=1)), run(ago(minutes=6), NAME, ""), new(ago(minutes=1))),
        ago(hours=1) + timedelta(seconds=300),
    ),
    "one server lagged": (
        (old(ago(hours=2)), run(ago(minutes=9), NAME, MICROSOFT, ttl=600), new(ago(minutes=1))),
        ago(minutes=1) + timedelta(seconds=600),
    ),
    "it went back and came again": (
        (old(ago(days=3)), new(ago(days=2)), old(ago(hours=1), 3600), new(ago(minutes=1))),
        ago(minutes=1) + timedelta(hours=1),
    ),
    "a run of a fast clock": ((old(AT + timedelta(hours=5), 600),), AT + timedelta(seconds=600)),
}


@pytest.mark.parametrize(("runs", "at"), CASES.values(), ids=CASES)
def test_until_when_the_old_record_may_be_remembered(runs: tuple[SeenRun, ...], at: datetime) -> None:
    found = settling(MOVED, history(*runs), (NAME,), AT)
    assert found.at == at
    assert [found.over(at - timedelta(seconds=1)), found.over(at)] == [False, True]


def test_it_is_not_over_while_a_server_is_silent_that_was_never_heard_with_the_new_record() -> None:
    half = mx(answer(f"10 {NAME}."), no("timeout"))
    assert not settling(half, history(old(ago(days=1))), (NAME,), AT).over(AT)


def test_what_has_not_moved_has_no_end() -> None:
    assert settling(mx(answer(f"0 {MICROSOFT}.")), history(), (NAME,), AT).at is None

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.api import Domain, Gateway, Reason, Session, Unavailable, source, text
from seppcheck.engine.gather import Gatherer
from seppcheck.engine.memory import Memory
from seppcheck.model.checks import MARK
from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.model.evidence import Evidence, Provenance, Record
from seppcheck.model.sources import Source
from tests.engine.conftest import NOON, SITE, Age, Colour, case_of, domain_has_an_age

QUICK, SLOW = timedelta(seconds=20), timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Seen(Evidence):
    answer: DnsAnswer


class World:
    """A registry of ages that builds upon a colour; both count how often they are asked."""

    def __init__(self, rhythms: dict[str, timedelta | None] | None = None) -> None:
        self.now = NOON
        self.colour: Colour | Unavailable = Colour("green")
        self.asked: dict[str, list[datetime]] = {"age": [], "colour": []}
        given_rhythms = rhythms or {"ages": SLOW, "colours": QUICK}
        self.memory = Memory(lambda found: given_rhythms[found.name], NOON)
        self.sources = self._sources()

    def _sources(self) -> dict[type[Evidence], Source]:
        @source("ages")
        async def age(domain: Domain, colour: Colour | Unavailable) -> Age | Unavailable:
            del colour
            if domain.name == "one.example":
                self.asked["age"].append(self.now)
            return Age(len(domain.name))

        @source("colours")
        async def colour(gateway: Gateway) -> Colour | Unavailable:
            del gateway
            self.asked["colour"].append(self.now)
            return self.colour

        return {Age: getattr(age, MARK), Colour: getattr(colour, MARK)}

    def round(self, now: datetime) -> tuple[Record, ...]:
        self.now = now
        self.memory.begin(now)
        session = Session(None, lambda: now, 5.0)
        gatherer = Gatherer(self.sources, SITE, session, {}, lambda _: True, self.memory)
        records = asyncio.run(gatherer.gather([case_of(domain_has_an_age)], 5.0, lambda done, total: None))
        self.memory.end()
        return records


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_source_is_asked_again_when_its_time_has_come_and_not_before() -> None:
    world = World()
    for seconds in (0, 19, 20, 39, 40):
        world.round(after(seconds))
    assert world.asked["colour"] == [after(0), after(20), after(40)]
    assert world.asked["age"] == [after(0)]


def test_what_was_not_asked_again_keeps_the_time_at_which_it_was_seen() -> None:
    world = World()
    world.round(after(0))
    (age,) = [record for record in world.round(after(30)) if record.kind == "tests-age"]
    assert age.provenance == Provenance("ages", NOON, "the registry")


def test_a_source_is_asked_again_when_what_it_builds_upon_has_changed() -> None:
    world = World()
    world.round(after(0))
    world.colour = Colour("red")
    world.round(after(20))
    world.round(after(40))
    assert world.asked["age"] == [after(0), after(20)]


def test_a_ttl_that_runs_down_is_no_change() -> None:
    memory = Memory(lambda _: SLOW, NOON)
    ages = World().sources[Age]
    record = Record("tests-age", SITE.domains[0], Provenance("ages", NOON), Age(3))

    def arguments(ttl: int, value: str) -> dict[str, object]:
        return {"answer": Unavailable(Reason.TIMEOUT, text(value)), "seen": Seen(DnsAnswer(DnsStatus.ANSWER, ttl=ttl))}

    memory.ask(ages, SITE.domains[0], arguments(300, "a"))
    memory.keep(ages, SITE.domains[0], (record,))
    assert memory.recall(ages, SITE.domains[0], arguments(17, "a")) == (record,)
    assert memory.recall(ages, SITE.domains[0], arguments(300, "b")) is None


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (Unavailable(Reason.TIMEOUT, text("silent")), [0, 20, 40, 60, 80, 100, 120, 140, 160]),
        (Unavailable(Reason.THROTTLED, text("later")), [0, 20, 60, 140]),
    ],
)
def test_a_failure_is_an_attempt_and_who_asks_to_wait_is_left_alone_longer(
    answer: Unavailable, asked: Sequence[int]
) -> None:
    world = World()
    world.colour = answer
    for seconds in range(0, 161, 5):
        world.round(after(seconds))
    assert world.asked["colour"] == [after(seconds) for seconds in asked]


def test_a_source_that_was_cut_off_by_the_deadline_is_not_asked_at_once_again() -> None:
    calls = []

    @source("ages")
    async def endless(domain: Domain) -> Age | Unavailable:
        calls.append(domain.name)
        await asyncio.sleep(60)
        return Age(1)

    world = World()
    world.sources[Age] = getattr(endless, MARK)
    for seconds in (0, 20):
        world.memory.begin(after(seconds))
        gatherer = Gatherer(world.sources, SITE, Session(None, lambda: NOON, 5.0), {}, lambda _: True, world.memory)
        records = asyncio.run(gatherer.gather([case_of(domain_has_an_age)], 0.01, lambda done, total: None))
        (age,) = [record.content for record in records if record.kind == "tests-age"]
        assert isinstance(age, Unavailable)
        assert age.reason is Reason.TIMEOUT
    assert calls == ["one.example"]


def test_what_is_on_this_machine_is_looked_at_in_every_round() -> None:
    world = World({"ages": None, "colours": QUICK})
    for seconds in (0, 1, 2):
        world.round(after(seconds))
    assert len(world.asked["age"]) == 3
    assert world.memory.next_due() == after(20)


def test_a_clock_that_was_set_back_makes_everything_due() -> None:
    world = World()
    world.round(after(0))
    world.round(after(-7200))
    assert len(world.asked["age"]) == 2


def test_what_is_forgotten_is_asked_at_once() -> None:
    world = World()
    world.round(after(0))
    world.memory.forget({"ages"})
    world.round(after(1))
    assert (len(world.asked["age"]), len(world.asked["colour"])) == (2, 1)


def test_what_was_due_and_could_not_be_asked_makes_nothing_due() -> None:
    world = World()
    world.round(after(0))
    world.memory.begin(after(600))
    world.memory.end()
    assert world.memory.next_due() is None


steps = st.lists(st.integers(min_value=1, max_value=400), min_size=1, max_size=25)
answers: st.SearchStrategy[Callable[[], Colour | Unavailable]] = st.sampled_from(
    [
        lambda: Colour("green"),
        lambda: Unavailable(Reason.TIMEOUT, text("silent")),
        lambda: Unavailable(Reason.THROTTLED, text("later")),
    ]
)


@given(steps, st.lists(answers, min_size=1, max_size=5))
def test_nobody_is_asked_more_often_than_its_rhythm_and_nothing_older_than_it_is_taken_for_fresh(
    pauses: list[int], said: list[Callable[[], Colour | Unavailable]]
) -> None:
    world, now = World(), NOON
    for number, pause in enumerate(pauses):
        now += timedelta(seconds=pause)
        world.colour = said[number % len(said)]()
        for record in world.round(now):
            if record.kind == "tests-colour" and not isinstance(record.content, Unavailable):
                assert now - record.provenance.collected_at < QUICK
    asked = world.asked["colour"]
    assert all(later - earlier >= QUICK for earlier, later in pairwise(asked))

"""A small world of plugins of the tests' own: kinds, sources, checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from seppcheck.engine.gather import Gatherer
from seppcheck.engine.plan import Case
from seppcheck.model.checks import MARK, Check, check
from seppcheck.model.evidence import Evidence, Record, evidence
from seppcheck.model.outcomes import Severity
from seppcheck.model.results import Passed, Result
from seppcheck.model.sources import Session, Source
from seppcheck.model.targets import Domain, Gateway, Site

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = Site(Gateway("gw.example"), (Domain("one.example"), Domain("two.example")))


@evidence("tests-age", target=Domain)
@dataclass(frozen=True, slots=True)
class Age(Evidence):
    years: int

    @property
    def asked(self) -> str:
        return "the registry"


@evidence("tests-colour", target=Gateway)
@dataclass(frozen=True, slots=True)
class Colour(Evidence):
    name: str


@check("tests-age", requirements=["P1"], severity=Severity.HIGH)
def domain_has_an_age(domain: Domain, age: Age, colour: Colour) -> Result:
    """A domain has an age.

    It is good to know.

    To mend:
    - Wait a year.
    """
    return Passed("{domain} is {years} years old", domain=domain.name, years=age.years, subject=colour.name)


@pytest.fixture
def case() -> Case:
    return case_of(domain_has_an_age)


def case_of(function: Callable[..., Result], target: Gateway | Domain = SITE.domains[0]) -> Case:
    marked: Check = getattr(function, MARK)
    return Case(marked, target)


def gatherer_of(
    *functions: Callable[..., object], known: dict[tuple[str, str, str], Record] | None = None, offline: bool = False
) -> Gatherer:
    sources: dict[type[Evidence], Source] = {}
    for function in functions:
        marked: Source = getattr(function, MARK)
        sources |= dict.fromkeys(marked.provides, marked)
    session = Session(None, lambda: NOON, 5.0)
    return Gatherer(sources, SITE, session, known or {}, lambda _: not offline)

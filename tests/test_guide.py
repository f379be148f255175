"""The guide's numbers: all of them, in their order, and due when their checks say so."""

from __future__ import annotations

import re

import pytest

from seppcheck.guide import load_guide
from seppcheck.model.checks import Check
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.plugins import bundled, load

NUMBERS = [
    *("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"),
    *("A1", "A2", "B1", "B2", "B3", "C1"),
    *("O1", "O2", "O3", "O4", "O5", "O6"),
    *("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12"),
    *("I1", "I2", "I3", "I4", "S1", "D1", "T1", "K1", "K2"),
]

TWO_HALVES = {"delivery-hold": {"A2", "D1"}}
"""One check that answers a number in one phase and its opposite in the next."""


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(bundled("checks"))


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    return load(sources=False).checks


def test_every_number_of_the_guide_is_there_in_order(guide: Guide) -> None:
    assert [number.id for number in guide.numbers] == NUMBERS


def test_every_number_that_a_check_claims_is_one_of_the_guide(guide: Guide, checks: dict[str, Check]) -> None:
    known = {number.id for number in guide.numbers}
    assert not [(check.id, n) for check in checks.values() for n in check.requirements if n not in known]


def test_a_number_is_due_as_soon_as_its_check_may_fail(guide: Guide, checks: dict[str, Check]) -> None:
    for check in checks.values():
        first = next((p for p, cap in check.phases.items() if cap is Outcome.FAILED), min(check.phases, key=order))
        for number in guide.numbers:
            if number.id in set(check.requirements) - TWO_HALVES.get(check.id, set()):
                assert number.due is first, (check.id, number.id)


def test_a_number_is_past_when_its_check_no_longer_runs(guide: Guide, checks: dict[str, Check]) -> None:
    for check in checks.values():
        last = max(check.phases, key=order)
        for number in guide.numbers:
            if number.id in set(check.requirements) - TWO_HALVES.get(check.id, set()):
                assert order(number.until) >= order(last), (check.id, number.id)


def order(phase: Phase) -> int:
    return list(Phase).index(phase)


@pytest.mark.parametrize(
    ("number", "states"),
    [
        ("P1", ["due", "due", "due", "due"]),
        ("P2", ["due", "due", "past", "past"]),
        ("C1", ["early", "due", "due", "due"]),
        ("A2", ["early", "due", "past", "past"]),
        ("D1", ["early", "early", "due", "due"]),
        ("O5", ["early", "due", "due", "due"]),
    ],
)
def test_each_phase_asks_for_its_own_numbers(guide: Guide, number: str, states: list[str]) -> None:
    (found,) = (n for n in guide.numbers if n.id == number)
    assert [found.when(phase) for phase in Phase] == states


def test_checks_are_ordered_by_the_guide_and_advice_comes_last(guide: Guide) -> None:
    order = [guide.position(numbers) for numbers in (["P1"], ["P4", "P2"], ["C1"], ["K2"], [])]
    assert order == [0, 1, 13, 40, 41]


def test_every_number_stands_in_a_chapter_with_the_guides_own_heading(guide: Guide) -> None:
    headings = {number.id: chapter.original for chapter in guide.chapters for number in chapter.numbers}
    assert headings["P1"] == "Vorarbeiten"
    assert headings["D1"] == "Abschluss der Arbeiten"
    chapter = guide.chapter_of("S1")
    assert chapter is not None
    assert str(chapter.title) == "Certificate of the managed domain"
    assert guide.chapter_of("X9") is None


@pytest.mark.parametrize("phase", list(Phase))
def test_every_number_is_verified_by_a_check_in_every_phase_in_which_it_is_due(
    guide: Guide, checks: dict[str, Check], phase: Phase
) -> None:
    verified = {n for check in checks.values() if phase in check.phases for n in check.numbers(phase)}

    assert [n.id for n in guide.numbers if n.when(phase) == "due" and n.id not in verified] == []


def test_every_part_of_a_number_that_several_checks_answer_is_there(guide: Guide, checks: dict[str, Check]) -> None:
    assert [part for n in guide.numbers for part in n.parts if part not in checks] == []


def test_every_number_says_what_the_guide_wants_and_gateway_settings_say_where(guide: Guide) -> None:
    assert [number.id for number in guide.numbers if number.step is None] == []
    on_the_gateway = {number.id for number in guide.numbers if number.menu is not None}
    assert on_the_gateway == {"P3", "P4", "P5", "P6", "P7", "P8", "A1", "A2", "S1", "D1", "K1", "K2"}


def test_every_departure_from_the_guide_is_told(guide: Guide) -> None:
    assert {number.id for number in guide.numbers if number.departure is not None} >= {"B1", "B2", "B3", "I2", "O5"}


def test_a_number_rests_on_numbers_of_the_guide(guide: Guide) -> None:
    assert {each for number in guide.numbers for each in number.rests_on} <= set(NUMBERS)


def test_what_is_said_at_each_number_has_no_field_that_nobody_fills(guide: Guide) -> None:
    known = {"gateway", "addresses", "domains", "customers", "tenant", "outbound", "inbound", "rule"}
    for number in guide.numbers:
        for message in (number.step, number.menu, number.departure):
            assert set(re.findall(r"\{(\w+)\}", message.template if message else "")) <= known, number.id

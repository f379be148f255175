from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from seppcheck.model.changes import DnsImage, Image
from seppcheck.reports.plan_sections import (
    Instruction,
    count_of,
    instructions_of,
    moments_of,
    next_steps,
    sections_of,
    unseen_by_reason,
    way_back,
)
from seppcheck.reports.plan_words import duration
from tests.reports.plans import (
    NEW_MX,
    NOW,
    OLD_MX,
    by_hand,
    change,
    completion_plan,
    cutover_plan,
    hold,
    plan_of,
    wait,
)


def test_changes_stand_under_the_milestone_that_they_reach_or_follow() -> None:
    told = [(str(section.title), [change.id for change in section.changes]) for section in sections_of(cutover_plan())]
    assert told == [
        ("Preparations", ["1", "2"]),
        ("Mail is held back", ["3"]),
        ("The connectors are there", ["4", "5", "6"]),
        ("The inline rule works", ["7"]),
        ("The parallel rules rest", ["8"]),
        ("MX points at the gateway", ["9"]),
        ("Everybody sees the new MX", ["10"]),
        ("Mail comes in through the gateway alone", ["11", "12"]),
    ]


def test_what_is_cleared_up_stands_behind_the_proof() -> None:
    told = [
        (str(section.title), [change.id for change in section.changes]) for section in sections_of(completion_plan())
    ]
    assert told == [("Mail flows again", ["1", "2"]), ("What was kept for the way back goes", ["3"])]


def test_what_stands_between_two_proofs_is_not_cleared_up_yet() -> None:
    proofs = (by_hand(number, proof=number in "13") for number in "1234")
    told = [
        (str(section.title), [change.id for change in section.changes]) for section in sections_of(plan_of(*proofs))
    ]
    assert told == [("Preparations", ["1", "2", "3"]), ("What was kept for the way back goes", ["4"])]


@pytest.mark.parametrize(
    ("steps", "image", "told"),
    [
        (("Click Save.",), None, [Instruction("Click Save.")]),
        (("Enter these lines:\na;\n  b;\n",), None, [Instruction("Enter these lines:", "a;\n  b;")]),
        (("Enter:\r\na\r\nb",), None, [Instruction("Enter:", "a\nb")]),
        (("Enter: true", "Save: x"), hold("true"), [Instruction("Enter:", "true"), Instruction("Save: x")]),
        (("Enter: untrue",), hold("true"), [Instruction("Enter: untrue")]),
        (("Empty the field: ",), hold(""), [Instruction("Empty the field: ")]),
        (
            ("Replace them:", "example.org. 300 IN MX 10 secure.example.org.", "Look again."),
            NEW_MX,
            [Instruction("Replace them:", "example.org. 300 IN MX 10 secure.example.org."), Instruction("Look again.")],
        ),
        (
            ("Replace:", "a. 1 IN MX 1 b.", "a. 1 IN MX 2 c."),
            DnsImage("a", "MX", 1, ("1 b.", "2 c.")),
            [Instruction("Replace:", "a. 1 IN MX 1 b.\na. 1 IN MX 2 c.")],
        ),
    ],
)
def test_what_is_to_be_copied_stands_apart(
    steps: tuple[str, ...], image: Image | None, told: list[Instruction]
) -> None:
    assert list(instructions_of(steps, image)) == told


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (wait("1", until=NOW), ["It is over on 2026-11-24 08:00 UTC."]),
        (wait("1", seconds=7200), ["It lasts 2 hours, once everything before it is done."]),
        (by_hand("1", until=NOW), ["Not before 2026-11-24 08:00 UTC."]),
        (change("1", OLD_MX, NEW_MX, seconds=300), ["Others may see for 5 minutes what was there before."]),
        (change("1", OLD_MX, NEW_MX), []),
    ],
)
def test_moments_are_told_in_words(one: object, told: list[str]) -> None:
    assert [str(message) for message in moments_of(one)] == told  # type: ignore[arg-type]  # parametrize has no types


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 seconds"),
        (90, "90 seconds"),
        (120, "2 minutes"),
        (3600, "60 minutes"),
        (7200, "2 hours"),
        (86400, "24 hours"),
    ],
)
def test_a_duration_is_exact_and_short(seconds: int, told: str) -> None:
    assert str(duration(seconds)) == told


def test_the_way_back_is_told_in_a_word() -> None:
    assert str(way_back(change("1", OLD_MX, NEW_MX))) == "Undo: automatic."
    assert str(way_back(by_hand("1"))) == "Undo: by hand."
    assert str(way_back(change("1", OLD_MX, NEW_MX, inverse=None))) == "Undo: not possible."
    assert way_back(wait("1")) is None
    assert way_back(by_hand("1", proof=True)) is None


def test_the_count_says_who_does_how_much() -> None:
    assert str(count_of(cutover_plan())) == "Steps: 12 (9 automatic, 1 by hand, 2 to wait for)"
    assert str(count_of(plan_of())) == "There is nothing to do."
    assert str(count_of(plan_of(unseen=cutover_plan().unseen))) == "Nothing is planned yet."


def test_the_next_command_is_named() -> None:
    assert [str(message) for message in next_steps(replace(cutover_plan(), unseen=()), Path("p.json"))] == [
        "Once it is reviewed: `seppcheck apply p.json`"
    ]
    assert [str(message) for message in next_steps(replace(cutover_plan(), unseen=()), None)] == [
        "To keep it for the review: `seppcheck plan cutover --out PLAN`",
        "Once it is reviewed: `seppcheck apply PLAN`",
    ]
    assert not list(next_steps(plan_of(), None))


def test_what_could_not_be_looked_at_is_grouped_with_what_to_do() -> None:
    told = [(str(advice), [each.check for each in unseen]) for advice, unseen in unseen_by_reason(cutover_plan())]
    assert told[0][0].startswith("No answer in time. Run again")
    assert told == [(told[0][0], ["dns-ptr"]), ("Another reason: of-a-plugin", ["other"])]


def test_a_plan_of_tomorrow_is_the_same() -> None:
    assert sections_of(cutover_plan()) == sections_of(cutover_plan(judged_at=NOW + timedelta(days=1)))

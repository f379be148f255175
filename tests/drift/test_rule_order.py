"""A new order is told by the fewest rules that moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.drift.rule_order import Move, moves


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("abc", "abc", ()),
        ("", "", ()),
        ("abcd", "dabc", (Move("d", ("a", "b", "c"), ()),)),
        ("abcd", "bcda", (Move("a", (), ("b", "c", "d")),)),
    ],
)
def test_one_that_moved_is_told_and_not_all_that_gave_way(before: str, after: str, told: tuple[Move, ...]) -> None:
    assert moves(before, after) == told


@given(st.permutations("abcdef"))
def test_without_those_that_moved_the_order_is_as_it_was(after: list[str]) -> None:
    moved = {move.name for move in moves("abcdef", after)}
    assert [name for name in after if name not in moved] == [name for name in "abcdef" if name not in moved]
    assert bool(moved) == (after != list("abcdef"))
    for move in moves("abcdef", after):
        assert all(after.index(move.name) < after.index(name) for name in move.now_before)
        assert all(after.index(name) < after.index(move.name) for name in move.now_behind)

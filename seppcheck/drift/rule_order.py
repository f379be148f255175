"""Which of some objects changed their place among the others: the fewest that explain the new order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One object that moved, and which it is now before, or behind, that it was not before."""

    name: str
    now_before: tuple[str, ...]
    now_behind: tuple[str, ...]


def moves(before: Sequence[str], after: Sequence[str]) -> tuple[Move, ...]:
    """Return what moved between two orders of the same objects; what keeps its place among the others did not.

    Args:
        before: the objects in their old order.
        after: the same objects in their new order.
    """
    old = {name: place for place, name in enumerate(before)}
    new = {name: place for place, name in enumerate(after)}
    staying = _longest_rise([old[name] for name in after])
    stayed = {after[place] for place in staying}
    return tuple(_move(name, old, new) for name in after if name not in stayed)


def _move(name: str, old: Mapping[str, int], new: Mapping[str, int]) -> Move:
    crossed = [each for each in new if (old[each] < old[name]) != (new[each] < new[name]) and each != name]
    return Move(
        name,
        tuple(each for each in crossed if new[name] < new[each]),
        tuple(each for each in crossed if new[each] < new[name]),
    )


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest rising subsequence (patience sorting, O(n log n))."""
    tops: list[int] = []
    places: list[int] = []
    parents: list[int | None] = []
    for place, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        parents.append(places[pile - 1] if pile else None)
        if pile == len(tops):
            tops.append(number)
            places.append(place)
        else:
            tops[pile], places[pile] = number, place
    rise: list[int] = []
    at = places[-1] if places else None
    while at is not None:
        rise.append(at)
        at = parents[at]
    return rise[::-1]

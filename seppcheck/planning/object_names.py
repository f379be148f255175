"""Names for new and renamed objects of Exchange: unique without case over all of their sort, and not too long."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count

from seppcheck.model.exchange import ExchangeObject

_INLINE = "INLINE"
_LONGEST = 64
"""Characters that Exchange lets a name have."""


def names_of(objects: Iterable[ExchangeObject]) -> set[str]:
    """Return the names of objects in the form in which Exchange compares them."""
    return {each.name.strip().lower() for each in objects}


def free_names(configured: Collection[str], usual: str, taken: Collection[str], number: int) -> tuple[str, ...]:
    """Return names that nobody has: the configuration's, where it names any, else the usual one and variants of it.

    Args:
        configured: the names of the settings; fewer than `number` may be free.
        usual: the guide's name.
        taken: the names of all objects of the sort, see `names_of`.
        number: how many are wanted.
    """
    if configured:
        free = [name for name in dict.fromkeys(configured) if name.strip().lower() not in taken]
        return tuple(free[:number])
    found: list[str] = [] if usual.lower() in taken else [usual]
    while len(found) < number:
        found.append(_marked(usual, _INLINE, {*taken, *(name.lower() for name in found)}))
    return tuple(found[:number])


def renamed(name: str, mark: str, objects: Iterable[ExchangeObject]) -> str:
    """Return a name with a mark in brackets behind it that no object has, shortened where it would be too long."""
    return _marked(name, mark, names_of(objects))


def _marked(name: str, mark: str, taken: Collection[str]) -> str:
    for number in count(1):
        suffix = f" ({mark})" if number == 1 else f" ({mark} {number})"
        found = name.strip()[: _LONGEST - len(suffix)].rstrip() + suffix
        if found.lower() not in taken:
            return found
    raise AssertionError("count does not end")

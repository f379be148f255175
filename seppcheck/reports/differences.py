"""Where two long texts differ, so that nobody has to search for it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from seppcheck.reports.encoders import Html, element, for_html, join

_SHORT = 24
"""Texts below this length are compared by eye."""
_FEWEST = 2
"""Parts below which nothing is worth marking."""
_ALIKE = 4
"""Texts of which less than one part in so many is the same are told apart without marks."""
_MOST = 300
"""Words that are compared at most; the work grows with their square."""


def marked(expected: str, observed: str) -> tuple[Html, Html]:
    """Return both texts as markup, with the words that differ in `<mark>`.

    Short texts, very long ones, and such that have nothing in common are returned as they are.
    """
    one, other = re.findall(r"\s+|[^\s]+", expected), re.findall(r"\s+|[^\s]+", observed)
    if (
        max(len(expected), len(observed)) < _SHORT
        or not _FEWEST < min(len(one), len(other)) <= max(len(one), len(other)) < _MOST
    ):
        return for_html(expected), for_html(observed)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    steps = matcher.get_opcodes()
    if sum(len("".join(one[a:b]).strip()) for tag, a, b, *_ in steps if tag == "equal") * _ALIKE < len(expected):
        return for_html(expected), for_html(observed)
    left = join(*(_part(one[a:b], same=tag == "equal") for tag, a, b, _, _ in steps))
    right = join(*(_part(other[a:b], same=tag == "equal") for tag, _, _, a, b in steps))
    return left, right


def _part(words: list[str], *, same: bool) -> Html:
    content = "".join(words)
    return for_html(content) if same or not content else element("mark", content)

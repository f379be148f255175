"""What is said of a difference: one sentence that names the object and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from seppcheck.drift.rule_order import Move
from seppcheck.model.text import Message, Text, text

_FEW = 4
"""Up to so many members two lists are shown whole; of longer ones only what came and went."""
_NAMED = 3


def new(what: Message) -> Message:
    """Say that an object came."""
    return text("new: {what}", what=what)


def new_in_order(what: Message, following: str | None) -> Message:
    """Say that an object came, and before which other it stands."""
    if following is None:
        return text("new: {what}; it runs last", what=what)
    return text("new: {what}; it runs before {other}", what=what, other=following)


def gone(what: Message) -> Message:
    """Say that an object is not there any more."""
    return text("gone: {what}", what=what)


def renamed(what: Message, name: str) -> Message:
    """Say that an object has another name."""
    return text("{what} is now named {name}", what=what, name=name)


def remarked(what: Message, remark: Text) -> Message:
    """Say what is wrong with an object now."""
    return text("{what}: {remark}", what=what, remark=remark)


def changed(what: Message, name: str, before: Any, after: Any) -> Message:
    """Say what a property was and is."""
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)) and len(before) + len(after) > _FEW:
        return _members(what, name, before, after)
    return text(
        "{what}: {property} was {before}, and is {after}",
        what=what,
        property=name,
        before=shown(before),
        after=shown(after),
    )


def _members(what: Message, name: str, before: Sequence[Any], after: Sequence[Any]) -> Message:
    came = tuple(str(each) for each in after if each not in before)
    went = tuple(str(each) for each in before if each not in after)
    if came and went:
        return text(
            "{what}: {property} has lost {lost} and gained {gained}", what=what, property=name, lost=went, gained=came
        )
    if came:
        return text("{what}: {property} has gained {gained}", what=what, property=name, gained=came)
    if went:
        return text("{what}: {property} has lost {lost}", what=what, property=name, lost=went)
    return text("{what}: {property} has another order", what=what, property=name)


def moved(what: Message, move: Move) -> Message:
    """Say which others an object now runs before, or behind."""
    if not move.now_behind:
        return text("{what} now runs before {others}", what=what, others=_few(move.now_before))
    if not move.now_before:
        return text("{what} now runs after {others}", what=what, others=_few(move.now_behind))
    return text(
        "{what} now runs before {others} and after {more}",
        what=what,
        others=_few(move.now_before),
        more=_few(move.now_behind),
    )


def _few(names: tuple[str, ...]) -> Message:
    shown_names, more = names[:_NAMED], len(names) - _NAMED
    if more > 0:
        return text("{names} and {count} others", names=shown_names, count=more)
    return text("{names}", names=shown_names)


def shown(value: Any) -> Text:
    """Return a value as people read it."""
    match value:
        case None:
            return text("not set")
        case bool():
            return str(value).lower()
        case str():
            return value or text("empty")
        case Mapping():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case list() | tuple():
            return ", ".join(str(shown(each)) for each in value) or text("empty")
    return str(value)

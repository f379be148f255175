"""What is said of a difference: one sentence that names the object and what became of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from seppcheck.drift.rule_order import Move
from seppcheck.model.text import Message, Text, text

_NAMED = 5
"""How many names or members one sentence tells."""
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_SHORT = 19


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
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)) and any(each in after for each in before):
        return _members(what, name, before, after)
    return text(
        "{what}: {property} was {before}, and is {after}",
        what=what,
        property=name,
        before=shown(before),
        after=shown(after),
    )


def _members(what: Message, name: str, before: Sequence[Any], after: Sequence[Any]) -> Message:
    came = tuple(shown(each) for each in after if each not in before)
    went = tuple(shown(each) for each in before if each not in after)
    gained, lost = _few(came), _few(went)
    if came and went:
        return text(
            "{what}: {property} has lost {lost} and gained {gained}", what=what, property=name, lost=lost, gained=gained
        )
    if came:
        return text("{what}: {property} has gained {gained}", what=what, property=name, gained=gained)
    if went:
        return text("{what}: {property} has lost {lost}", what=what, property=name, lost=lost)
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


def _few(names: tuple[Text, ...]) -> Message:
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
            return _FINGERPRINT.sub(lambda found: f"{found[0][:_SHORT]}…", value) or text("empty")
        case Mapping():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case list() | tuple():
            return ", ".join(str(shown(each)) for each in value) or text("empty")
    return str(value)

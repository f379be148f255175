"""What changed since the baseline, as every report tells it."""

from __future__ import annotations

import json
from typing import Any

from seppcheck.model.drift import DriftChange, DriftEntry
from seppcheck.model.run import Run
from seppcheck.model.text import Message, show, text

TITLE = text("What changed since the baseline")

MENDING = text(
    "It is not as it was when the baseline was accepted. Mend it, or accept the present state with "
    "`seppcheck baseline accept` where it was meant to change."
)

CHANGES = {
    DriftChange.NEW: text("new"),
    DriftChange.GONE: text("gone"),
    DriftChange.CHANGED: text("changed"),
}


def count_of(run: Run) -> Message | None:
    """Return how much changed, and since when; None where nothing was compared."""
    if run.drift is None:
        return None
    count, since = len(run.drift), run.drift_since
    if since is None:
        one, several = text("1 change since the baseline"), text("{count} changes since the baseline", count=count)
        none = text("no change since the baseline")
    else:
        one = text("1 change since the baseline of {date}", date=since)
        several = text("{count} changes since the baseline of {date}", count=count, date=since)
        none = text("no change since the baseline of {date}", date=since)
    return one if count == 1 else several if count else none


def about(entry: DriftEntry) -> str:
    """Return what differs: kind, target, object and property, as an untrusted line."""
    named = (entry.kind, entry.target.name, entry.object, entry.property)
    return " · ".join(dict.fromkeys(part for part in named if part))


def value(given: Any) -> str:
    """Return a value of before or after as people read it; still untrusted text."""
    if given is None:
        return "—"
    if isinstance(given, str):
        return given or '""'
    if isinstance(given, (list, tuple)) and not any(isinstance(each, (dict, list, tuple)) for each in given):
        return show(tuple(value(each) for each in given)) or "[]"
    return json.dumps(given, ensure_ascii=False, sort_keys=True, default=str)


def compared(entry: DriftEntry) -> tuple[Message, Message]:
    """Return a sentence for what was, and one for what is."""
    return text("before: {value}", value=value(entry.before)), text("after: {value}", value=value(entry.after))

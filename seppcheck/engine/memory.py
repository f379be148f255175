"""What sources said in earlier rounds of a watch, and when each may be asked again: its rhythm.

A source is asked anew when its time has come, or when what it builds upon is no longer what it was. An attempt that
failed counts as one: nobody is asked more often because nothing was heard.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta

from seppcheck.model.evidence import Each, Evidence, Record, Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.sources import Source
from seppcheck.model.targets import Target

Rhythm = Callable[[Source], timedelta | None]
"""How long what a source said is good for; None for what is on this machine and costs nothing to look at again."""

_COUNTS_DOWN = "ttl"
"""A resolver's answer differs from second to second in this alone."""
_MOST_PATIENT = 4
"""How many times its rhythm a source is left alone that goes on asking to come back later."""


class Forgetful:
    """The memory of a run that stands alone: every source is asked."""

    def recall(self, source: Source, target: Target, arguments: Mapping[str, object]) -> tuple[Record, ...] | None:
        """Return what the source said of the target, if it need not be asked again yet."""
        del source, target, arguments
        return None

    def ask(self, source: Source, target: Target, arguments: Mapping[str, object]) -> None:
        """Note that it is asked."""

    def keep(self, source: Source, target: Target, records: tuple[Record, ...]) -> None:
        """Keep what it said, a record for each kind that it provides."""


FORGETFUL = Forgetful()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that a source was asked: when the round began (UTC), upon what it built, and what it said.

    `throttled` counts how many times in a row it asked to come back later.
    """

    source: Source
    at: datetime
    inputs: object
    records: tuple[Record, ...] = ()
    throttled: int = 0


class Memory(Forgetful):
    """The memory of a watch."""

    def __init__(self, rhythm: Rhythm, started: datetime) -> None:
        """Remember nothing yet."""
        self._rhythm = rhythm
        self._now = started
        self._attempts: dict[tuple[Source, Target], Attempt] = {}

    def begin(self, now: datetime) -> None:
        """Begin a round: all that is asked in it counts as asked at `now`, so that rhythms stay together."""
        self._now = now

    def recall(self, source: Source, target: Target, arguments: Mapping[str, object]) -> tuple[Record, ...] | None:
        """Return what the source said of the target, if it need not be asked again yet."""
        known = self._attempts.get((source, target))
        if known is None or not known.records or self._is_due(known):
            return None
        return known.records if known.inputs == _inputs(arguments) else None

    def ask(self, source: Source, target: Target, arguments: Mapping[str, object]) -> None:
        """Note that it is asked."""
        known = self._attempts.get((source, target))
        throttled = known.throttled if known else 0
        self._attempts[source, target] = Attempt(source, self._now, _inputs(arguments), throttled=throttled)

    def keep(self, source: Source, target: Target, records: tuple[Record, ...]) -> None:
        """Keep what it said. What was only inferred from something missing is no attempt, and not kept."""
        known = self._attempts.get((source, target))
        if known is not None:
            throttled = known.throttled + 1 if any(map(_asks_to_wait, records)) else 0
            self._attempts[source, target] = replace(known, records=records, throttled=throttled)

    def end(self) -> None:
        """End the round: what was due and not asked, since what it builds upon is missing, is due with nobody."""
        self._attempts = {key: attempt for key, attempt in self._attempts.items() if not self._is_due(attempt)}

    def forget(self, sources: Collection[str]) -> None:
        """Forget what sources of these names said, as when their files were changed."""
        kept = {key: attempt for key, attempt in self._attempts.items() if attempt.source.name not in sources}
        self._attempts = kept

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The last attempt at each source and target, of those that have a rhythm."""
        return tuple(attempt for attempt in self._attempts.values() if self._pause(attempt) is not None)

    def due_at(self, attempt: Attempt) -> datetime | None:
        """Return when it may be asked again; None when at any time."""
        pause = self._pause(attempt)
        return None if pause is None else attempt.at + pause

    def next_due(self) -> datetime | None:
        """Return when the next source is due; None where nothing has a rhythm."""
        return min(filter(None, map(self.due_at, self.attempts)), default=None)

    def _is_due(self, attempt: Attempt) -> bool:
        """Tell whether it is time. A clock that was set back makes everything due: nothing is trusted for hours."""
        due = self.due_at(attempt)
        return due is None or not attempt.at <= self._now < due

    def _pause(self, attempt: Attempt) -> timedelta | None:
        rhythm = self._rhythm(attempt.source)
        return rhythm and rhythm * min(2 ** max(0, attempt.throttled - 1), _MOST_PATIENT)


def _asks_to_wait(record: Record) -> bool:
    return isinstance(record.content, Unavailable) and record.content.reason is Reason.THROTTLED


def _inputs(arguments: Mapping[str, object]) -> object:
    """Return the evidence that a source builds upon, comparable. The time is no reason to ask a peer again."""
    counted = (Evidence, Unavailable, Each)
    return tuple((name, _essence(value)) for name, value in arguments.items() if isinstance(value, counted))


def _essence(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value) if field.name != _COUNTS_DOWN)
        return (type(value), *(_essence(getattr(value, name)) for name in names))
    if isinstance(value, tuple | list):
        return tuple(map(_essence, value))
    if isinstance(value, Mapping):
        return tuple((key, _essence(inner)) for key, inner in value.items())
    return value

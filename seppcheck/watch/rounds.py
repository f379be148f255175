"""The rounds of a watch: the same run again and again, until it is reached what was watched for, or Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from seppcheck import history
from seppcheck.engine.memory import Attempt, Memory
from seppcheck.engine.rhythm import Rhythm, pace_of
from seppcheck.errors import UserError
from seppcheck.model.evidence import Unavailable
from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.text import Message
from seppcheck.model.watching import Ending, Entry, Night, Pace, Sight, State, StateKind
from seppcheck.run import Request, concluded
from seppcheck.watch.changes import changes_between, new_moments
from seppcheck.watch.files_seen import changed, files_seen
from seppcheck.watch.remembering import Recorder
from seppcheck.watch.states import state_of

Wait = Callable[[float], None]
"""Waits for so many seconds; Ctrl-C may end it."""

_TICK = timedelta(seconds=1)
"""How often files of this machine are looked at."""
_BREATH = timedelta(seconds=3)
"""What lies between two rounds at least, however long the first one took."""
_NOBODY_ANSWERED = frozenset({Reason.NOT_CONFIGURED})
"""A reason for which nobody was asked: no answer is missed."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who looks on: told of every round and every change, and of what could not be written."""

    round: Callable[[Night], None]
    entry: Callable[[Night, Entry], None]
    problem: Callable[[Message], None]


class Watch:
    """One watch. Everything that it needs of the world is handed in: the request's clock, `wait`, the watcher."""

    def __init__(self, request: Request, phase: Phase, rhythm: Rhythm, by: str, watcher: Watcher) -> None:
        """Prepare; nothing is asked yet. `by` is who watches, and where, for the protocol."""
        self._rhythm = rhythm
        self._started = request.clock()
        self._memory = Memory(rhythm, self._started)
        self._request = replace(request, memory=self._memory)
        self._phase = phase
        self._by = by
        self._watcher = watcher
        self._recorder = Recorder(partial(history.write, request.settings.path(request.settings.run.history)))
        self._files = files_seen(request.settings)
        self._night: Night | None = None

    def until(self, wanted: StateKind | None, wait: Wait) -> Night | None:
        """Watch until the state that is wanted, or Ctrl-C; `done` is past `go`.

        Returns:
            what was seen, and the state at the end, which counts no more than the ages of what it rests on allow; None
            where Ctrl-C came before anything was seen.
        """
        ending = Ending.REACHED
        try:
            while self._round():
                if self._night is None or _reached(self._night.state_at(self._request.clock()).kind, wanted):
                    break
                self._pause(self._night.run.moments, wait)
            else:
                ending = Ending.INTERRUPTED
        except KeyboardInterrupt:
            ending = Ending.INTERRUPTED
        self._recording(self._recorder.finish)
        if self._night is not None:
            self._night = replace(self._night, ended=ending, state=self._night.state_at(self._request.clock()))
        return self._night

    def _round(self) -> bool:
        """Look once; False when Ctrl-C cut it short. What was concluded before is then what counts."""
        self._memory.begin(self._request.clock())
        run = concluded(self._request, self._phase)
        self._memory.end()
        if run.interrupted and self._night is not None:
            return False
        self._take(run)
        return not run.interrupted

    def _take(self, run: Run) -> None:
        earlier, state = self._night, state_of(run)
        sights = tuple(_sights(self._memory, self._rhythm))
        entry = self._entry(run, state)
        entries = (*(earlier.entries if earlier else ()), *([entry] if entry else []))
        started = earlier.started_at if earlier else self._started
        before = earlier.earlier if earlier else run.history
        self._night = Night(started, self._by, run, state, entries, sights, earlier=before)
        self._recording(lambda: self._recorder.note(run))
        self._watcher.round(self._night)
        if entry:
            self._watcher.entry(self._night, entry)

    def _entry(self, run: Run, state: State) -> Entry | None:
        """Return what is new, if anything is."""
        before = self._night
        changes = changes_between(before.run if before else None, run)
        moments = new_moments(before.run.moments if before else (), run.moments)
        if before is not None and state.kind is before.state.kind and not changes and not moments:
            return None
        return Entry(run.judged_at, state, before.state if before else None, changes, moments)

    def _recording(self, record: Callable[[], None]) -> None:
        try:
            record()
        except UserError as error:
            self._watcher.problem(error.message)

    def _pause(self, moments: Iterable[Moment], wait: Wait) -> None:
        """Wait until something is due: a source, a moment, or a file that was changed and now rests."""
        begun = now = self._request.clock()
        due = self._due(moments, begun)
        stirred = False
        while begun <= now < due:  # one reading a turn: between two of them the end may pass
            wait(min(_TICK, due - now).total_seconds())
            files = files_seen(self._request.settings)
            touched, self._files = changed(self._files, files), files
            if touched:
                self._memory.forget(touched)
                stirred = True
            elif stirred:  # it rests: nobody is in the middle of writing it
                return
            now = self._request.clock()

    def _due(self, moments: Iterable[Moment], now: datetime) -> datetime:
        to_come = [moment.at for moment in moments if moment.at is not None and moment.at > now]
        sources = self._memory.next_due() or now + self._rhythm.interval
        return max(min([sources, *to_come]), now + _BREATH)


def _reached(kind: StateKind, wanted: StateKind | None) -> bool:
    return kind is wanted or (wanted is StateKind.GO and kind.is_green)


def _sights(memory: Memory, rhythm: Rhythm) -> Iterator[Sight]:
    """Yield when each kind of source was looked at, quickest rhythm first."""
    order = list(Pace)
    paced = [(pace, attempt) for attempt in memory.attempts if (pace := pace_of(attempt.source)) is not None]
    for pace, pairs in groupby(sorted(paced, key=lambda pair: order.index(pair[0])), key=lambda pair: pair[0]):
        attempts = [attempt for _, attempt in pairs if _was_asked(attempt)]
        if attempts:
            oldest = min(attempts, key=lambda attempt: attempt.at)
            again = memory.due_at(oldest) or oldest.at
            yield Sight(pace, oldest.at, again, rhythm.every(pace), any(map(_missed, attempts)))


def _was_asked(attempt: Attempt) -> bool:
    return not all(
        isinstance(record.content, Unavailable) and record.content.reason in _NOBODY_ANSWERED
        for record in attempt.records
    )


def _missed(attempt: Attempt) -> bool:
    return any(
        isinstance(record.content, Unavailable) and record.content.reason not in _NOBODY_ANSWERED
        for record in attempt.records
    )

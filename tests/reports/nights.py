"""Watched nights made by hand: what the board, the lines and the protocols are tried with."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.text import text
from seppcheck.model.watching import Entry, Night, Pace, Sight, State, StateKind
from seppcheck.watch.changes import changes_between
from tests.reports.hostile import CANARY, hostile_run
from tests.reports.runs import DOMAINS, NOW, mixed_run

ZURICH = ZoneInfo("Europe/Zurich")
NO_GO = State(StateKind.NO_GO, text("No go: {reasons}", reasons=("the mail of example.org is not held back",)))
CANNOT_TELL = State(StateKind.CANNOT_TELL, text("Cannot tell: {reasons}", reasons=("ns2 is silent",)))
GO = State(StateKind.GO, text("Go: move the MX now"))


class Stream(io.TextIOWrapper):
    """A pipe, or a terminal, of some encoding."""

    def __init__(self, encoding: str = "utf-8", *, terminal: bool = False) -> None:
        self.bytes = io.BytesIO()
        self.terminal = terminal
        super().__init__(self.bytes, encoding=encoding, newline="\n")

    def isatty(self) -> bool:
        return self.terminal

    @property
    def written(self) -> str:
        self.flush()
        return self.bytes.getvalue().decode(self.encoding)


def night_of(run: Run, *states: State) -> Night:
    """Return a night of these states, two minutes apart, the last of which is the run's."""
    entries: list[Entry] = []
    for number, state in enumerate(states):
        before = entries[-1].state if entries else None
        changes = changes_between(None, run) if number == 0 else changes_between(replace(run, results=()), run)[:2]
        moments = tuple(moment.summary for moment in run.moments) if number == 0 else ()
        entries.append(Entry(NOW + timedelta(minutes=2 * number), state, before, changes, moments))
    sights = (
        Sight(Pace.MX, NOW, NOW + timedelta(seconds=20), timedelta(seconds=20)),
        Sight(Pace.EXCHANGE, NOW, NOW + timedelta(minutes=5), timedelta(minutes=5), missed=True),
    )
    return Night(NOW, "erika@console", run, states[-1], tuple(entries), sights)


def calm_night() -> Night:
    moment = Moment(
        MomentKind.MX_MAY_MOVE,
        DOMAINS[0],
        NOW + timedelta(minutes=12, seconds=31),
        over=False,
        summary=text("example.org: the MX record may move at {at}", at=NOW + timedelta(minutes=12, seconds=31)),
    )
    run = replace(mixed_run(), phase=Phase.CUTOVER, moments=(moment,))
    return night_of(run, NO_GO, CANNOT_TELL, GO)


def hostile_night() -> Night:
    run = hostile_run(phase=Phase.CUTOVER)
    moment = Moment(MomentKind.OLD_MX_GONE, run.site.domains[0], NOW, over=False, summary=text("{x}", x=CANARY))
    state = State(StateKind.NO_GO, text("No go: {reasons}", reasons=(CANARY,)))
    night = night_of(replace(run, moments=(moment,)), GO, state)
    return replace(night, by=f"erika{CANARY}")

"""The fixed words of the checklist, and what its sinks say alike."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from seppcheck.model.changes import ChangeKind
from seppcheck.model.checklist import Checklist, ChecklistStep, NextKind, NextStep, Part, RecordEntry, Stage, State
from seppcheck.model.moments import Moment, MomentKind
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, text
from seppcheck.reports.times import both, local
from seppcheck.reports.words import ADVICE, REASONS

STAGES: Mapping[Stage, Message] = {
    Stage.UNKNOWN: text("Where the migration stands cannot be told: what decides it cannot be seen"),
    Stage.PREPARATION: text("Preparation: something is to be done before the move"),
    Stage.LEAD_TIME: text("Prepared: the waiting time of the low TTL is not over"),
    Stage.READY: text("Ready: the night may begin"),
    Stage.CUTOVER: text("In the night of the cutover"),
    Stage.COMPLETION: text("Moved: the completion is left"),
    Stage.FINISHED: text("Finished: inline operation is verified"),
}

STATES: Mapping[State, Message] = {
    State.DONE: text("done"),
    State.DUE: text("due"),
    State.BLOCKED: text("blocked"),
    State.WAITING: text("waiting"),
    State.UNSEEN: text("cannot be seen"),
    State.NOTED: text("with a remark"),
    State.WAIVED: text("waived"),
    State.NOT_NEEDED: text("not needed"),
}

SYMBOLS: Mapping[State, str] = {
    State.DONE: "✔",
    State.DUE: "►",
    State.BLOCKED: "·",
    State.WAITING: "…",
    State.UNSEEN: "?",
    State.NOTED: "▲",
    State.WAIVED: "≈",
    State.NOT_NEEDED: "—",
}
PLAIN_SYMBOLS: Mapping[State, str] = {
    **SYMBOLS,
    State.DONE: "+",
    State.DUE: ">",
    State.BLOCKED: ".",
    State.WAITING: ":",
    State.NOTED: "!",
    State.WAIVED: "~",
    State.NOT_NEEDED: "-",
}
"""For terminals whose encoding lacks the others."""

_FEW = 8
"""Above this many domains not every time is told."""

BEYOND = text("Besides the guide's numbers")
NEXT = text("Next")


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that stand side by side and of which the same is to be said: it is said once, behind the last."""

    steps: tuple[ChecklistStep, ...]

    @property
    def last(self) -> ChecklistStep:
        """The step that says it for all."""
        return self.steps[-1]


def groups_of(steps: tuple[ChecklistStep, ...]) -> Iterator[Group]:
    """Yield the steps in order, those alike together."""
    waiting: list[ChecklistStep] = []
    for step in steps:
        if waiting and _said(waiting[-1]) != _said(step):
            yield Group(tuple(waiting))
            waiting = []
        waiting.append(step)
    if waiting:
        yield Group(tuple(waiting))


def _said(step: ChecklistStep) -> tuple[object, ...]:
    return (step.state, step.detail, step.until, step.plan, step.kind, step.menu, step.departure, step.witnesses)


def remarks_of(step: ChecklistStep, zone: tzinfo | None = None) -> Iterator[Message]:
    """Yield what is to be said of a step besides its state, in order."""
    if step.detail is not None:
        yield local(step.detail, zone)
    for witness in step.witnesses[:1]:
        yield text("attested: {asked}, {at}", asked=witness.asked, at=both(witness.at, zone))
    if step.until is not None:
        yield text("until {time}", time=both(step.until, zone))
    yield from advice_on(step.reason)
    if step.state in (State.DUE, State.BLOCKED, State.WAITING):
        yield from _how(step)
    if step.departure is not None and step.state not in (State.DONE, State.NOT_NEEDED):
        yield step.departure


def advice_on(reason: Reason | None) -> Iterator[Message]:
    """Yield what to do about something that cannot be seen, where its own sentence does not say it."""
    if reason is not None and reason is not Reason.NOT_COLLECTED:
        yield text("{reason}. {advice}", reason=REASONS[reason], advice=ADVICE[reason])


def _how(step: ChecklistStep) -> Iterator[Message]:
    if step.menu is not None:
        yield text("on the gateway: {menu}", menu=step.menu)
    if step.plan is not None and step.kind is not ChangeKind.WAIT:
        template = (
            text("automatic: `seppcheck plan {plan}`", plan=step.plan.value)
            if step.kind is ChangeKind.AUTOMATIC
            else text("by hand, in `seppcheck plan {plan}`", plan=step.plan.value)
        )
        yield template
    elif step.state is State.DUE and step.plan is None and step.checks:
        yield text("how: `seppcheck explain {check}`", check=step.checks[0])


def heading_of(part: Part, language: str) -> Message:
    """Return the heading of a part: in German the guide's own."""
    if part.chapter is None:
        return BEYOND
    return text("{original}", original=part.chapter.original) if language == "de" else part.chapter.title


def summary_of(checklist: Checklist) -> Message:
    """Return how many steps of the guide there are of each state."""
    counts = checklist.counts
    found = tuple(text("{count} {state}", count=counts[s], state=STATES[s]) for s in State if counts[s])
    return text("{total} steps of the guide: {states}", total=sum(counts.values()), states=found)


def moments_for(checklist: Checklist) -> Iterator[Moment]:
    """Yield the times that are told: of rules that settle the last one, of many domains the first that wait."""
    rules = [moment for moment in checklist.moments if moment.kind is MomentKind.RULE_SETTLED and moment.at]
    others = [moment for moment in checklist.moments if moment.kind is not MomentKind.RULE_SETTLED]
    yield from others if len(others) <= _FEW else [moment for moment in others if not moment.over][:_FEW]
    if rules:
        yield max(rules, key=lambda moment: moment.at or checklist.judged_at)


def command_line(words: tuple[str, ...]) -> str:
    """Return a command as it is typed into a shell."""
    return shlex.join(words)


def entry_line(entry: RecordEntry) -> str:
    """Return an entry of the gateway record as TOML writes it; "" for a value that is not known."""
    return "" if entry.value is None else f"{entry.key} = {_toml(entry.value)}"


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Mapping():
            return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(_toml(inner) for inner in value) + "]"
        case str() if "\n" in value and "'''" not in value:
            return f"'''\n{value}'''"
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def time_of(step: NextStep, zone: tzinfo | None = None) -> Message | None:
    """Return until when a wait lasts."""
    if step.until is None:
        return None
    waits = step.kind is NextKind.WAIT
    return text("Wait until {time}.", time=both(_whole_minute(step.until), zone)) if waits else None


def _whole_minute(moment: datetime) -> datetime:
    """Return the next whole minute: who comes back at the minute that was shown must not come too early."""
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(minutes=1)

"""A plan as people read it: in sections, each change with what has to be known of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, FactImage, Image
from seppcheck.model.outcomes import Reason
from seppcheck.model.plans import MigrationPlan, PlannedChange, Unseen
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_images import Noun
from seppcheck.reports.plan_words import CLEARING_UP, MILESTONES, PREPARATIONS, duration
from seppcheck.reports.times import both
from seppcheck.reports.words import ADVICE, REASONS


@dataclass(frozen=True, slots=True)
class Section:
    """The changes up to a milestone."""

    title: Message
    changes: tuple[PlannedChange, ...]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One thing that a person does, and what is to be entered, ready to be copied: the lines behind the sentence's."""

    sentence: str
    value: str = ""


def sections_of(plan: MigrationPlan) -> tuple[Section, ...]:
    """Return the changes in order, a section a milestone; one that reaches none stands with those before it."""
    titled = zip(_titles(plan.changes), plan.changes, strict=True)
    return tuple(
        Section(title, tuple(change for _, change in group))
        for title, group in groupby(titled, key=lambda pair: pair[0])
    )


def _titles(changes: Sequence[PlannedChange]) -> Iterator[Message]:
    proven = max((place for place, change in enumerate(changes) if change.proof), default=len(changes))
    title = PREPARATIONS
    for place, change in enumerate(changes):
        if change.milestone is not None:
            title = MILESTONES[change.milestone]
        elif place > proven:
            title = CLEARING_UP
        yield title


def instructions_of(steps: Sequence[str], image: Image | None) -> tuple[Instruction, ...]:
    """Return what a person does.

    Of a step of several lines the first is the sentence, the rest is to be copied. So is what stands behind the colon
    of the sentence, or is the whole step, where the state afterwards has that value or record.

    Args:
        steps: the sentences.
        image: what is there once they are done.
    """
    values = _values(image)
    found: list[Instruction] = []
    for step in steps:
        one = _instruction(step, values)
        if not one.sentence and found:
            found[-1] = Instruction(found[-1].sentence, "\n".join(filter(None, (found[-1].value, one.value))))
        else:
            found.append(one)
    return tuple(found)


def _instruction(step: str, values: Sequence[str]) -> Instruction:
    sentence, _, lines = step.replace("\r\n", "\n").strip("\n").partition("\n")
    if lines.strip():
        return Instruction(sentence, lines.strip("\n"))
    if sentence in values:
        return Instruction("", sentence)
    value = next((value for value in values if sentence.endswith(f": {value}")), "")
    return Instruction(sentence.removesuffix(f" {value}"), value) if value else Instruction(sentence)


def _values(image: Image | None) -> tuple[str, ...]:
    match image:
        case DnsImage():
            return tuple(f"{image.name}. {image.ttl} IN {image.type} {value}" for value in image.values)
        case FactImage():
            return tuple(value for value in image.fields.values() if isinstance(value, str) and value)
    return ()


def moments_of(change: PlannedChange) -> Iterator[Message]:
    """Yield when a wait is over, or when a step begins to act."""
    waits = change.kind is ChangeKind.WAIT
    if change.until is not None and waits:
        yield text("It is over on {time}.", time=both(change.until))
    elif change.until is not None:
        yield text("Not before {time}.", time=both(change.until))
    if change.seconds is not None and waits:
        yield text("It lasts {duration}, once everything before it is done.", duration=duration(change.seconds))
    elif change.seconds is not None:
        yield text("Others may see for {duration} what was there before.", duration=duration(change.seconds))


def way_back(change: PlannedChange) -> Message | None:
    """Return in a word how a change is undone; None for what changes nothing."""
    if change.kind is ChangeKind.WAIT or change.proof:
        return None
    if change.inverse is None:
        return text("Undo: not possible.")
    if change.writes and _may_be_refused(change):
        return text("Undo: automatic, if the tenant still lets such a connector be made (EX505293).")
    if change.writes:
        return text("Undo: automatic.")
    return text("Undo: by hand.")


def _may_be_refused(change: PlannedChange) -> bool:
    """Tell whether a tenant may refuse to make again what is removed: an OnPremises inbound connector."""
    image = change.before
    if change.after is not None or not isinstance(image, ExchangeImage) or image.type != Noun.INBOUND_CONNECTOR:
        return False
    return str(image.properties.get("ConnectorType", "")).lower() == "onpremises"


def count_of(plan: MigrationPlan) -> Message:
    """Return how many steps there are, and who carries them out."""
    kinds = [change.kind for change in plan.changes]
    if not kinds:
        return text("There is nothing to do.") if not plan.unseen else text("Nothing is planned yet.")
    return text(
        "Steps: {count} ({automatic} automatic, {manual} by hand, {waits} to wait for)",
        count=len(kinds),
        automatic=kinds.count(ChangeKind.AUTOMATIC),
        manual=kinds.count(ChangeKind.MANUAL),
        waits=kinds.count(ChangeKind.WAIT),
    )


def next_steps(plan: MigrationPlan, path: Path | None) -> Iterator[Message]:
    """Yield which command comes next.

    Args:
        plan: what was planned.
        path: its file, if there is one.
    """
    if plan.unseen:
        yield text("Make up for what could not be looked at, and plan anew: `seppcheck plan {phase}`", phase=plan.phase)
    if not plan.changes:
        return
    if path is None:
        yield text("To keep it for the review: `seppcheck plan {phase} --out PLAN`", phase=plan.phase)
    yield text("Once it is reviewed: `seppcheck apply {path}`", path=path or "PLAN")


def unseen_by_reason(plan: MigrationPlan) -> tuple[tuple[Message, tuple[Unseen, ...]], ...]:
    """Return what could not be looked at, grouped by what is to be done about it."""
    groups: dict[str, list[Unseen]] = {}
    for each in plan.unseen:
        groups.setdefault(each.reason, []).append(each)
    return tuple((_advice(reason), tuple(unseen)) for reason, unseen in groups.items())


def _advice(reason: str) -> Message:
    try:
        known = Reason(reason)
    except ValueError:
        return text("Another reason: {reason}", reason=reason)
    return text("{reason}. {advice}", reason=REASONS[known], advice=ADVICE[known])

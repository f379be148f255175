"""From what remediations propose to a plan: sorted, numbered, in the reader's language, with the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from seppcheck.model.changes import (
    Change,
    ChangeKind,
    DnsImage,
    ExchangeImage,
    ManualStep,
    PlanPhase,
    Proposed,
    Step,
    System,
    Wait,
)
from seppcheck.model.plans import Backwards, MigrationPlan, PlannedChange, Unseen
from seppcheck.model.targets import Site
from seppcheck.model.text import Message, Translate, text
from seppcheck.remediate.ordering import Placed, in_order, needed

WritesDns = Callable[[str], bool]
"""Tells whether this program can write the RRsets of a name."""


@dataclass(frozen=True, slots=True)
class Means:
    """What this program may write by itself; the rest is for people."""

    dns: WritesDns
    exchange: bool

    def covers(self, image: DnsImage | ExchangeImage) -> bool:
        """Tell whether a change of an image is automatic."""
        return self.dns(image.name) if isinstance(image, DnsImage) else self.exchange


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan says of itself besides its changes."""

    phase: PlanPhase
    site: Site
    created_at: datetime
    judged_at: datetime
    language: str
    translate: Translate

    def say(self, message: Message) -> str:
        """Return a sentence in the plan's language."""
        return message.render(self.translate)


def make_plan(
    frame: Frame,
    proposals: Sequence[Proposed],
    unseen: Iterable[Unseen],
    numbers: Callable[[str], tuple[str, ...]],
    means: Means,
) -> MigrationPlan:
    """Put a plan together.

    Args:
        frame: phase, site, moments and language.
        proposals: what the remediations propose, in the guide's order.
        unseen: evidence for due checks that could not be had.
        numbers: the guide's numbers of a check, for steps that name none.
        means: what is written by program.
    """
    steps = in_order(Placed(each.check, each.target, step) for each in proposals for step in each.steps)
    changes = tuple(
        _change(frame, steps, position, placed.step.requirements or numbers(placed.check), means)
        for position, placed in enumerate(steps)
    )
    return MigrationPlan(
        phase=frame.phase,
        language=frame.language,
        gateway=frame.site.gateway.name,
        tenant=frame.site.tenant.name,
        domains=tuple(domain.name for domain in frame.site.domains),
        created_at=frame.created_at,
        judged_at=frame.judged_at,
        changes=changes,
        notes=tuple(dict.fromkeys(frame.say(note) for each in proposals for note in each.notes)),
        unseen=(*unseen, *_crashed(frame, proposals)),
    )


def _crashed(frame: Frame, proposals: Iterable[Proposed]) -> Iterator[Unseen]:
    for each in proposals:
        if each.missing is not None and each.crashed:
            yield Unseen(check=each.check, target=each.target.name, reason="crashed", detail=frame.say(each.missing))


def _change(
    frame: Frame, steps: Sequence[Placed], position: int, numbers: tuple[str, ...], means: Means
) -> PlannedChange:
    placed = steps[position]
    step = placed.step
    base = PlannedChange(
        id=str(position + 1),
        check=placed.check,
        requirements=numbers,
        system=_system(placed),
        kind=_kind(placed, means),
        summary=frame.say(step.summary),
        why=frame.say(step.why),
        target=placed.target.name,
        target_kind=placed.target.kind,
        needs=tuple(str(at + 1) for at in needed(steps, position)),
        breaks=frame.say(step.breaks) if step.breaks else None,
        milestone=step.reaches,
    )
    return _with_images(frame, base, step)


def _with_images(frame: Frame, base: PlannedChange, step: Step) -> PlannedChange:
    match step:
        case Wait():
            return replace(base, until=step.until, seconds=step.seconds)
        case Change():
            by_hand = _instructions(step.before, step.after) if base.kind is ChangeKind.MANUAL else ()
            steps = tuple(map(frame.say, by_hand))
            inverse = Backwards(step.after, step.before)
            return replace(base, before=step.before, after=step.after, inverse=inverse, steps=steps)
        case ManualStep():
            undo = tuple(map(frame.say, step.undo))
            known = bool(undo) or step.before is not None
            return replace(
                base,
                before=step.before,
                after=step.after,
                inverse=Backwards(step.after, step.before, undo) if known and not step.proof else None,
                steps=tuple(map(frame.say, step.steps)),
                until=step.until,
                proof=step.proof,
            )


def _system(placed: Placed) -> System:
    step = placed.step
    if isinstance(step, Change):
        return System.DNS if isinstance(step.before or step.after, DnsImage) else System.EXCHANGE
    return step.system


def _kind(placed: Placed, means: Means) -> ChangeKind:
    match placed.step:
        case Wait():
            return ChangeKind.WAIT
        case Change(before=before, after=after) if (image := before or after) is not None and means.covers(image):
            return ChangeKind.AUTOMATIC
        case _:
            return ChangeKind.MANUAL


def _instructions(before: DnsImage | ExchangeImage | None, after: DnsImage | ExchangeImage | None) -> Iterator[Message]:
    """Yield what a person does instead of this program, where it may not write."""
    if isinstance(before or after, DnsImage):
        yield from _in_the_zone(before, after)
    else:
        yield text(
            "This program may not write here ([exchange] names no client_id): run this step of the script that "
            "`seppcheck plan PHASE --format powershell` prints, in Exchange Online PowerShell."
        )
        yield text("Then export Exchange Online anew: the export's script is `seppcheck explain exchange-export`.")


def _in_the_zone(before: object, after: object) -> Iterator[Message]:
    if isinstance(after, DnsImage):
        yield text(
            "At the DNS provider, replace every {type} record of {name} by these, with a TTL of {ttl} seconds:",
            type=after.type,
            name=after.name,
            ttl=after.ttl,
        )
        for value in after.values:
            yield text(
                "{name} {ttl} IN {type} {value}", name=f"{after.name}.", ttl=after.ttl, type=after.type, value=value
            )
    elif isinstance(before, DnsImage):
        yield text("At the DNS provider, delete every {type} record of {name}.", type=before.type, name=before.name)
    yield text(
        "Or let this program write the zone: name its server and TSIG key in [[dns.update]], or its provider in "
        "[octodns], and plan anew."
    )

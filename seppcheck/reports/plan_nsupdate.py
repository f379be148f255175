"""A plan's DNS changes as input for nsupdate(1), each sent only while the zone still holds what the plan saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from seppcheck.locale import translator
from seppcheck.model.changes import DnsImage, System
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.text import Message, text
from seppcheck.plan_document import fingerprint_of
from seppcheck.reports.encoders import for_zone_file, for_zone_name, visible
from seppcheck.reports.plan_sections import count_of, instructions_of, moments_of
from seppcheck.reports.plan_words import KINDS, PLAN_PHASES, SYSTEMS

_LONGEST_LINE = 4_000
"""Octets of a line: nsupdate cuts longer ones, older versions at 4 KiB, and takes the rest for a command."""
_LONGEST = 300
"""Characters of a comment."""


def to_nsupdate(plan: MigrationPlan) -> str:
    """Return what `nsupdate -k KEY` reads; all but the DNS changes are comments.

    There is no empty line in it, for nsupdate would send at each. Where a change needs a step that nsupdate does not
    carry out, `quit` stands before it, to be taken out by whoever has seen that step done.
    """
    return "".join(f"{line}\n" for line in _Script(plan).lines())


class _Script:
    def __init__(self, plan: MigrationPlan) -> None:
        self.plan = plan
        self.translate = translator(plan.language)
        self.sent = {change.id for change in plan.changes if _commands(change) and not _elsewhere(change)}
        self.passed: set[str] = set()

    def comment(self, message: Message) -> str:
        return f"; {visible(message.render(self.translate), limit=_LONGEST)}"

    def lines(self) -> Iterator[str]:
        yield from self._head()
        for change in self.plan.changes:
            yield ";"
            yield from self._change(change)

    def _head(self) -> Iterator[str]:
        plan = self.plan
        yield self.comment(text("{title}. {count}", title=PLAN_PHASES[plan.phase], count=count_of(plan)))
        yield self.comment(text("Gateway {name}, judged at {time}", name=plan.gateway, time=plan.judged_at))
        yield self.comment(text("Fingerprint {fingerprint}", fingerprint=fingerprint_of(plan)))
        if not self.sent:
            yield self.comment(text("There is nothing in it that nsupdate could change."))
            return
        yield self.comment(text("To be sent with: nsupdate -k KEYFILE THIS_FILE"))
        yield self.comment(text("Each zone's own first server is asked, unless another one is named here:"))
        yield "; server 192.0.2.1"

    def _change(self, change: PlannedChange) -> Iterator[str]:
        commands = _commands(change)
        waited = (
            [] if change.id not in self.sent else [s for s in self._needed(change) if s not in self.sent | self.passed]
        )
        if waited:
            self.passed.update(waited)
            steps = tuple(self._ranges(waited))
            yield self.comment(text("Take the next line out once these steps are done: {steps}", steps=steps))
            yield "quit"
        yield self.comment(
            text(
                "{id}. {summary} ({kind}, {system})",
                id=change.id,
                summary=change.summary,
                kind=KINDS[change.kind],
                system=SYSTEMS[change.system],
            )
        )
        yield from map(self.comment, moments_of(change))
        if change.id in self.sent:
            yield from commands
            return
        yield from self._by_other_means(change)
        if commands:
            yield self.comment(text("Where you may change this zone yourself, take the semicolons out:"))
            yield from (f"; {line}" for line in commands)
        elif _images(change):
            yield self.comment(text("Its lines are too long for nsupdate: let `seppcheck apply` change it."))

    def _by_other_means(self, change: PlannedChange) -> Iterator[str]:
        for instruction in instructions_of(change.steps, change.after):
            for line in (instruction.sentence, *instruction.value.split("\n")):
                if line:
                    yield f";    {visible(line, limit=_LONGEST)}"

    def _ranges(self, steps: Sequence[str]) -> Iterator[str]:
        """Yield the ids, those that follow each other in the plan as one range."""
        places = {change.id: place for place, change in enumerate(self.plan.changes)}
        for _, run in groupby(enumerate(steps), key=lambda pair: places[pair[1]] - pair[0]):
            ids = [step for _, step in run]
            yield ids[0] if len(ids) == 1 else f"{ids[0]}-{ids[-1]}"

    def _needed(self, change: PlannedChange) -> tuple[str, ...]:
        """Return every step that must be done before, directly or not, in the plan's order."""
        known: Mapping[str, PlannedChange] = {each.id: each for each in self.plan.changes}
        found: set[str] = set()
        waiting = [change]
        while waiting:
            for needed in waiting.pop().needs:
                if needed not in found and needed in known:
                    found.add(needed)
                    waiting.append(known[needed])
        return tuple(each for each in known if each in found)


def _elsewhere(change: PlannedChange) -> bool:
    """Tell whether a record is most likely in a zone of the provider's, at which nsupdate would give up."""
    image = change.after or change.before
    return not change.writes and isinstance(image, DnsImage) and image.name.endswith(".arpa")


def _images(change: PlannedChange) -> bool:
    """Tell whether a change is one of an RRset that whoever holds a key can make."""
    given = [image for image in (change.before, change.after) if image is not None]
    return change.system is System.DNS and bool(given) and all(isinstance(image, DnsImage) for image in given)


def _commands(change: PlannedChange) -> tuple[str, ...]:
    if not _images(change):
        return ()
    before, after = (image if isinstance(image, DnsImage) else None for image in (change.before, change.after))
    lines = tuple(_block(before, after))
    return () if any(len(line) > _LONGEST_LINE for line in lines) else lines


def _block(before: DnsImage | None, after: DnsImage | None) -> Iterator[str]:
    image = after or before
    if image is None:
        return
    place = f"{for_zone_name(image.name)}.", for_zone_name(image.type)
    name, rdtype = place
    if before is None:
        yield f"prereq nxrrset {name} {rdtype}"
    else:
        yield from (f"prereq yxrrset {name} {rdtype} {for_zone_file(value)}" for value in before.values)
        yield f"update delete {name} {rdtype}"
    if after is not None:
        yield from (f"update add {name} {after.ttl} {rdtype} {for_zone_file(value)}" for value in after.values)
    yield "send"

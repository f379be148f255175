"""A plan as a runbook in GitHub-flavoured Markdown: boxes to tick on the way there, and on the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from seppcheck.locale import translator
from seppcheck.model.changes import Image
from seppcheck.model.plans import MigrationPlan, PlannedChange, Unseen
from seppcheck.model.text import Message, show, text
from seppcheck.plan_document import fingerprint_of
from seppcheck.reports.encoders import for_markdown, markdown_block
from seppcheck.reports.plan_differences import Difference, differences_of, heading_of
from seppcheck.reports.plan_sections import (
    count_of,
    instructions_of,
    moments_of,
    sections_of,
    unseen_by_reason,
    way_back,
)
from seppcheck.reports.plan_words import KINDS, PLAN_PHASES, SYSTEMS, duration

_LONGEST_VALUE = 300_000
"""Characters of what is to be copied: cut, it would be wrong."""
_PART, _DETAIL = "  - ", "    - "
"""What belongs to a step, and what belongs to that."""


def to_markdown(plan: MigrationPlan, path: Path | None = None) -> str:
    """Return the runbook of a plan, in its language.

    Args:
        plan: what is to be done.
        path: the plan's file, if there is one, for the commands.
    """
    return "\n\n".join(_Runbook(plan, path).blocks()) + "\n"


class _Runbook:
    def __init__(self, plan: MigrationPlan, path: Path | None) -> None:
        self.plan = plan
        self.file = str(path or "PLAN")
        self.translate = translator(plan.language)

    def say(self, message: Message) -> str:
        return for_markdown(message.render(self.translate))

    def blocks(self) -> Iterator[str]:
        """Yield what blank lines stand between; lists have none within, so that boxes and words share a line."""
        yield f"# {self.say(PLAN_PHASES[self.plan.phase])}"
        yield self._about()
        if self.plan.changes:
            yield self.say(text("Go through it from top to bottom. This carries out what is automatic, and waits:"))
            yield markdown_block(f"seppcheck apply {self.file}")
        for section in sections_of(self.plan):
            yield f"## {self.say(section.title)}"
            yield _lines(self._change(change) for change in section.changes)
        yield from self._back()
        yield from self._notes()
        yield from self._unseen()

    def _about(self) -> str:
        plan = self.plan
        facts = (
            text("Gateway: {name}", name=plan.gateway),
            text("Tenant: {name}", name=plan.tenant or None),
            text("Domains: {names}", names=plan.domains),
            text("Judged at {time}, planned at {made}", time=plan.judged_at, made=plan.created_at),
            text("Fingerprint: {fingerprint}", fingerprint=fingerprint_of(plan)),
            count_of(plan),
        )
        return "\n".join(f"- {self.say(fact)}" for fact in facts)

    def _change(self, change: PlannedChange) -> Iterator[str]:
        yield self._box(change, f"{for_markdown(change.id)}.")
        yield self._part(text("Why: {why}", why=change.why))
        yield from map(self._part, moments_of(change))
        yield from self._differences(change.before, change.after)
        yield from self._instructions(change.steps, change.after)
        if change.breaks:
            yield f"{_PART}**{self.say(text('Do not stop here: {why}', why=change.breaks))}**"
        if (back := way_back(change)) is not None:
            yield self._part(back)

    def _box(self, change: PlannedChange, label: str) -> str:
        about = (KINDS[change.kind], SYSTEMS[change.system], change.check, *change.requirements)
        return f"- [ ] **{label} {for_markdown(change.summary)}** ({for_markdown(show(about, self.translate))})"

    def _part(self, message: Message) -> str:
        return f"{_PART}{self.say(message)}"

    def _differences(self, before: Image | None, after: Image | None) -> Iterator[str]:
        heading = heading_of(before, after)
        if heading is None:
            return
        yield self._part(heading)
        for difference in differences_of(before, after):
            yield from (f"{_DETAIL}{line}" for line in self._difference(difference, is_new=before is None))

    def _difference(self, difference: Difference, *, is_new: bool) -> Iterator[str]:
        name = for_markdown(difference.name)
        if is_new:
            yield f"{name}: {', '.join(self._value((value,)) for value in difference.added)}"
        elif difference.listed:
            yield from (f"{name}: − {self._value((value,))}" for value in difference.removed)  # noqa: RUF001 - a minus
            yield from (f"{name}: + {self._value((value,))}" for value in difference.added)
        else:
            yield f"{name}: {self._value(difference.removed)} → {self._value(difference.added)}"

    def _value(self, values: Sequence[str]) -> str:
        return for_markdown(values[0], limit=_LONGEST_VALUE) if values else self.say(text("(nothing)"))

    def _instructions(self, steps: Sequence[str], image: Image | None) -> Iterator[str]:
        for instruction in instructions_of(steps, image):
            yield f"{_PART}[ ] {for_markdown(instruction.sentence)}"
            if instruction.value:
                yield markdown_block(instruction.value, indent=len(_PART), limit=_LONGEST_VALUE)

    def _back(self) -> Iterator[str]:
        undone = [change for change in reversed(self.plan.changes) if way_back(change) is not None]
        if not undone:
            return
        yield f"## {self.say(text('The way back'))}"
        yield self.say(text("From top to bottom, only what was done. This undoes what is automatic, and waits:"))
        yield markdown_block(f"seppcheck rollback {self.file}.journal.jsonl")
        yield _lines(self._undone(change) for change in undone)

    def _undone(self, change: PlannedChange) -> Iterator[str]:
        yield self._box(change, self.say(text("Undo {id}:", id=change.id)))
        if change.inverse is None:
            yield self._part(text("There is no way back from this step."))
            return
        yield from self._differences(change.inverse.before, change.inverse.after)
        yield from self._instructions(change.inverse.steps, change.inverse.after)
        if change.seconds is not None:
            yield self._part(
                text("Then wait for {duration}: so long others may see what it was.", duration=duration(change.seconds))
            )

    def _notes(self) -> Iterator[str]:
        if self.plan.notes:
            yield f"## {self.say(text('Notes'))}"
            yield "\n".join(f"- {for_markdown(note)}" for note in self.plan.notes)

    def _unseen(self) -> Iterator[str]:
        if not self.plan.unseen:
            return
        yield f"## {self.say(text('Could not look, so what these would have planned is not known'))}"
        for advice, unseen in unseen_by_reason(self.plan):
            yield self.say(advice)
            yield "\n".join(f"- {self.say(_seen(each))}" for each in unseen)


def _seen(unseen: Unseen) -> Message:
    return text("{check} of {target}: {detail}", check=unseen.check, target=unseen.target, detail=unseen.detail)


def _lines(items: Iterable[Iterable[str]]) -> str:
    return "\n".join(line for item in items for line in item)

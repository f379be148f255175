"""A plan on a terminal: what will be done, step by step, for somebody who reads it at night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from rich.padding import Padding
from rich.text import Text

from seppcheck.locale import translator
from seppcheck.model.changes import ChangeKind, Image
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.text import Message, text
from seppcheck.plan_document import fingerprint_of
from seppcheck.reports.console import console_for
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.plan_differences import Difference, differences_of, heading_of
from seppcheck.reports.plan_sections import (
    count_of,
    instructions_of,
    moments_of,
    next_steps,
    sections_of,
    unseen_by_reason,
    way_back,
)
from seppcheck.reports.plan_words import KINDS, PLAN_PHASES, SYSTEMS

_STYLES = {ChangeKind.AUTOMATIC: "cyan", ChangeKind.MANUAL: "yellow", ChangeKind.WAIT: "magenta"}
_LONGEST = 600
"""Characters of one text; the plan's JSON holds all."""
_LONGEST_VALUE = 20_000
"""Characters of what is to be copied: cut, it would be wrong."""


def write_plan(plan: MigrationPlan, stream: TextIO, path: Path | None = None, *, with_next: bool = True) -> None:
    """Write a plan for people, in its language.

    Args:
        plan: what would be done.
        stream: a terminal, a pipe or a file.
        path: the plan's file, if there is one, for the command that comes next.
        with_next: whether that command is named; not where it is the one that shows the plan.
    """
    _Sheet(plan, stream, path).write(with_next=with_next)


class _Sheet:
    def __init__(self, plan: MigrationPlan, stream: TextIO, path: Path | None) -> None:
        self.plan = plan
        self.path = path
        self.translate = translator(plan.language)
        self.encoding = stream.encoding or "utf-8"
        self.console = console_for(stream)
        self.number = max((len(change.id) for change in plan.changes), default=1)

    def say(self, message: Message) -> str:
        return self.show(message.render(self.translate))

    def show(self, value: str, limit: int = _LONGEST) -> str:
        return for_terminal(value, self.encoding, limit=limit)

    def line(self, value: str, style: str = "", indent: int = 0) -> None:
        self.console.print(Padding(Text(value, style=style, overflow="fold"), (0, 0, 0, indent), expand=False))

    def heading(self, message: Message) -> None:
        self.console.print()
        self.line(self.say(message), "bold")

    def write(self, *, with_next: bool) -> None:
        self._head()
        for section in sections_of(self.plan):
            self.heading(section.title)
            for change in section.changes:
                self._change(change)
        self._notes()
        self._unseen()
        if with_next:
            self._next()

    def _head(self) -> None:
        plan = self.plan
        self.line(f"{self.say(PLAN_PHASES[plan.phase])}. {self.say(count_of(plan))}", "bold")
        facts = [text("gateway {name}", name=plan.gateway)]
        if plan.tenant:
            facts.append(text("tenant {name}", name=plan.tenant))
        if len(plan.domains) == 1:
            facts.append(text("domain {name}", name=plan.domains[0]))
        elif plan.domains:
            facts.append(text("{count} domains: {names}", count=len(plan.domains), names=plan.domains))
        for fact in facts:
            self.line(self.say(fact), indent=2)
        self.line(self.say(text("judged at {time}, fingerprint:", time=plan.judged_at)), indent=2)
        self.console.print(Text(f"  {fingerprint_of(plan)}"), soft_wrap=True)

    def _change(self, change: PlannedChange) -> None:
        self.console.print()
        who = f"{self.say(KINDS[change.kind])}, {self.say(SYSTEMS[change.system])}"
        head = Text.assemble(
            f"{self.show(change.id):>{self.number}}. ",
            (self.show(change.summary), "bold"),
            (f" [{who}]", _STYLES[change.kind]),
            overflow="fold",
        )
        self.console.print(head)
        for message, style in self._details(change):
            self.line(self.say(message), style, self._indent)
        self._differences(change.before, change.after)
        self._instructions(change)
        if change.breaks:
            self.line(self.say(text("Do not stop here: {why}", why=change.breaks)), "bold red", self._indent)
        if (back := way_back(change)) is not None:
            self.line(self.say(back), "dim" if change.inverse else "red", self._indent)

    @property
    def _indent(self) -> int:
        return self.number + 2

    def _details(self, change: PlannedChange) -> Iterator[tuple[Message, str]]:
        if change.why:
            yield text("Why: {why}", why=change.why), "dim"
        for message in moments_of(change):
            yield message, ""

    def _differences(self, before: Image | None, after: Image | None) -> None:
        heading = heading_of(before, after)
        if heading is None:
            return
        self.line(self.say(heading), indent=self._indent)
        for difference in differences_of(before, after):
            for line, style in self._lines(difference, is_new=before is None):
                self.line(line, style, self._indent + 2)

    def _lines(self, difference: Difference, *, is_new: bool) -> Iterable[tuple[str, str]]:
        name = self.show(difference.name)
        if not difference.listed:
            old, new = (self._value(values) for values in (difference.removed, difference.added))
            yield (f"{name}: {old} -> {new}" if difference.removed else f"{name}: {new}"), ""
            return
        if is_new:
            yield f"{name}: {', '.join(map(self.show, difference.added))}", ""
            return
        for value in difference.removed:
            yield f"- {name}: {self.show(value)}", "red"
        for value in difference.added:
            yield f"+ {name}: {self.show(value)}", "green"

    def _value(self, values: tuple[str, ...]) -> str:
        return self.show(values[0]) if values else self.say(text("(nothing)"))

    def _instructions(self, change: PlannedChange) -> None:
        """Print the steps; what is to be copied begins at the margin and is never wrapped by us."""
        for number, instruction in enumerate(instructions_of(change.steps, change.after), start=1):
            self.line(f"{number}) {self.show(instruction.sentence)}", indent=self._indent)
            if not instruction.value:
                continue
            self.console.print()
            for line in instruction.value.split("\n"):
                self.console.print(Text(self.show(line, _LONGEST_VALUE), style="bold"), soft_wrap=True)
            self.console.print()

    def _notes(self) -> None:
        if self.plan.notes:
            self.heading(text("Notes"))
            for note in self.plan.notes:
                self.line(self.show(note), indent=2)

    def _unseen(self) -> None:
        if not self.plan.unseen:
            return
        self.heading(text("Could not look, so what these would have planned is not known"))
        for advice, unseen in unseen_by_reason(self.plan):
            self.line(self.say(advice), "magenta", indent=2)
            for each in unseen:
                self.line(f"? {self.show(each.check)} {self.show(each.target)}: {self.show(each.detail)}", indent=2)

    def _next(self) -> None:
        self.console.print()
        for message in next_steps(self.plan, self.path):
            self.line(self.say(message))

"""The checklist on a terminal: how far it is, what comes next, then the guide's chapters with a state at each step."""

from __future__ import annotations

from typing import TextIO

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from seppcheck.locale import translator
from seppcheck.model.checklist import Checklist, ChecklistStep, NextKind, NextStep, Part, State
from seppcheck.model.text import Message, text
from seppcheck.reports.checklist_words import (
    NEXT,
    PLAIN_SYMBOLS,
    STAGES,
    STATES,
    SYMBOLS,
    Group,
    command_line,
    entry_line,
    groups_of,
    heading_of,
    remarks_of,
    summary_of,
    time_of,
)
from seppcheck.reports.console import can_show, console_for
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.plan_sections import instructions_of
from seppcheck.reports.times import both, local

_STYLES = {
    State.DONE: "green",
    State.DUE: "bold yellow",
    State.BLOCKED: "dim",
    State.WAITING: "magenta",
    State.UNSEEN: "magenta",
    State.NOTED: "yellow",
    State.WAIVED: "cyan",
    State.NOT_NEEDED: "dim",
}
_LONGEST = 600
"""Characters of one text."""
_LONGEST_VALUE = 20_000
"""Characters of what is to be copied: cut, it would be wrong."""
_NUMBER = 4


def write_checklist(checklist: Checklist, stream: TextIO, *, only_next: bool = False, quiet: bool = False) -> None:
    """Write the checklist for people, in its language.

    Args:
        checklist: what to say.
        stream: a terminal, a pipe or a file.
        only_next: just the next thing, with all that is needed to do it.
        quiet: one line.
    """
    sheet = _Sheet(checklist, stream)
    if quiet:
        sheet.in_one_line()
    elif only_next:
        sheet.next(checklist.next)
    else:
        sheet.whole()


class _Sheet:
    def __init__(self, checklist: Checklist, stream: TextIO) -> None:
        self.checklist = checklist
        self.translate = translator(checklist.language)
        self.encoding = stream.encoding or "utf-8"
        self.console = console_for(stream)
        self.symbols = SYMBOLS if can_show("".join(SYMBOLS.values()), self.encoding) else PLAIN_SYMBOLS

    def say(self, message: Message, limit: int = _LONGEST) -> str:
        return self.show(message.render(self.translate), limit)

    def show(self, value: str, limit: int = _LONGEST) -> str:
        return for_terminal(value, self.encoding, limit=limit)

    def line(self, value: str, style: str = "", indent: int = 0) -> None:
        self.console.print(Padding(Text(value, style=style, overflow="fold"), (0, 0, 0, indent), expand=False))

    def copied(self, value: str) -> None:
        """Print what is to be copied: from the margin, never wrapped by us."""
        for line in value.split("\n"):
            self.console.print(Text(self.show(line, _LONGEST_VALUE), style="bold"), soft_wrap=True)

    def in_one_line(self) -> None:
        stage, step = self.say(STAGES[self.checklist.stage]), self.say(self.checklist.next.title)
        self.console.print(Text(f"{stage}. {self.say(NEXT)}: {step}"), soft_wrap=True)

    def whole(self) -> None:
        self._head()
        self._short_next()
        for part in self.checklist.parts:
            self._part(part)
        self._notes()

    def _head(self) -> None:
        checklist = self.checklist
        self.line(self.say(STAGES[checklist.stage]), "bold")
        site = checklist.site
        facts = [text("gateway {name}", name=site.gateway.name)]
        facts += [text("domains {names}", names=tuple(domain.name for domain in site.domains))] if site.domains else []
        facts += [text("tenant {name}", name=site.tenant.name)] if site.tenant.name else []
        facts.append(text("{time}", time=both(checklist.judged_at)))
        self.line(", ".join(map(self.say, facts)), "dim")
        self._replay()
        self.line(self.say(summary_of(checklist)))
        for moment in checklist.moments:
            self.line(self.say(local(moment.summary)), "" if moment.over else "bold yellow")

    def _replay(self) -> None:
        if self.checklist.replay_of is not None:
            at = both(self.checklist.replay_of)
            self.line(self.say(text("This is a replay of what was gathered at {time}.", time=at)), "yellow")

    def _short_next(self) -> None:
        step = self.checklist.next
        self.console.print()
        self.line(f"{self.say(NEXT)}: {self.say(step.title)}", "bold")
        if step.kind is NextKind.COMMAND:
            self.copied(command_line(step.command))
        if (until := time_of(step)) is not None:
            self.line(self.say(until), "magenta", 2)
        if step.kind is not NextKind.FINISHED:
            self.line(self.say(text("How, step by step: `seppcheck guide --next`")), "dim", 2)

    def _part(self, part: Part) -> None:
        self.console.print()
        self.line(self.say(heading_of(part, self.checklist.language)), "bold")
        if part.chapter is not None and self.checklist.language != "de":
            self.line(self.say(text("in the guide: {original}", original=part.chapter.original)), "dim", 2)
        for group in groups_of(part.steps):
            self._group(group)

    def _group(self, group: Group) -> None:
        for step in group.steps:
            self._step(step)
        for message in remarks_of(group.last):
            self.line(self.say(message), "dim" if group.last.state is State.BLOCKED else "", _NUMBER + 4)

    def _step(self, step: ChecklistStep) -> None:
        says = self.say(step.says or step.title)
        if not step.number:
            says = f"{self.show(step.checks[0])}: {says}"
        row = Table.grid(padding=(0, 1))
        row.add_column(no_wrap=True)
        row.add_column(no_wrap=True, min_width=_NUMBER - 1)
        row.add_column(overflow="fold")
        state = (f"[{self.say(STATES[step.state])}]", _STYLES[step.state])
        row.add_row(
            Text(self.symbols[step.state], style=_STYLES[step.state]),
            Text(self.show(step.number), style="bold"),
            Text.assemble(f"{says} ", state, overflow="fold"),
        )
        self.console.print(Padding(row, (0, 0, 0, 2), expand=False))

    def _notes(self) -> None:
        notes = [*self.checklist.notes]
        notes += [text("{check} is left out: {reason}", check=s.check, reason=s.reason) for s in self.checklist.skipped]
        if notes:
            self.console.print()
            self.line(self.say(text("Notes")), "bold")
        for note in notes:
            self.line(self.say(note), indent=2)

    def next(self, step: NextStep) -> None:
        """Print the next thing, with all that is needed to do it."""
        self.line(self.say(STAGES[self.checklist.stage]), "dim")
        self._replay()
        numbers = f" ({', '.join(map(self.show, step.numbers))})" if 0 < len(step.numbers) <= _NUMBER else ""
        self.line(f"{self.say(step.title)}{numbers}", "bold")
        if step.why is not None:
            self.line(self.say(text("Why: {why}", why=local(step.why))), "dim", 2)
        if (until := time_of(step)) is not None:
            self.line(self.say(until), "bold magenta", 2)
        if step.kind is not NextKind.COMMAND:
            self._instructions(step)
        if step.command:
            self.console.print()
            self.copied(command_line(step.command))
        for hint in step.steps if step.kind is NextKind.COMMAND else ():
            self.line(self.say(hint), "dim", 2)
        self._entries(step)
        if step.after:
            self.line(self.say(text("After that: {command}", command=command_line(step.after))), "dim", 2)
        if step.kind is not NextKind.FINISHED:
            self.line(self.say(text("Then ask again: `seppcheck guide --next`")), "dim", 2)
        for note in self.checklist.notes:
            self.line(self.say(note), "yellow", 2)

    def _instructions(self, step: NextStep) -> None:
        change = step.change
        told = tuple(message.render(self.translate) for message in step.steps)
        steps, image = (change.steps, change.after) if change is not None else (told, None)
        for number, instruction in enumerate(instructions_of(steps, image), start=1):
            self.line(f"{number}) {self.show(instruction.sentence)}", indent=2)
            if instruction.value:
                self.console.print()
                self.copied(instruction.value)
                self.console.print()

    def _entries(self, step: NextStep) -> None:
        if not step.entries:
            return
        known = [line for entry in step.entries if (line := entry_line(entry))]
        open_keys = tuple(entry.key for entry in step.entries if entry.value is None)
        if known:
            self.line(self.say(text("In the gateway record that is:")), indent=2)
            self.copied("\n".join(known))
        if open_keys:
            self.line(self.say(text("In the gateway record, as the menu shows it: {keys}", keys=open_keys)), indent=2)

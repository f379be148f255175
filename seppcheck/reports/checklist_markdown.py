"""The checklist as GitHub-flavoured Markdown, for a ticket: a box a step, ticked only where it is done."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.locale import translator
from seppcheck.model.checklist import Checklist, Part, State
from seppcheck.model.text import Message, text
from seppcheck.reports.checklist_words import (
    NEXT,
    STAGES,
    STATES,
    command_line,
    groups_of,
    heading_of,
    remarks_of,
    summary_of,
    time_of,
)
from seppcheck.reports.encoders import for_markdown, markdown_block
from seppcheck.reports.times import both


def checklist_to_markdown(checklist: Checklist) -> str:
    """Return the document, in the checklist's language."""
    return "\n\n".join(_Sheet(checklist).blocks()) + "\n"


class _Sheet:
    def __init__(self, checklist: Checklist) -> None:
        self.checklist = checklist
        self.translate = translator(checklist.language)

    def say(self, message: Message) -> str:
        return for_markdown(message.render(self.translate))

    def blocks(self) -> Iterator[str]:
        """Yield what blank lines stand between."""
        checklist = self.checklist
        yield f"# {self.say(STAGES[checklist.stage])}"
        facts = (
            text("Gateway: {name}", name=checklist.site.gateway.name),
            text("Tenant: {name}", name=checklist.site.tenant.name or None),
            text("Domains: {names}", names=tuple(domain.name for domain in checklist.site.domains)),
            text("{time}", time=both(checklist.judged_at)),
            summary_of(checklist),
        )
        yield "\n".join(f"- {self.say(fact)}" for fact in facts)
        yield from self._next()
        for part in checklist.parts:
            yield f"## {self.say(heading_of(part, checklist.language))}"
            yield "\n".join(self._lines(part))

    def _next(self) -> Iterator[str]:
        step = self.checklist.next
        until = time_of(step)
        told = f"**{self.say(NEXT)}:** {self.say(step.title)}"
        yield f"{told} {self.say(until)}" if until else told
        if step.command:
            yield markdown_block(command_line(step.command))

    def _lines(self, part: Part) -> Iterator[str]:
        for group in groups_of(part.steps):
            for step in group.steps:
                box = "x" if step.state is State.DONE else " "
                name = for_markdown(step.number or step.checks[0])
                says = self.say(step.says or step.title)
                yield f"- [{box}] **{name}** {says} ({self.say(STATES[step.state])})"
            for message in remarks_of(group.last):
                yield f"  - {self.say(message)}"

"""Pieces of a Markdown report, and how much room each section has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from seppcheck.model.text import Message, Translate, text
from seppcheck.reports.encoders import for_markdown

LONGEST = {
    "drift": 150_000,
    "todo": 350_000,
    "unlooked": 200_000,
    "guide": 20_000,
    "waived": 40_000,
    "passed": 60_000,
    "remarks": 20_000,
}
"""Bytes of UTF-8 that a section takes; all of them together stay below 1 MiB, which is what GitHub takes."""
_LONGEST_TEXT = 600
"""Characters of one text; the HTML report and JSON show more."""


class Writer:
    """Says messages in one language, every text encoded."""

    def __init__(self, translate: Translate) -> None:
        self.translate = translate

    def encode(self, value: str) -> str:
        """Return untrusted text as Markdown that shows it."""
        return for_markdown(value, limit=_LONGEST_TEXT)

    def say(self, message: Message | None) -> str:
        """Return a message as Markdown that shows it; a dash for none."""
        return "—" if message is None else self.encode(message.render(self.translate))

    def items(self, messages: Iterable[Message]) -> str:
        """Return a list."""
        return "\n".join(f"- {self.say(message)}" for message in messages)

    def left_out(self, room: Room) -> Iterator[str]:
        """Yield a sentence for what a section had no room for."""
        if room.missing:
            yield f"*{self.say(text('{count} more are left out here: see --html or --json.', count=room.missing))}*"


class Room:
    """The room of one section, in bytes of UTF-8; `missing` counts what had none."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.missing = 0

    def fitting(self, lines: Iterable[str]) -> list[str]:
        """Return the lines from the first on that there is room for."""
        taken: list[str] = []
        for line in lines:
            size = len(line.encode("utf-8", "surrogatepass")) + 1
            if self.missing or size > self.left:
                self.missing += 1
                continue
            self.left -= size
            taken.append(line)
        return taken


def table(writer: Writer, heads: Sequence[Message], rows: Iterable[Sequence[str]], room: Room) -> Iterator[str]:
    """Yield a table of encoded cells, as many rows as there is room for; nothing where there are none."""
    lines = room.fitting(_row(cells) for cells in rows)
    if lines:
        head = (_row([writer.say(head) for head in heads]), _row(["---"] * len(heads)))
        yield "\n".join(chain(head, lines))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

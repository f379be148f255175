"""Sentences of the pages in the reader's language, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seppcheck.locale import translator
from seppcheck.model.text import Message
from seppcheck.reports.encoders import for_markdown

_LONGEST = 20_000
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one language; what its catalogue lacks stays English."""

    language: str

    def __call__(self, message: Message | str) -> str:
        """Return a message, or the translation of a text that is its own template, as one line of Markdown."""
        words = message if isinstance(message, Message) else Message(message)
        return for_markdown(words.render(translator(self.language)), limit=_LONGEST)

    def list(self, messages: Iterable[Message | str]) -> str:
        """Return them in one line."""
        return ", ".join(map(self, messages)) or NOTHING

    def table(self, head: Iterable[Message | str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
        """Yield the lines of a table, the cells of `rows` as they are, and an empty line."""
        titles = [self(title) if title else "" for title in head]
        yield f"| {' | '.join(titles)} |"
        yield f"|{'---|' * len(titles)}"
        for row in rows:
            yield f"| {' | '.join(row)} |"
        yield ""


def code(words: str) -> str:
    """Return a name as code, fit for a table."""
    return f"`{words}`".replace("|", r"\|")


def codes(names: Iterable[str]) -> str:
    """Return names as code in one line."""
    return ", ".join(map(code, names)) or NOTHING


def joined(lines: Iterable[str]) -> str:
    """Return a page of lines: one line feed at its end, no empty lines in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"

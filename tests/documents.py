"""Pages of Markdown as a reader takes them: commands to type, files to write, tables, links.

A console block holds commands alone: `$ COMMAND  # CODE: why`, where the comment is left out when the exit code is 0.
Lines that begin with `> ` are what is typed when the command above asks. A block whose language is followed by a
file's name is that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s+# (?:(\d+): )?[^'\"]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file that it is ("" for none), and its text."""

    language: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it stands, the exit code that the page speaks of, and what is typed when it asks."""

    words: str
    code: int = 0
    typed: tuple[str, ...] = ()


class Document:
    """One page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    @property
    def every_block(self) -> tuple[Block, ...]:
        """Every fenced block, in order."""
        return tuple(Block(language, file, text) for language, file, text in _FENCE.findall(self.text))

    def blocks(self, language: str) -> list[str]:
        """Return the texts of the blocks in one language that are no files."""
        return [block.text for block in self.every_block if block.language == language and not block.file]

    @property
    def steps(self) -> Iterator[Command | Block]:
        """What a reader does, from top to bottom: commands, and files."""
        for block in self.every_block:
            if block.language == "console":
                yield from commands_of(block.text)
            elif block.file:
                yield block

    @property
    def commands(self) -> list[Command]:
        """The commands alone."""
        return [step for step in self.steps if isinstance(step, Command)]

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Level and words of every heading."""
        prose = _FENCE.sub("", self.text)
        return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", prose, re.MULTILINE)]

    @property
    def links(self) -> list[str]:
        """Where it points within the repository."""
        return re.findall(r"\]\((?!https?:)([^)\s]+)\)", _FENCE.sub("", self.text))

    def table(self, first_column: str) -> list[list[str]]:
        """Return the rows of the table whose head begins with these words."""
        head = next(line for line in self.text.splitlines() if line.startswith(f"| {first_column} |"))
        rows = self.text.partition(head)[2].partition("\n\n")[0].splitlines()[2:]
        return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def commands_of(block: str) -> Iterator[Command]:
    """Read the commands of a console block."""
    current: Command | None = None
    for line in block.splitlines():
        if line.startswith(">"):
            assert current, "something is typed before any command"
            current = Command(current.words, current.code, (*current.typed, line[2:]))
            continue
        assert line.startswith("$ "), f"a console block holds commands alone: {line}"
        if current:
            yield current
        comment = _COMMENT.search(line)
        words = (line[: comment.start()] if comment else line).removeprefix("$ ").rstrip()
        current = Command(words, int(comment[1] or 0) if comment else 0)
    if current:
        yield current


def anchors(document: Document) -> set[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    return {re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") for _, words in document.headings}

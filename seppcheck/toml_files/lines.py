"""Which line of a TOML text a key stands in.

`tomllib` tells no positions. So the text is cut into the smallest blocks of lines that `tomllib` reads on their
own, each a header or one `key = value`: what a block holds is known from `tomllib`, and where it stands from the cut.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from seppcheck.toml_files.faults import KeyPath

_BUDGET = 2_000_000
"""Characters that are read again at most: a text made to be slow gets no line numbers instead."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_STATEMENT = re.compile(rf"\s*(?:\[.*\]\s*(?:#.*)?$|{_KEY}(?:\s*\.\s*{_KEY})*\s*=)")
_IDLE = re.compile(r"\s*(?:#.*)?$")


@dataclass(slots=True)
class _Block:
    line: int
    text: str
    content: Mapping[str, Any]


@dataclass(slots=True)
class TomlLines:
    """Lines by key path, counted from 1."""

    known: dict[KeyPath, int] = field(default_factory=dict)

    def of(self, path: KeyPath) -> int | None:
        """Return the line of a key, or of the nearest table around it; None where neither is known."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.known:
                return self.known[path[:end]]
        return None


def key_lines(document: str) -> TomlLines:
    """Find the lines of every key of a text that `tomllib` accepts.

    A value inside an array of several lines has the line on which it stands.
    """
    lines = TomlLines()
    counts: dict[KeyPath, int] = {}
    section: KeyPath = ()
    for block in _blocks(document.replace("\r\n", "\n").split("\n")):
        if block.text.lstrip().startswith("["):
            section = _enter(block.content, counts)
            lines.known.setdefault(section, block.line)
            for end in range(1, len(section)):
                lines.known.setdefault(section[:end], block.line)
        else:
            _note(lines, section, block.content, block.line)
            _note_elements(lines, section, block)
    return lines


def _blocks(lines: list[str]) -> Iterator[_Block]:
    budget, start = _BUDGET, 0
    while start < len(lines):
        if _IDLE.match(lines[start]):
            start += 1
            continue
        for end in _ends(lines, start):
            text = "\n".join(lines[start:end])
            budget -= len(text)
            content = _parsed(text)
            if content is not None:
                yield _Block(start + 1, text, content)
                start = end
                break
            if budget < 0:
                return
        else:
            return


def _ends(lines: list[str], start: int) -> Iterator[int]:
    """Yield where the statement may end: before a line that looks like another one, or at the end."""
    for end in range(start + 1, len(lines)):
        if _STATEMENT.match(lines[end]):
            yield end
    yield len(lines)


def _parsed(text: str) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _enter(header: Mapping[str, Any], counts: dict[KeyPath, int]) -> KeyPath:
    """Return the path of a header's table; in arrays of tables that is the last one so far."""
    path: KeyPath = ()
    node: Any = header
    while isinstance(node, dict) and node:
        name, node = next(iter(node.items()))
        path = (*path, name)
        if isinstance(node, list):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _note(lines: TomlLines, path: KeyPath, value: Any, line: int) -> None:
    """Note the line for a value and everything in it."""
    if path:
        lines.known.setdefault(path, line)
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        _note(lines, (*path, key), item, line)


def _note_elements(lines: TomlLines, section: KeyPath, block: _Block) -> None:
    """Correct the lines of an array's elements, where the array is cut at its line ends and closed by hand."""
    path, value = _leaf(block.content)
    rows = block.text.rstrip().split("\n")
    if not isinstance(value, list) or len(rows) == 1 or len(rows) * len(block.text) > _BUDGET:
        return
    seen = 0
    for row in range(1, len(rows) + 1):
        content = _parsed("\n".join(rows[:row]) + "\n]")
        elements = _leaf(content)[1] if content else None
        for position in range(seen, len(elements) if isinstance(elements, list) else 0):
            _move(lines, (*section, *path, position), value[position], block.line + row - 1)
            seen = position + 1


def _leaf(content: Mapping[str, Any]) -> tuple[KeyPath, Any]:
    path: KeyPath = ()
    node: Any = content
    while isinstance(node, dict) and len(node) == 1:
        name, node = next(iter(node.items()))
        path = (*path, name)
    return path, node


def _move(lines: TomlLines, path: KeyPath, value: Any, line: int) -> None:
    lines.known[path] = line
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        _move(lines, (*path, key), item, line)

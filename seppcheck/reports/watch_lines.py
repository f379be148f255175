"""A watch where there is no terminal: a line for every change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TextIO

from seppcheck.locale import translator
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Entry
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.times import both, local
from seppcheck.reports.watch_words import change_of, step_of


def write_entry(entry: Entry, stream: TextIO, language: str, zone: tzinfo | None = None) -> None:
    """Write what changed, a line each, all beginning with the time; the state's line comes first.

    Raises:
        BrokenPipeError: when the reader went away.
    """
    encoding, translate = stream.encoding or "utf-8", translator(language)
    when = both(entry.at, zone, seconds=True)
    for line in _lines(entry):
        message = text("{time}  {line}", time=when, line=local(line, zone))
        stream.write(for_terminal(message.render(translate), encoding) + "\n")
    stream.flush()


def _lines(entry: Entry) -> Iterator[Message]:
    if entry.before is None or entry.rings:
        yield text("[{step}] {sentence}", step=step_of(entry), sentence=entry.state.sentence)
    yield from map(change_of, entry.changes)
    yield from entry.moments

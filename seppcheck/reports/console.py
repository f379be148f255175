"""The terminal, or what stands in for one, that reports for people are written to."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console

_PIPED = 100
"""Columns where there is no terminal and COLUMNS does not say how wide it should be."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Say that the reader went away; rich itself would end the process with 1, which means "failed"."""
        raise BrokenPipeError


def console_for(stream: TextIO) -> Console:
    """Return what writes to a stream: in colour on a terminal, unless NO_COLOR is set (no-color.org)."""
    width = None if stream.isatty() or "COLUMNS" in os.environ else _PIPED
    return _Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def can_show(symbols: str, encoding: str) -> bool:
    """Tell whether an encoding has all of these characters."""
    try:
        symbols.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

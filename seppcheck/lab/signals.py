"""SIGTERM as an exception, so that a lab that is told to end puts everything away."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(BaseException):
    """The process was asked to end."""


@contextmanager
def termination() -> Iterator[None]:
    """Raise `Terminated` in the main thread on SIGTERM, and on Ctrl-Break on Windows."""
    signals = [signal.SIGTERM, *([signal.SIGBREAK] if hasattr(signal, "SIGBREAK") else [])]
    before = [(number, signal.signal(number, _raise)) for number in signals]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise Terminated

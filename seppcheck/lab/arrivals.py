"""The folder of mail samples follows the world: what arrives now, as the receivers get it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from seppcheck.clock import Clock
from seppcheck.errors import UserError
from seppcheck.files import write_text
from seppcheck.lab.mail_route import Route
from seppcheck.scenarios import samples
from seppcheck.scenarios.appliances import KUNDE
from seppcheck.scenarios.shape import Sample

_EVERY_SECONDS = 0.1
_NAMES = frozenset(sample.name for sample in (samples.outgoing(), samples.incoming(), samples.parallel()))
Occasion = tuple[Route, bytes]
"""What lets new mails arrive when it changes: the way that they go, and the gateway's record."""


class Arrivals:
    """Writes the mails that arrive: an asynchronous context manager that looks for changes while it is open.

    A file that somebody else wrote, or wrote over, is never touched.
    """

    def __init__(self, folder: Path, written: Mapping[str, str], look: Callable[[], Occasion], clock: Clock) -> None:
        """Take the files that the lab has `written`, by name, for the state that `look` sees now."""
        self._folder = folder
        self._written = dict(written)
        self._look = look
        self._clock = clock
        self._seen = look()
        self._lock = threading.Lock()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            self.catch_up()

    def catch_up(self) -> None:
        """Write the mails of the present state if it is another than at the last look. For any thread."""
        with self._lock:
            now = self._look()
            if now == self._seen:
                return
            arriving = now[0].arriving(KUNDE)
            with suppress(UserError, OSError):  # somebody has the file open: the next look tries again
                if arriving is not None and self._folder.is_dir():
                    self._deliver(arriving)
                self._seen = now

    def _deliver(self, arriving: Iterable[Sample]) -> None:
        mails = {f"{sample.name}.eml": received(sample, self._clock()) for sample in arriving}
        for name in (f"{each}.eml" for each in _NAMES):
            path = self._folder / name
            if not self._is_ours(path):
                continue
            if name in mails:
                write_text(path, mails[name])
                self._written[name] = mails[name]
            else:
                path.unlink(missing_ok=True)
                self._written.pop(name, None)

    def _is_ours(self, path: Path) -> bool:
        if not path.exists():
            return True
        with path.open("rb") as file:
            return file.read() == self._written.get(path.name, "").encode("utf-8")


def received(sample: Sample, at: datetime) -> str:
    """Return a mail with every date in it set to a time."""
    return sample.mail.replace("{date}", format_datetime(at))

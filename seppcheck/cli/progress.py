"""Progress on a terminal, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from seppcheck.engine.gather import Progress, silent
from seppcheck.locale import translator
from seppcheck.model.text import text


@contextmanager
def progress(language: str, *, shown: bool) -> Iterator[Progress]:
    """Yield what a run reports its progress to; nothing is shown unless a person watches."""
    if not shown or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it, and start-up is quick without
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bar  # noqa: PLC0415 - as above

    label = text("Looking").render(translator(language))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

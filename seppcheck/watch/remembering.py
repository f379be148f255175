"""What a watch leaves in the history: a record where something differs from the last one, the first and the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from seppcheck.history import seen_by
from seppcheck.model.run import Run

Document = Mapping[str, Any]


class Recorder:
    """Decides which rounds are recorded. One in which no MX record was asked for leaves nothing behind."""

    def __init__(self, write: Callable[[Document], object]) -> None:
        """Record nothing yet.

        Args:
            write: records a document; what it raises goes through.
        """
        self._write = write
        self._known: dict[object, object] = {}
        self._last: Document | None = None
        self._unwritten: list[Document] = []

    def note(self, run: Run) -> None:
        """Record a round, if it saw something new."""
        document = seen_by(run)
        if not any("mx" in seen for seen in document["domains"].values()):
            return
        parts = _parts(document)
        if all(key in self._known and self._known[key] == value for key, value in parts.items()):
            self._last = document
        else:
            self._known.update(parts)
            self._last = None
            self._unwritten.append(document)
        self._write_all()

    def finish(self) -> None:
        """Record the last round, where it is not recorded yet."""
        if self._last is not None:
            self._unwritten.append(self._last)
            self._last = None
        self._write_all()

    def _write_all(self) -> None:
        """Write what is to be recorded, oldest first; what cannot be written is tried again with the next round."""
        while self._unwritten:
            self._write(self._unwritten[0])
            del self._unwritten[0]


def _parts(document: Document) -> dict[object, object]:
    """Return what is compared: the verdict, and each record of each domain by itself, since rounds differ in them."""
    parts: dict[object, object] = {key: document[key] for key in ("verdict", "hold")}
    for name, found in document["domains"].items():
        parts |= {(name, key): seen for key, seen in found.items()}
    return parts

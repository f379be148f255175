"""The journal of an `apply`: the plan in its first line, then what was meant and what was done, each on disk at once.

A line is written and flushed to the disk before the next thing happens, so that whenever the process ends, what was
really done is known up to one step, and that step is looked at again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from seppcheck.clock import Clock, aware, stamp
from seppcheck.errors import UserError
from seppcheck.model.changes import Image
from seppcheck.model.plans import MigrationPlan
from seppcheck.plan_document import from_document, image_from_document, to_document

SUFFIX = ".journal.jsonl"
_MOST = 256 * 1024 * 1024
_EVENTS = frozenset({"intent", "done", "wait", "undo", "undone"})


@dataclass(slots=True)
class Trace:
    """What a journal says of one change. Moments are UTC.

    `before` is what stood there when it was written. `already` tells that the state after it was there before this
    program touched it: it is not undone. `refused` tells that undoing it was refused for good. `guid` is that of an
    object that it made.
    """

    intent: datetime | None = None
    before: Image | None = None
    done: datetime | None = None
    already: bool = False
    until: datetime | None = None
    undo: datetime | None = None
    undone: datetime | None = None
    refused: bool = False
    guid: str = ""


@dataclass(slots=True)
class Record:
    """A journal as read: the plan, a trace a change, and the new Guid of every object that was made anew."""

    plan: MigrationPlan
    traces: dict[str, Trace] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)

    def of(self, identifier: str) -> Trace:
        """Return the trace of a change."""
        return self.traces.setdefault(identifier, Trace())

    @property
    def rolled_back(self) -> bool:
        """Whether a rollback has begun."""
        return any(trace.undo or trace.undone for trace in self.traces.values())

    def take(self, event: Mapping[str, Any]) -> None:
        """Add one line.

        Raises:
            LookupError: for a change that the plan does not have.
            KeyError: when something is missing.
            ValueError: for what no journal holds.
        """
        kind, identifier, at = event["event"], str(event["id"]), aware(datetime.fromisoformat(event["at"]))
        self.plan.change(identifier)
        if kind not in _EVENTS:
            raise ValueError(kind)
        trace = self.of(identifier)
        if event.get("withdrawn"):
            trace.intent, trace.before = None, None
            return
        if kind == "wait":
            trace.until = aware(datetime.fromisoformat(event["until"]))
        else:
            setattr(trace, kind, at)
        if kind == "intent" and trace.before is None:
            trace.before = image_from_document(event.get("before"))
        trace.already = trace.already or bool(event.get("already"))
        trace.refused = trace.refused or bool(event.get("refused"))
        if event.get("guid") and event.get("instead_of"):
            self.guids[str(event["instead_of"])] = str(event["guid"])
        elif event.get("guid"):
            trace.guid = str(event["guid"])


def journal_of(plan: Path) -> Path:
    """Return where the journal of a plan's file is: beside it, under its whole name."""
    return plan.with_name(plan.name + SUFFIX)


def read(path: Path) -> Record | None:
    """Read a journal; None when none was begun: no file, or one whose first line is torn.

    Raises:
        UserError: naming the line that is damaged. A torn last line is what a killed process leaves: it is ignored.
    """
    try:
        if path.stat().st_size > _MOST:
            raise UserError("{journal} is larger than a journal can be", journal=path)
        whole = _whole_lines(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError("{journal} cannot be read: {problem}", journal=path, problem=error.strerror or error) from None
    if not whole:
        return None
    record = Record(_plan(path, whole[0]))
    for number, line in enumerate(whole[1:], start=2):
        try:
            record.take(json.loads(line))
        except (LookupError, TypeError, ValueError, AttributeError, UserError, RecursionError):
            raise _damaged(path, number) from None
    return record


def _whole_lines(content: bytes) -> list[bytes]:
    """Return the lines that were finished: a torn last one has no line feed, or is no JSON."""
    lines = content.split(b"\n")[:-1]
    if lines and not _is_json(lines[-1]):
        del lines[-1]
    return lines


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _plan(path: Path, line: bytes) -> MigrationPlan:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise _damaged(path, 1) from None
    return from_document(document, str(path))


def _damaged(path: Path, number: int) -> UserError:
    return UserError(
        "{journal}, line {number}: this is no line of a journal; it was edited or damaged, so what was done is not "
        "known: compare the systems with the plan by hand",
        journal=path,
        number=number,
    )


class Journal:
    """An open journal: what is noted is on disk before the call returns."""

    def __init__(self, path: Path, record: Record, clock: Clock) -> None:
        self.path = path
        self.record = record
        self._clock = clock

    def note(self, event: str, identifier: str, **more: object) -> None:
        """Write one line.

        Raises:
            UserError: when the disk refuses: then nothing may be changed any more.
        """
        line = {"event": event, "id": identifier, "at": stamp(self._clock()), **more}
        append(self.path, json.dumps(line, ensure_ascii=True, sort_keys=True))
        self.record.take(line)


def begin(path: Path, plan: MigrationPlan, clock: Clock) -> Journal:
    """Begin a journal with the whole plan in its first line.

    Raises:
        UserError: when it cannot be written.
    """
    line = json.dumps(to_document(plan), ensure_ascii=True, sort_keys=True)
    append(path, line, anew=True)
    return Journal(path, Record(plan), clock)


def go_on(path: Path, record: Record, clock: Clock) -> Journal:
    """Open a journal that was begun; what a killed process left unfinished behind the last line is cut off."""
    try:
        with path.open("r+b") as file:
            whole = b"".join(line + b"\n" for line in _whole_lines(file.read()))
            file.truncate(len(whole))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from None
    return Journal(path, record, clock)


def append(path: Path, line: str, *, anew: bool = False) -> None:
    """Write a line to the end of a file, and wait until it is on the disk."""
    try:
        with _opened(path, anew=anew) as file:
            file.write(line.encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if anew:
            _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None


def _opened(path: Path, *, anew: bool) -> BinaryIO:
    return path.open("wb") if anew else path.open("ab")


def _sync_folder(folder: Path) -> None:
    """Wait until the folder knows the new file; Windows, which cannot open folders, does so by itself."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return  # some network file systems cannot; the file's own content is on disk
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(
        "the journal {journal} cannot be written ({problem}), and without it nothing is changed",
        journal=path,
        problem=error.strerror or str(error),
    )


@contextmanager
def alone(*paths: Path) -> Iterator[None]:
    """Hold locks for as long as the block lasts; a killed process holds none.

    Raises:
        UserError: when another process holds one.
    """
    locks: list[FileLock] = []
    try:
        for path in paths:
            lock = FileLock(path.with_name(path.name + ".lock"))
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise UserError(
                    "another seppcheck is at work here ({lock} is held): wait until it has ended",
                    lock=path.with_name(path.name + ".lock"),
                ) from None
            except OSError as error:
                raise _unwritable(path, error) from None
            locks.append(lock)
        yield
    finally:
        for lock in reversed(locks):
            lock.release()

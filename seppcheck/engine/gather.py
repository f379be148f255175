"""Gathering: each piece of evidence once, all at the same time, within the run's deadline."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from seppcheck.engine.calling import call
from seppcheck.engine.memory import FORGETFUL, Forgetful
from seppcheck.engine.plan import Need
from seppcheck.model.checks import Wanted
from seppcheck.model.evidence import Each, Evidence, Now, Provenance, Record, Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.sources import Session, Source
from seppcheck.model.targets import Site, Target
from seppcheck.model.text import Message, plain, text

Key = tuple[str, str, str]
"""Evidence kind, target kind, target name: evidence is keyed by these and nothing else."""


Progress = Callable[[int, int], None]
"""Told how many pieces of evidence are there, and of how many."""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
    del done, total


def key_of(kind: str, target: Target) -> Key:
    """Return what identifies a piece of evidence."""
    return kind, target.kind, target.name


class Gatherer:
    """Brings evidence in, memoised: whoever asks first starts the source, the others wait for it."""

    def __init__(
        self,
        sources: Mapping[type[Evidence], Source],
        site: Site,
        session: Session,
        known: Mapping[Key, Record],
        may_ask: Callable[[Source], bool],
        memory: Forgetful = FORGETFUL,
    ) -> None:
        """Prepare; nothing is asked yet.

        Args:
            sources: which source provides which kind.
            site: finds the gateway or tenant around a target.
            session: handed to the sources.
            known: recorded evidence, which is used instead of asking.
            may_ask: whether a source may run at all (offline, none may that reads from the network).
            memory: what sources said in earlier rounds and need not be asked again for yet.
        """
        self._sources = sources
        self._site = site
        self._session = session
        self._may_ask = may_ask
        self._memory = memory
        self._records: dict[Key, Record] = dict(known)
        self._tasks: dict[tuple[Source, Target], asyncio.Task[None]] = {}
        self._wanted: dict[Key, tuple[type[Evidence], Target]] = {}
        self.interrupted = False

    async def gather(self, needs: Iterable[Need], deadline: float, on_progress: Progress) -> tuple[Record, ...]:
        """Gather what checks and remediations need. What is not there after `deadline` seconds is a time-out.

        A cancellation (Ctrl-C) ends the waiting: what was gathered is kept, the rest is marked
        `interrupted`.
        """
        needed = {
            key_of(kind.kind, target): (kind, target)
            for need in needs
            for wanted in need.wanted
            for kind, target in pieces(wanted, need.target, self._site)
        }
        asked = [asyncio.ensure_future(self.evidence(kind, target)) for kind, target in needed.values()]
        _report(asked, on_progress)
        reason = Reason.TIMEOUT
        try:
            if asked:
                await asyncio.wait(asked, timeout=deadline)
        except asyncio.CancelledError:
            self.interrupted, reason = True, Reason.INTERRUPTED
            _ = (task := asyncio.current_task()) and task.uncancel()
        await _abandon([*asked, *self._tasks.values()])
        for key, (kind, target) in self._wanted.items():
            if key not in self._records:
                self._missing(kind, target, reason, _unfinished(reason, deadline))
        for (source, target), task in self._tasks.items():
            if task.cancelled() or not task.done():
                missing = Unavailable(reason, _unfinished(reason, deadline))
                self._store(source, target, (missing,) * len(source.provides))
                self._remember(source, target)
        return tuple(self._records[key] for key in sorted(self._wanted))

    async def evidence(self, kind: type[Evidence], target: Target) -> Record:
        """Return one piece of evidence, gathering it if nobody has yet."""
        key = key_of(kind.kind, target)
        self._wanted.setdefault(key, (kind, target))
        if key not in self._records:
            await self._ask(kind, target)
        return self._records[key]

    async def _ask(self, kind: type[Evidence], target: Target) -> None:
        source = self._sources.get(kind)
        if source is None:
            self._missing(kind, target, Reason.UNSUPPORTED, text("no source provides {kind}", kind=kind.kind))
        elif not self._may_ask(source):
            detail = text("the bundle does not hold it; collect it where {source} can be asked", source=source.name)
            self._missing(kind, target, Reason.NOT_COLLECTED, detail)
        else:
            running = self._tasks.get((source, target))
            if running is None:
                running = self._tasks[source, target] = asyncio.ensure_future(self._run(source, target))
            await asyncio.shield(running)

    async def _run(self, source: Source, target: Target) -> None:
        try:
            arguments = {w.name: await self._argument(w, target) for w in source.wanted}
        except _MissingError as missing:
            self._store(source, target, (missing.why,) * len(source.provides))
            return
        remembered = self._memory.recall(source, target, arguments)
        if remembered is None:
            self._memory.ask(source, target, arguments)
            self._store(source, target, await self._contents(source, arguments))
            self._remember(source, target)
            return
        for kind, record in zip(source.provides, remembered, strict=True):
            self._wanted.setdefault(key_of(kind.kind, target), (kind, target))
            self._keep(record)

    async def _contents(self, source: Source, arguments: Mapping[str, object]) -> tuple[Evidence | Unavailable, ...]:
        try:
            answer = await call(source, arguments)
        except Exception as error:  # noqa: BLE001 - a source may be foreign code; its crash is one reason among others
            return (_crashed(source.name, error),) * len(source.provides)
        contents = answer if isinstance(answer, tuple) else (answer,) * len(source.provides)
        expected = [(kind, Unavailable) for kind in source.provides]
        if len(contents) != len(expected) or not all(map(isinstance, contents, expected)):
            problem = TypeError(f"it answered {type(answer).__name__}, not what its signature promises")
            return (_crashed(source.name, problem),) * len(source.provides)
        return contents

    def _store(self, source: Source, target: Target, contents: tuple[Evidence | Unavailable, ...]) -> None:
        for kind, content in zip(source.provides, contents, strict=True):
            self._wanted.setdefault(key_of(kind.kind, target), (kind, target))
            self._keep(self._record(source, kind, target, content))

    def _keep(self, record: Record) -> None:
        self._records.setdefault(key_of(record.kind, record.target), record)

    def _remember(self, source: Source, target: Target) -> None:
        keys = (key_of(kind.kind, target) for kind in source.provides)
        self._memory.keep(source, target, tuple(self._records[key] for key in keys))

    async def _argument(self, wanted: Wanted, target: Target) -> object:
        if wanted.type is Session:
            return self._session
        if wanted.type is Now:
            return Now(self._session.clock())
        if wanted.type is Site:
            return self._site
        if not issubclass(wanted.type, Evidence):
            return self._site.around(target, wanted.type)
        records = [await self.evidence(*piece) for piece in pieces(wanted, target, self._site)]
        if wanted.each:
            return Each(tuple((record.target, record.content) for record in records))
        (record,) = records
        if isinstance(record.content, Unavailable) and not wanted.or_unavailable:
            raise _MissingError(record.content)
        return record.content

    def _record(self, source: Source, kind: type[Evidence], target: Target, content: Evidence | Unavailable) -> Record:
        when, assurance = self._session.clock(), source.assurance
        if isinstance(content, Unavailable):
            content = Unavailable(content.reason, plain(content.detail), content.asked)
        else:
            when = content.seen_at or when
            assurance = content.assurance or assurance
        provenance = Provenance(source.name, when.replace(microsecond=0), content.asked, assurance)
        return Record(kind.kind, target, provenance, content)

    def _missing(self, kind: type[Evidence], target: Target, reason: Reason, detail: Message) -> None:
        source = self._sources.get(kind)
        name = source.name if source else "-"
        provenance = Provenance(name, self._session.clock().replace(microsecond=0))
        self._records[key_of(kind.kind, target)] = Record(
            kind.kind, target, provenance, Unavailable(reason, plain(detail))
        )


class _MissingError(Exception):
    """Evidence that a source builds upon is not to be had."""

    def __init__(self, why: Unavailable) -> None:
        super().__init__(str(why.detail))
        self.why = why


def argument_of(
    wanted: Wanted, target: Target, site: Site, phase: Phase, now: Now, records: Mapping[Key, Record]
) -> object:
    """Return what a check or remediation asked for by type; evidence that is missing comes as `Unavailable`."""
    if wanted.type is Now:
        return now
    if wanted.type is Phase:
        return phase
    if wanted.type is Site:
        return site
    if not issubclass(wanted.type, Evidence):
        return site.around(target, wanted.type)
    found = [records[key_of(kind.kind, about)] for kind, about in pieces(wanted, target, site)]
    if wanted.each:
        return Each(tuple((record.target, in_date(record.content, phase, now)) for record in found))
    return in_date(found[0].content, phase, now)


def in_date(content: Evidence | Unavailable, phase: Phase, now: Now) -> Evidence | Unavailable:
    """Return it, unless it is too old to count in this phase."""
    if isinstance(content, Unavailable) or content.seen_at is None:
        return content
    limit = content.max_age.get(phase)
    if limit is None or now.at - content.seen_at <= limit:
        return content
    detail = text(
        "it was collected on {at}, and may be {hours} h old at most in {phase}; collect it anew",
        at=content.seen_at,
        hours=round(limit.total_seconds() / 3600),
        phase=phase.value,
    )
    return Unavailable(Reason.EXPIRED, detail, content.asked)


def pieces(wanted: Wanted, target: Target, site: Site) -> tuple[tuple[type[Evidence], Target], ...]:
    """Return every piece of evidence that one parameter stands for; none when it asks for something else."""
    kind = wanted.type
    if not issubclass(kind, Evidence):
        return ()
    if wanted.each:
        return tuple((kind, each) for each in site.targets(kind.target_type))
    return ((kind, site.around(target, kind.target_type)),)


def _report(asked: Sequence[asyncio.Future[Any]], on_progress: Progress) -> None:
    done = 0

    def count(_: asyncio.Future[Any]) -> None:
        nonlocal done
        done += 1
        on_progress(done, len(asked))

    for task in asked:
        task.add_done_callback(count)


async def _abandon(tasks: Iterable[asyncio.Future[Any]]) -> None:
    open_tasks = [task for task in tasks if not task.done()]
    for task in open_tasks:
        task.cancel()
    if open_tasks:
        await asyncio.wait(open_tasks, timeout=1.0)


def _unfinished(reason: Reason, deadline: float) -> Message:
    if reason is Reason.INTERRUPTED:
        return text("the run was interrupted before this was known; run it again")
    return text(
        "not known within the run's deadline of {seconds} s ([run] deadline); try again or raise it",
        seconds=f"{deadline:g}",
    )


def _crashed(name: str, error: Exception) -> Unavailable:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "-"
    detail = text(
        "the source {name} crashed: {kind}: {error} ({where}); this is a bug, please report it",
        name=name,
        kind=type(error).__name__,
        error=str(error).partition("\n")[0],  # validators quote what they were given below it: it may be a secret
        where=where,
    )
    return Unavailable(Reason.CRASHED, detail)

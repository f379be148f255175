"""A world in memory, a clock that is set by hand, and a process that dies at any moment one likes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, Milestone, PlanPhase, System
from seppcheck.model.plans import Backwards, MigrationPlan, PlannedChange
from seppcheck.model.targets import Domain, Gateway, Site, Tenant
from seppcheck.model.text import Message
from seppcheck.remediate import journal
from seppcheck.remediate.comparison import counts_after, difference
from seppcheck.remediate.work import Work
from seppcheck.remediate.worlds import WorldFault, Writable

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = Site(Gateway("secure.example.org"), (Domain("kunde.example"),), Tenant("example.onmicrosoft.com"))


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Fate:
    """Counts every step at which a process can end, and ends it at one of them."""

    at: int | None = None
    count: int = 0

    def __call__(self) -> None:
        self.count += 1
        if self.count == self.at:
            raise Killed


@dataclass
class Memory:
    """RRsets by name and type, objects by Guid; a new object gets a new Guid."""

    rrsets: dict[tuple[str, str], DnsImage] = field(default_factory=dict)
    objects: dict[str, ExchangeImage] = field(default_factory=dict)
    fate: Fate = field(default_factory=Fate)
    faults: list[WorldFault] = field(default_factory=list)
    """Raised by the next writes, one each."""
    after_effect: bool = False
    """Whether a write takes effect before its fault is raised."""
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    writes: int = 0

    def read(self, image: Writable) -> Writable | None:
        self.fate()
        if isinstance(image, DnsImage):
            return self.rrsets.get((image.name, image.type))
        if image.guid:
            return self.objects.get(image.guid)
        named = [o for o in self.objects.values() if (o.type, o.name.lower()) == (image.type, image.name.lower())]
        return named[0] if named else None

    def write(self, before: Writable | None, after: Writable | None) -> None:
        self.fate()
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or self.after_effect:
            self._store(before, after)
        self.fate()
        if fault is not None:
            raise fault

    def _store(self, before: Writable | None, after: Writable | None) -> None:
        self.writes += 1
        image = after or before
        if isinstance(image, DnsImage):
            if isinstance(after, DnsImage):
                self.rrsets[image.name, image.type] = after
            else:
                del self.rrsets[image.name, image.type]
            return
        if isinstance(before, ExchangeImage):
            assert before.guid in self.objects
            del self.objects[before.guid]
        if isinstance(after, ExchangeImage):
            assert all(o.name.lower() != after.name.lower() for o in self.objects.values()), "names are unique"
            guid = before.guid if isinstance(before, ExchangeImage) else f"made-{next(self.numbers)}"
            self.objects[guid] = replace(after, guid=guid)

    def unproven(self, before: Writable | None, after: Writable | None) -> Message | None:
        image = after or before
        assert image is not None
        return difference(after, self.read(image), with_ttl=counts_after(before, after))

    @property
    def state(self) -> object:
        """What is there, Guids aside."""
        objects = sorted((o.type, o.name, sorted(map(repr, o.properties.items()))) for o in self.objects.values())
        return dict(self.rrsets), objects


@dataclass
class Nobody:
    """Nobody sits at the terminal; what was told is kept."""

    told: list[str] = field(default_factory=list)

    def tell(self, message: Message) -> None:
        self.told.append(str(message))

    def begin(self, change: PlannedChange, *, back: bool) -> None:
        self.told.append(f"{'undo ' if back else ''}{change.id}")

    def did(self, change: PlannedChange, steps: Iterable[str]) -> bool:
        return False


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


MX = DnsImage("kunde.example", "MX", 60, ("0 kunde.mail.protection.outlook.com.",))
MX_NEW = DnsImage("kunde.example", "MX", 60, ("10 secure.example.org.",))


def rule(name: str, guid: str = "", **properties: object) -> ExchangeImage:
    return ExchangeImage("TransportRule", name, {"Name": name, "State": "Enabled", **properties}, guid)


OLD, RENAMED, NEW = rule("200", "g-old"), rule("200 (parallel)", "g-old"), rule("200", SentToScope="NotInOrganization")
OFF = replace(RENAMED, properties={**RENAMED.properties, "State": "Disabled"})


def change(
    identifier: str,
    before: Writable | None = None,
    after: Writable | None = None,
    *,
    seconds: int | None = None,
    needs: tuple[str, ...] = (),
    milestone: Milestone | None = None,
) -> PlannedChange:
    dns = isinstance(before or after, DnsImage)
    return PlannedChange(
        id=identifier,
        check="no-such-check",
        requirements=(),
        system=System.PEOPLE if seconds else System.DNS if dns else System.EXCHANGE,
        kind=ChangeKind.WAIT if seconds else ChangeKind.AUTOMATIC,
        summary=f"step {identifier}",
        why="because",
        target="kunde.example",
        target_kind="domain",
        before=before,
        after=after,
        inverse=None if seconds else Backwards(after, before),
        needs=needs,
        seconds=seconds,
        milestone=milestone,
    )


NIGHT = (
    change("1", OLD, RENAMED),
    change("2", None, NEW, needs=("1",)),
    change("3", RENAMED, OFF, needs=("2",)),
    change("4", MX, MX_NEW, needs=("3",), milestone=Milestone.MX_MOVED),
    change("5", seconds=60, needs=("4",), milestone=Milestone.MX_SETTLED),
    change("6", NEW, replace(NEW, properties={**NEW.properties, "ExceptIfSCLOver": 9}), needs=("5",)),
)


def plan(changes: tuple[PlannedChange, ...] = NIGHT) -> MigrationPlan:
    return MigrationPlan(
        phase=PlanPhase.CUTOVER,
        language="en",
        gateway=SITE.gateway.name,
        tenant=SITE.tenant.name,
        domains=("kunde.example",),
        created_at=NOON,
        judged_at=NOON,
        changes=changes,
    )


def first_world() -> Memory:
    return Memory({("kunde.example", "MX"): MX}, {"g-old": OLD, "g-own": rule("Newsletter", "g-own")})


class DyingJournal(journal.Journal):
    """A journal whose process may end before or after each line, or in the middle of one."""

    fate: Fate

    def note(self, event: str, identifier: str, **more: object) -> None:
        self.fate()
        super().note(event, identifier, **more)
        try:
            self.fate()
        except Killed:
            content = self.path.read_bytes()
            self.path.write_bytes(content[:-3])  # the line was only partly on disk
            raise
        self.fate()


def work_of(path: Path, memory: Memory, clock: Clock, changes: tuple[PlannedChange, ...] = NIGHT) -> Work:
    """Begin, or go on with what a journal says."""
    known = journal.read(path)
    opened = journal.go_on(path, known, clock) if known else journal.begin(path, plan(changes), clock)
    dying = DyingJournal(opened.path, opened.record, clock)
    dying.fate = memory.fate
    registry = SimpleNamespace(checks={}, kinds={}, sources={})
    selection = SimpleNamespace(skipped=(), domains=())
    settings = SimpleNamespace(site=SITE, mail=SimpleNamespace(samples=()))
    request: Any = SimpleNamespace(settings=settings, registry=registry, clock=clock, selection=selection)
    return Work(request, opened.record.plan, dying, lambda _: memory, Nobody(), patience=0.0, sleep=lambda _: None)

"""What `apply` and `rollback` work with: the plan, its journal, the writers, fresh eyes, and somebody to talk to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from seppcheck.errors import UserError
from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, FactImage
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.targets import Target
from seppcheck.model.text import Message, text
from seppcheck.remediate.fresh import Look, cases_of, look
from seppcheck.remediate.journal import Journal
from seppcheck.remediate.worlds import World, Writable
from seppcheck.run import Request

_PATIENCE = 30.0
"""Seconds that a change has to show after it was made, before it counts as unproven."""
_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Stop:
    """Why it ends before everything is done: an exit code (1 failed, 3 waiting or unproven) and a sentence."""

    code: int
    message: Message


class Writers(Protocol):
    """Who writes what."""

    def __call__(self, image: Writable) -> World:
        """Return who writes an image."""

    def refuse_without_rights(self, images: Iterable[Writable]) -> None:
        """See, before anything is changed, that all of these can be written."""


class Person(Protocol):
    """Who is told what happens, and asked where only a person knows."""

    def tell(self, message: Message) -> None:
        """Say something."""

    def begin(self, change: PlannedChange, *, back: bool) -> None:
        """Say which step is at hand, and with `back` that it is undone."""

    def did(self, change: PlannedChange, steps: Iterable[str]) -> bool:
        """Show a manual step, ask what was found or done, and return whether it is worth looking again.

        False where nobody can be asked, or the person wants to stop.
        """


@dataclass(slots=True)
class Work:
    """One run of `apply` or `rollback`."""

    request: Request
    plan: MigrationPlan
    journal: Journal
    worlds: Writers
    person: Person
    patience: float = _PATIENCE
    sleep: Callable[[float], None] = time.sleep

    @property
    def now(self) -> datetime:
        """The time, UTC."""
        return self.request.clock()

    def present(self, image: Writable) -> Writable | None:
        """Return what stands there now; an object that was made anew is found under its new Guid.

        Raises:
            WorldFault: when it could not be looked at.
        """
        return self.worlds(image).read(self.renewed(image))

    def renewed(self, image: Writable) -> Writable:
        """Return an image under the Guid that its object has now."""
        if not isinstance(image, ExchangeImage):
            return image
        guid = self.journal.record.guids.get(image.guid, image.guid)
        return ExchangeImage(image.type, image.name, image.properties, guid)

    def proven(self, present: Writable | None, wanted: Writable | None, *, planned: object = None) -> Message | None:
        """Wait until everybody shows the state that is wanted; return what is missing when patience ends.

        Args:
            present: what stood there before it was written.
            wanted: what should stand there now, under the Guid of what stood there; None = nothing.
            planned: the plan's image before; of an RRset it tells whether the TTL is what changes.

        Raises:
            WorldFault: when it could not be looked at.
        """
        expected = _in_the_place_of(present, wanted)
        image = expected or present
        if image is None:
            return None  # there is nothing, and nothing was wanted
        before = planned if isinstance(planned, DnsImage) else present
        until = time.monotonic() + self.patience
        while (missing := self.worlds(image).unproven(before, expected)) is not None and time.monotonic() < until:
            self.sleep(_PAUSE)
        return missing


def _in_the_place_of(present: Writable | None, wanted: Writable | None) -> Writable | None:
    """Return an image under the Guid that its object has: one that was made anew is known by its name alone."""
    if not isinstance(wanted, ExchangeImage):
        return wanted
    guid = present.guid if isinstance(present, ExchangeImage) else ""
    return ExchangeImage(wanted.type, wanted.name, wanted.properties, guid)


def images_of(change: PlannedChange) -> tuple[Writable | None, Writable | None]:
    """Return both images of an automatic change.

    Raises:
        UserError: when the plan holds others there.
    """
    before, after = change.before, change.after
    if isinstance(before, FactImage) or isinstance(after, FactImage) or (before is None and after is None):
        raise UserError("change {id} of the plan has no images that this program can write", id=change.id)
    return before, after


def evidence_for(request: Request, changes: Iterable[PlannedChange]) -> Look:
    """Take a look at what shows whether manual steps are done: the facts that they name, and their checks' evidence."""
    manual = [change for change in changes if change.kind is ChangeKind.MANUAL]
    kinds: list[tuple[str, Target]] = [
        (image.kind, image.target)
        for change in manual
        for image in (change.before, change.after)
        if isinstance(image, FactImage)
    ]
    site = request.settings.site
    if any(change.proof for change in manual):
        kinds += [("mail-samples", site.gateway), *(("delivery-hold", domain) for domain in site.domains)]
    return look(request, kinds, [case for each in manual for case in cases_of(request, each.check, each.target)])


def evidence_for_guards(request: Request) -> Look:
    """Take a look at whose objects and addresses there are."""
    site = request.settings.site
    exchange = ("mail-flow", "inbound-connectors", "outbound-connectors", "transport-rules")
    kinds: list[tuple[str, Target]] = [(kind, site.tenant) for kind in exchange]
    kinds += [("gateway-addresses", site.gateway), ("reverse-dns", site.gateway)]
    return look(request, kinds)


def writable(image: object) -> Writable | None:
    """Return an image that a writer knows, if it is one."""
    return image if isinstance(image, DnsImage | ExchangeImage) else None


def unproven(change: PlannedChange, missing: Message) -> Stop:
    """Return the stop of a change that was made and does not show yet."""
    return Stop(
        3,
        text(
            "change {id} was made, but it does not show everywhere yet: {missing}. Go on with --resume",
            id=change.id,
            missing=missing,
        ),
    )

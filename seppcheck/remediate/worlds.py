"""What every writer is: something that reads one image, and brings it from one state to another."""

from __future__ import annotations

from typing import Protocol

from seppcheck.model.changes import DnsImage, ExchangeImage
from seppcheck.model.text import Message

Writable = DnsImage | ExchangeImage


class WorldFault(Exception):  # noqa: N818 - a fault is what happened, as HttpFault's
    """A world could not be read or changed; the sentence says what happened, to whom, and what to do.

    `unclear`: whether a change took effect is not known (a time-out after it was sent). `for_good`: the world
    refuses this for ever (EX505293), so trying again is of no use.
    """

    def __init__(self, message: Message, *, unclear: bool = False, for_good: bool = False) -> None:
        self.message = message
        self.unclear = unclear
        self.for_good = for_good
        super().__init__(str(message))


class World(Protocol):
    """One system that this program writes to. Its methods block, each for a bounded time."""

    def read(self, image: Writable) -> Writable | None:
        """Return what stands there now in the place that an image names; None = there is no such thing.

        An object of Exchange is meant by its guid where the image has one, else by its name without case; an
        RRset by name and type.

        Raises:
            WorldFault: when it could not be looked at: that is never "there is none".
        """

    def write(self, before: Writable | None, after: Writable | None) -> None:
        """Bring it from one state, as it was just read, to another, atomically where the world can.

        Args:
            before: None makes something new.
            after: None removes it.

        Raises:
            WorldFault: when it was refused, or it is unclear whether it took effect.
        """

    def unproven(self, before: Writable | None, after: Writable | None) -> Message | None:
        """Return None when everybody who is asked shows the state after, else what is still missing.

        Raises:
            WorldFault: when it could not be looked at.
        """

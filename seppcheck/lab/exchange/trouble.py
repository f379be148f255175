"""What goes wrong with the lab's Exchange Online on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from seppcheck.lab.exchange.refusals import Refusal, forbidden, refused, throttled
from seppcheck.lab.webserver import Response

_SILENCE = 300.0
"""Seconds after which nobody waits for an answer any more."""


class Mishap(StrEnum):
    """What becomes of a command that writes."""

    REFUSED = "refused"
    """It is answered 400 and not run."""
    THROTTLED = "throttled"
    """It is answered 429 and not run."""
    LOST_BEFORE = "lost-before"
    """The connection ends without an answer; it is not run."""
    LOST_AFTER = "lost-after"
    """It is run; the connection ends without an answer."""
    SILENT_BEFORE = "silent-before"
    """It is not run, and no answer ever comes."""
    SILENT_AFTER = "silent-after"
    """It is run, and no answer ever comes."""
    FAILED_BEFORE = "failed-before"
    """It is answered 503 and not run."""
    FAILED_AFTER = "failed-after"
    """It is run, and answered 503."""
    HALF_VISIBLE = "half-visible"
    """It is run and answered; what it made is not seen by the next commands."""

    @property
    def runs(self) -> bool:
        """Whether the command takes effect."""
        return self in (Mishap.LOST_AFTER, Mishap.SILENT_AFTER, Mishap.FAILED_AFTER, Mishap.HALF_VISIBLE)


@dataclass
class Aimed:
    """A mishap that waits for its command: the `nth` from now that writes and, where one is named, is this cmdlet."""

    mishap: Mishap
    cmdlet: str = ""
    nth: int = 1
    unseen: int = 0

    def hits(self, cmdlet: str) -> bool:
        """Tell whether it strikes this command; one that fits is counted."""
        if self.cmdlet.lower() not in ("", cmdlet.lower()):
            return False
        self.nth -= 1
        return self.nth <= 0


@dataclass
class Trouble:
    """What goes wrong on demand; may be set from any thread, and counts itself down."""

    throttle: int = 0
    """The next so many commands are answered 429."""
    retry_after: str = "1"
    """What these say in Retry-After."""
    forbid: int = 0
    """The next so many commands are answered 403 with NUL bytes."""
    answers: list[Response] = field(default_factory=list)
    """What the next commands are answered with, whatever it is."""
    page_size: int | None = None
    """Lists longer than this come in pages."""
    pages_expire: bool = False
    """Every page but the first is refused, as when another server is asked for it."""
    latency: float = 0.0
    """Every answer comes so many seconds late."""
    writes: list[Aimed] = field(default_factory=list)
    """What becomes of commands that write; each strikes once."""
    tells_cmdlets: bool = True
    """Whether EXOModuleFile is answered: which cmdlets the app may call."""

    def spoil(self, mishap: Mishap | str, cmdlet: str = "", nth: int = 1, *, unseen: int = 2) -> None:
        """Let a command that writes go wrong.

        Args:
            mishap: how, such as `lost-after`.
            cmdlet: which one; "" for any that writes.
            nth: the how manieth of these, from now on.
            unseen: by how many of the next commands what is made stays unseen, where it is half-visible.
        """
        self.writes.append(Aimed(Mishap(mishap), cmdlet, nth, unseen))

    def next(self) -> Response | None:
        """Return what the next command is answered with instead of being run."""
        if self.answers:
            return self.answers.pop(0)
        if self.throttle > 0:
            self.throttle -= 1
            return throttled(self.retry_after)
        if self.forbid > 0:
            self.forbid -= 1
            return forbidden()
        return None

    def strike(self, cmdlet: str) -> Aimed | None:
        """Return what becomes of a command that writes, if anything."""
        struck = [aimed for aimed in list(self.writes) if aimed.hits(cmdlet)]
        if not struck:
            return None
        self.writes.remove(struck[0])
        return struck[0]

    def answer(self, mishap: Mishap, real: Callable[[], Response]) -> Response:
        """Return what a struck command is answered with; `real` runs it."""
        if mishap.runs:
            answered = real()
        match mishap:
            case Mishap.REFUSED:
                return refused(Refusal("The lab was told to refuse this command."))
            case Mishap.THROTTLED:
                return throttled(self.retry_after)
            case Mishap.LOST_BEFORE | Mishap.LOST_AFTER:
                return Response(0, hang_up=True)
            case Mishap.SILENT_BEFORE | Mishap.SILENT_AFTER:
                return Response(0, hang_up=True, delay=_SILENCE)
            case Mishap.FAILED_BEFORE | Mishap.FAILED_AFTER:
                return Response(503, b"The service is unavailable.", {"Content-Type": "text/plain"})
            case Mishap.HALF_VISIBLE:
                return answered

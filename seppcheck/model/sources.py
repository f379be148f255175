"""Sources: the functions that bring evidence in, and the session they do it in."""

from __future__ import annotations

import threading
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from seppcheck.model.checks import MARK, PluginError, Wanted, signature_of
from seppcheck.model.evidence import Evidence, Unavailable
from seppcheck.model.outcomes import Assurance
from seppcheck.model.targets import TARGETS, Target

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Session:
    """What a source may use besides the evidence it names: settings, the clock, shared clients.

    One session lives as long as one run. It belongs to the run's event loop.
    """

    def __init__(
        self,
        settings: Any,
        clock: Callable[[], datetime],
        deadline: float,
        history: tuple[Mapping[str, Any], ...] = (),
        domains: tuple[str, ...] = (),
    ) -> None:
        """Open a session.

        Args:
            settings: a `seppcheck.settings.Settings`.
            clock: tells the time of judgement, in UTC.
            deadline: how long the run may take, in seconds.
            history: the documents of earlier runs, oldest first (`seppcheck.history`).
            domains: the names that this run is restricted to; () = every configured domain.
        """
        self.settings = settings
        self.history = history
        self.domains = domains
        self.clock = clock
        self.deadline = deadline
        self._clients: dict[Callable[[Any], Any], Any] = {}
        self._making = threading.Lock()

    def client(self, make: Callable[[Any], T]) -> T:
        """Return the run's one client made by `make(settings)`; the first caller, from whatever thread, makes it."""
        with self._making:
            if make not in self._clients:
                self._clients[make] = make(self.settings)
            client: T = self._clients[make]
        return client

    async def close(self) -> None:
        """Close every client that has an `aclose()`."""
        for client in self._clients.values():
            if hasattr(client, "aclose"):
                await client.aclose()


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the framework knows it.

    `provides` are the kinds in the order of the function's answer; `target` is what it is called
    for; `wanted` are its parameters, by type: the target, a `Session`, evidence of other sources.
    """

    name: str
    provides: tuple[type[Evidence], ...]
    target: type[Target]
    wanted: tuple[Wanted, ...]
    function: Callable[..., Any]
    assurance: Assurance


def source(name: str, *, assurance: Assurance = Assurance.OBSERVED) -> Callable[[F], F]:
    """Mark a function as a source of evidence; it is returned unchanged.

    The return annotation names what it provides: `-> ReverseDns | Unavailable`, or a tuple of such
    for a source that sees several things at once. It may be `async`; one that is not runs in a
    thread of its own. It must respect time limits: the run's deadline cuts it off otherwise.

    Args:
        name: the source's name in reports, such as `dns`. Several functions may share it.
        assurance: whether a program saw it, or a person wrote it down.

    Raises:
        PluginError: naming the function, when it is not well formed.
    """

    def mark(function: F) -> F:
        where = f"source {name!r} ({function.__module__}.{function.__qualname__})"
        wanted = signature_of(function, where, also=(Session,))
        provides = _provided(get_type_hints(function).get("return"), where)
        targets = [w.type for w in wanted if w.type in TARGETS]
        if len(targets) != 1 or any(kind.target_type is not targets[0] for kind in provides):
            raise PluginError(f"{where}: it takes the one target that its evidence is about")
        setattr(function, MARK, Source(name, provides, targets[0], wanted, function, assurance))
        return function

    return mark


def _provided(hint: object, where: str) -> tuple[type[Evidence], ...]:
    parts = get_args(hint) if get_origin(hint) is tuple else (hint,)
    return tuple(_kind(part, where) for part in parts)


def _kind(hint: object, where: str) -> type[Evidence]:
    options = set(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else {hint}
    kinds = [o for o in options if isinstance(o, type) and issubclass(o, Evidence) and o.kind]
    if len(kinds) != 1 or options - {*kinds, Unavailable}:
        raise PluginError(f"{where}: its return annotation must name evidence, got {hint!r}")
    return kinds[0]

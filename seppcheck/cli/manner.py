"""How a phase is looked at: once, or in another manner that brings options of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from seppcheck.choices import Choices
from seppcheck.cli import Context
from seppcheck.cli.outputs import Outputs
from seppcheck.cli.progress import progress
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.run import Request, execute


@dataclass(frozen=True, slots=True)
class Shown:
    """What people want to see on the way: nothing with `quiet`, nothing that moves with `no_progress`."""

    quiet: bool
    no_progress: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A run, and what came of the way in which it was looked at.

    `earlier` is the history as it was before. `reached` is False where it ended before what it was to wait for: what
    passed until then is not enough.
    """

    run: Run
    earlier: tuple[Mapping[str, object], ...]
    reached: bool = True


Look = Callable[[Context, Request, Phase, Shown], Looked]
"""Looks at what is asked for."""


def once(context: Context, request: Request, phase: Phase, shown: Shown) -> Looked:
    """Look once, and show how far it is."""
    del context
    with progress(request.language, shown=not (shown.quiet or shown.no_progress)) as on_progress:
        run = execute(replace(request, on_progress=on_progress), phase)
    return Looked(run, run.history)


@dataclass(frozen=True, slots=True)
class Manner:
    """Options by their names, and what they choose together: `choose` returns None where they are not used.

    It is handed their values, and refuses what does not go together.
    """

    options: dict[str, Callable[[Any], Any]]
    choose: Callable[[dict[str, Any], Choices, Outputs], Look | None]

    def offered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Add the options to a command."""
        for option in reversed(self.options.values()):
            function = option(function)
        return function

    def taken_from(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take the values of the options out of what a command was given."""
        return {name: given.pop(name) for name in self.options}

    def look(self, taken: dict[str, Any], choices: Choices, outputs: Outputs) -> Look:
        """Return how to look.

        Raises:
            UserError: for options that do not go together.
        """
        return self.choose(taken, choices, outputs) or once


def _nothing_chosen(*_: object) -> None:
    """Choose no other way of looking."""


ONCE = Manner({}, _nothing_chosen)

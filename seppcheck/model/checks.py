"""Checks: a pure function, what it answers, and what its signature asks for."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from seppcheck.model.evidence import Each, Evidence, Now, Unavailable
from seppcheck.model.outcomes import Severity
from seppcheck.model.phases import ALL, Caps, Phase, caps_of
from seppcheck.model.results import Result
from seppcheck.model.targets import TARGETS, Site, Target
from seppcheck.model.text import Message, text

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class PluginError(Exception):
    """A plugin is written wrongly. The message names it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Manual:
    """A check's manual page, read from its docstring.

    The first line is the title: what should be true. Paragraphs say why. A paragraph that begins
    with `To mend:` or `Sources:` holds one step or source in each line that begins with `- `.
    """

    title: Message
    why: tuple[Message, ...]
    steps: tuple[Message, ...]
    sources: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parameter of a check or source: a type, and how it was asked for.

    `or_unavailable`: the function takes `| Unavailable`; `each`: it takes `Each[...]`, every target's.
    """

    name: str
    type: type
    or_unavailable: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A check as the framework knows it."""

    id: str
    requirements: tuple[str, ...]
    severity: Severity
    phases: Caps
    function: Callable[..., Result]
    manual: Manual
    target: type[Target]
    wanted: tuple[Wanted, ...]
    by_phase: Mapping[Phase, tuple[str, ...]] | None = None

    def numbers(self, phase: Phase) -> tuple[str, ...]:
        """Return the guide's numbers that it verifies in a phase: most checks the same in each."""
        return self.requirements if self.by_phase is None else self.by_phase.get(phase, ())

    @property
    def evidence(self) -> tuple[type[Evidence], ...]:
        """The kinds of evidence that its signature names."""
        return tuple(w.type for w in self.wanted if issubclass(w.type, Evidence))


F = TypeVar("F", bound=Callable[..., Any])
Requirements = Sequence[str] | Mapping[str, Sequence[str]]
MARK = "__seppcheck__"


def check(
    id: str,  # noqa: A002 - the field's word, and always given by position
    *,
    requirements: Requirements = (),
    severity: Severity | str,
    phases: Caps | Iterable[Phase | str] = ALL,
) -> Callable[[F], F]:
    """Mark a pure function as a check; it is returned unchanged, so a test calls it with data.

    Args:
        id: lower-case words joined by hyphens, the file's name with hyphens.
        requirements: the guide's numbers that it verifies, such as `["P1"]`; a table of phases where
            they differ, such as `{"cutover": ["A2"], "verification": ["D1"]}`.
        severity: what a failure means for the move.
        phases: where it runs; a table also caps how bad it may be there, see `model.phases`.

    Raises:
        PluginError: naming the function, when the check is not well formed.
    """

    def mark(function: F) -> F:
        setattr(function, MARK, _describe(function, id, requirements, severity, phases))
        return function

    return mark


def _describe(
    function: Callable[..., Any],
    identifier: str,
    requirements: Requirements,
    severity: Severity | str,
    phases: Caps | Iterable[Phase | str],
) -> Check:
    where = f"check {identifier!r} ({function.__module__}.{function.__qualname__})"
    if not _ID.fullmatch(identifier):
        raise PluginError(f"{where}: an id is made of lower-case words joined by hyphens")
    if isinstance(requirements, str):
        raise PluginError(f"{where}: requirements is a list of numbers, not one text")
    try:
        level, caps, by_phase = Severity(severity), caps_of(phases), _by_phase(requirements)
    except ValueError as error:
        raise PluginError(f"{where}: {error}") from error
    if not caps:
        raise PluginError(f"{where}: it runs in no phase")
    wanted = signature_of(function, where)
    targets = [w.type for w in wanted if w.type in TARGETS]
    if not targets:
        raise PluginError(f"{where}: its signature names no target (Gateway, Domain or Tenant)")
    return Check(
        id=identifier,
        requirements=_numbers(requirements),
        severity=level,
        phases=caps,
        function=function,
        manual=manual_of(function, where),
        target=targets[0],
        wanted=wanted,
        by_phase=by_phase,
    )


def _numbers(requirements: Requirements) -> tuple[str, ...]:
    """Return every number once, whichever phase it belongs to."""
    if isinstance(requirements, Mapping):
        return tuple(dict.fromkeys(number for numbers in requirements.values() for number in numbers))
    return tuple(requirements)


def _by_phase(requirements: Requirements) -> Mapping[Phase, tuple[str, ...]] | None:
    if isinstance(requirements, Mapping):
        return {Phase(phase): tuple(numbers) for phase, numbers in requirements.items()}
    return None


def signature_of(function: Callable[..., Any], where: str, also: tuple[type, ...] = ()) -> tuple[Wanted, ...]:
    """Read what a function asks for, by type.

    Args:
        function: a check or a source.
        where: how messages name it.
        also: further types that may be asked for.

    Raises:
        PluginError: for a parameter whose type nothing can provide.
    """
    try:
        hints = get_type_hints(function)
    except Exception as error:  # annotations are foreign code: whatever they raise is the plugin's fault
        raise PluginError(f"{where}: its annotations cannot be read: {error}") from error
    return tuple(_wanted(name, hints.get(name), where, also) for name in inspect.signature(function).parameters)


def _wanted(name: str, hint: object, where: str, also: tuple[type, ...]) -> Wanted:
    if get_origin(hint) is Each:
        (kind,) = get_args(hint)
        return replace(_wanted(name, kind, where, ()), each=True)
    options = set(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else {hint}
    kinds = options - {Unavailable}
    kind = kinds.pop() if len(kinds) == 1 else None
    known = isinstance(kind, type) and (issubclass(kind, Evidence) or kind in (*TARGETS, Site, Now, Phase, *also))
    if not known or not isinstance(kind, type):
        raise PluginError(f"{where}: parameter {name!r} asks for {hint!r}, which nothing provides")
    if issubclass(kind, Evidence) and not kind.kind:
        raise PluginError(f"{where}: parameter {name!r}: {kind.__name__} is not marked with @evidence")
    return Wanted(name, kind, Unavailable in options)


def manual_of(function: Callable[..., Any], where: str) -> Manual:
    """Read the manual page from a docstring.

    Raises:
        PluginError: when there is none: a check must say what should be true, and why.
    """
    paragraphs = [p for p in re.split(r"\n\s*\n", inspect.getdoc(function) or "") if p.strip()]
    if not paragraphs:
        raise PluginError(f"{where}: it has no docstring; its first line is the title, the rest says why")
    lists: Mapping[str, list[Message]] = {"To mend:": [], "Sources:": []}
    why: list[Message] = []
    for paragraph in paragraphs[1:]:
        head = next((head for head in lists if paragraph.startswith(head)), None)
        if head is None:
            why.append(text(" ".join(paragraph.split())))
        else:
            lists[head].extend(_items(paragraph.removeprefix(head)))
    title = text(" ".join(paragraphs[0].split()).removesuffix("."))
    return Manual(title, tuple(why), tuple(lists["To mend:"]), tuple(lists["Sources:"]))


def _items(paragraph: str) -> list[Message]:
    return [text(" ".join(item.split())) for item in re.split(r"(?:^|\n)\s*- ", paragraph) if item.strip()]

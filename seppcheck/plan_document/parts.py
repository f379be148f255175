"""Reading JSON values that anybody may have written: each knows where it stands, and says what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from seppcheck.errors import UserError
from seppcheck.model.text import Message, Text, text

LONGEST = 300_000
"""Characters of one text: the largest TXT value, every octet written as `\\ddd`, fits."""
MOST = 100_000
"""Members of one list."""
_DEEPEST = 6
_SHOWN = 60
_HIGHEST = 2**63 - 1
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

_KINDS: tuple[tuple[type | tuple[type, ...], Message], ...] = (
    (type(None), text("null")),
    (bool, text("true or false")),
    ((int, float), text("a number")),
    (str, text("text")),
    ((list, tuple), text("a list")),
    (Mapping, text("an object")),
)
"""What a JSON value is called; the first that fits counts, for true is a number to Python."""

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a document. `source` names the document, `where` the place in it, such as `changes[3].kind`."""

    value: object
    source: Text
    where: str = ""

    def fault(self, problem: Message) -> UserError:
        """Return the error that names the place and the problem."""
        return UserError(
            "{source}: {where}: {problem} (the plan was edited or damaged, or another version of seppcheck made it)",
            source=self.source,
            where=self.where or text("the whole document"),
            problem=problem,
        )

    def table(self, keys: Collection[str]) -> dict[str, Part]:
        """Return an object's members, which are exactly these."""
        members = self.members()
        for key in keys:
            if key not in members:
                raise self.fault(text("the key {key} is missing", key=key))
        for key in members:
            if key not in keys:
                raise self.fault(text("the key {key} is not known to this version of seppcheck", key=_cut(key)))
        return members

    def members(self) -> dict[str, Part]:
        """Return an object's members, whatever their names."""
        if not isinstance(self.value, Mapping):
            raise self.fault(text("must be an object, and is {found}", found=self._kind))
        if len(self.value) > MOST:
            raise self.fault(text("holds more than {most} members", most=MOST))
        return {
            str(key): self._below(f".{_cut(key)}" if self.where else _cut(key), self.value[key]) for key in self.value
        }

    def items(self, least: int = 0) -> tuple[Part, ...]:
        """Return a list's members."""
        if not isinstance(self.value, (list, tuple)):
            raise self.fault(text("must be a list, and is {found}", found=self._kind))
        if not least <= len(self.value) <= MOST:
            raise self.fault(
                text(
                    "must hold {least} to {most} members, and holds {count}",
                    least=least,
                    most=MOST,
                    count=len(self.value),
                )
            )
        return tuple(self._below(f"[{place}]", item) for place, item in enumerate(self.value))

    def _below(self, step: str, value: object) -> Part:
        return Part(value, self.source, f"{self.where}{step}")

    def text(self, *, least: int = 0, most: int = LONGEST) -> str:
        """Return text of some length."""
        if not isinstance(self.value, str):
            raise self.fault(text("must be text, and is {found}", found=self._kind))
        if not least <= len(self.value) <= most:
            raise self.fault(
                text(
                    "must have {least} to {most} characters, and has {count}",
                    least=least,
                    most=most,
                    count=len(self.value),
                )
            )
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            raise self.fault(text("holds half of a surrogate pair, which is no text"))
        return self.value

    def matching(self, pattern: re.Pattern[str], what: Message) -> str:
        """Return text of a certain form; `what` says which."""
        value = self.text(most=1000)
        if not pattern.fullmatch(value):
            raise self.fault(text("must be {what}, and is {found}", what=what, found=_cut(value)))
        return value

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(item.text() for item in self.items())

    def number(self, least: int, most: int) -> int:
        """Return a whole number of a range."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fault(text("must be a whole number, and is {found}", found=self._kind))
        if not least <= self.value <= most:
            raise self.fault(text("must be a number from {least} to {most}", least=least, most=most))
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.fault(text("must be true or false, and is {found}", found=self._kind))
        return self.value

    def word(self, words: type[W]) -> W:
        """Return one of a closed list of words."""
        found = self.text()
        try:
            return words(found)
        except ValueError:
            known = tuple(word.value for word in words)
            raise self.fault(text("must be one of {known}, and is {found}", known=known, found=_cut(found))) from None

    def moment(self) -> datetime:
        """Return a time; it is written as UTC in whole seconds."""
        found = self.matching(_MOMENT, text("a time such as 2026-11-24T08:00:00Z"))
        try:
            return datetime.strptime(found, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise self.fault(text("there is no such time as {found}", found=found)) from None

    def maybe(self, read: Callable[[Part], T]) -> T | None:
        """Return what is read, or None for null."""
        return None if self.value is None else read(self)

    def plain(self, sequence: Callable[[list[Any]], Any], depth: int = 0) -> Any:
        """Return any JSON value of a bounded depth, its lists made into sequences of a kind."""
        match self.value:
            case None | bool():
                return self.value
            case int():
                return self.number(-_HIGHEST, _HIGHEST)
            case float() if math.isfinite(self.value):
                return self.value
            case str():
                return self.text()
        if depth == _DEEPEST:
            raise self.fault(text("is nested too deeply"))
        match self.value:
            case list() | tuple():
                return sequence([item.plain(sequence, depth + 1) for item in self.items()])
            case Mapping():
                return {key: part.plain(sequence, depth + 1) for key, part in self.members().items()}
        raise self.fault(text("must be a JSON value, and is {found}", found=self._kind))

    @property
    def _kind(self) -> Message:
        known = (message for types, message in _KINDS if isinstance(self.value, types))
        return next(known, None) or text("{type}", type=type(self.value).__name__)


def _cut(value: object) -> str:
    found = str(value)
    return found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."

"""Everything that is wrong with a file that a person wrote."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from seppcheck.errors import UserError
from seppcheck.model.text import Message, text

_BARE = re.compile(r"[A-Za-z0-9_-]+")

KeyPath = tuple[str | int, ...]
"""Where a value stands: table names and positions in lists, from the top of the file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, at which key of a section."""

    key: KeyPath
    message: Message


class InvalidSectionError(ValueError):
    """Several values of one section that do not go together."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault.message) for fault in faults))
        self.faults = tuple(faults)


def refuse(faults: Sequence[Fault]) -> None:
    """Raise the faults of a section, if there are any.

    Raises:
        InvalidSectionError: holding all of them.
    """
    if faults:
        raise InvalidSectionError(faults)


class SettingsError(UserError):
    """Everything that is wrong with the settings, one sentence each, in the order of the file."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__("{messages}", messages=reduce(_on_two_lines, messages))
        self.messages = tuple(messages)


def _on_two_lines(above: Message, below: Message) -> Message:
    return text("{above}\n{below}", above=above, below=below)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a misspelt one most likely means, if there is one."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold()[:100], by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def show_key(path: KeyPath) -> str:
    """Return a key path as people write it: `gateway.api.url`, `domains[2].name` (counted from 1).

    A name with a dot or a blank in it is quoted, as TOML wants it: `domains."example.org".smarthost`.
    """
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part if _BARE.fullmatch(part) else quoted(part)}"
    return shown.removeprefix(".")


def quoted(name: str) -> str:
    """Return a name in double quotes (a basic string of TOML)."""
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")

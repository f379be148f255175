"""SPF macros: the domain-spec of a term, read and expanded (RFC 7208 section 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from seppcheck.model.text import Message, text

LETTERS = "slodiphv"
"""Macro letters of terms; `c`, `r` and `t` belong to explanation texts alone (section 7.2)."""

LONGEST_NAME = 253
"""Characters of a domain name in text form; longer expansions lose labels on the left (section 7.3)."""

_MACRO = re.compile(
    r"%(?:\{(?P<letter>[a-z])(?P<digits>\d*)(?P<reverse>r?)(?P<delimiters>[-.+,/_=]*)\}|[%_-])",
    re.IGNORECASE | re.ASCII,  # in Unicode two more letters would match [a-z] without case
)
_TOKEN = re.compile(rf"{_MACRO.pattern}|(?P<literal>[!-$&-~]+)", re.IGNORECASE | re.ASCII)
_ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
_LABEL = re.compile(r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?", re.IGNORECASE | re.ASCII)
_QUERYABLE = re.compile(r"[!-\-/-\[\]-~]{1,63}")


class SpfSyntaxError(ValueError):
    """The publisher's fault: a record or a part of it is not of the grammar."""

    def __init__(self, problem: Message) -> None:
        """Say it; the sentence names the part."""
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Macro:
    """One `%{...}`: `keep` is the number of right-hand parts that stay, 0 for all of them."""

    letter: str
    keep: int = 0
    reverse: bool = False
    delimiters: str = "."
    escape: bool = False

    def expand(self, value: str) -> str:
        """Return the value transformed: split, reversed, cut, joined with dots, URL-escaped."""
        parts = re.split(f"[{re.escape(self.delimiters)}]", value)
        if self.reverse:
            parts.reverse()
        joined = ".".join(parts[-self.keep :])
        return quote(joined, safe="") if self.escape else joined


MacroString = tuple[str | Macro, ...]


def macro_string(string: str) -> MacroString:
    """Read a macro-string (section 7.1).

    Raises:
        SpfSyntaxError: for a character, a macro or a letter that is not allowed.
    """
    tokens: list[str | Macro] = []
    position = 0
    while position < len(string):
        match = _TOKEN.match(string, position)
        if match is None:
            raise SpfSyntaxError(
                text("{text} is not allowed from character {position} on", text=cut(string), position=str(position + 1))
            )
        tokens.append(_token(match))
        position = match.end()
    return tuple(tokens)


def _token(match: re.Match[str]) -> str | Macro:
    letter = match["letter"]
    if letter is None:
        return match["literal"] or _ESCAPES[match[0]]
    if letter.lower() not in LETTERS:
        raise SpfSyntaxError(text("{macro} is no macro for a term", macro=cut(match[0])))
    digits = match["digits"]
    if digits and not digits.strip("0"):
        raise SpfSyntaxError(text("{macro} keeps no part: its number must be 1 or more", macro=cut(match[0])))
    return Macro(
        letter.lower(),
        keep=int(digits.lstrip("0")[:4] or 0),  # no name has more parts than four digits count
        reverse=bool(match["reverse"]),
        delimiters=match["delimiters"] or ".",
        escape=letter.isupper(),
    )


def domain_spec(string: str) -> MacroString:
    """Read a domain-spec: a macro-string that ends in a macro or in a dot and a top label.

    Raises:
        SpfSyntaxError: when it is none.
    """
    tokens = macro_string(string)
    if not tokens:
        raise SpfSyntaxError(text("a domain is missing"))
    tail = string[max((m.end() for m in _MACRO.finditer(string)), default=0) :]
    _, dot, label = tail.removesuffix(".").rpartition(".")
    if tail and not (dot and _LABEL.fullmatch(label) and not label.isdigit()):
        raise SpfSyntaxError(text("{name} is not a full domain name", name=cut(string)))
    return tokens


def uses(spec: MacroString, letter: str) -> bool:
    """Tell whether a macro letter is used."""
    return any(isinstance(token, Macro) and token.letter == letter for token in spec)


def expand(spec: MacroString, values: Mapping[str, str]) -> str:
    """Return the domain name that a domain-spec stands for, cut on the left to a name's length."""
    name = "".join(token if isinstance(token, str) else token.expand(values[token.letter]) for token in spec)
    name = name.removesuffix(".")
    if len(name) <= LONGEST_NAME:
        return name
    return name[-LONGEST_NAME - 1 :].partition(".")[2]


def is_queryable(name: str) -> bool:
    """Tell whether a name can be asked of DNS: labels of 1 to 63 visible characters, 253 in all."""
    return len(name) <= LONGEST_NAME and all(_QUERYABLE.fullmatch(label) for label in name.split("."))


def cut(string: str, length: int = 80) -> str:
    """Shorten text of a record, which may be long, for a message."""
    return string if len(string) <= length else string[: length - 3] + "..."

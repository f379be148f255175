"""Tokens of the gateway's ruleset language, each with its line and column.

The vendor publishes no grammar; this reads what the documented examples show: commands with arguments
in single quotes, blocks in braces, `#` comments, macros `name = { ... };` called as `$name;`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

ZERO_WIDTH = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
"""Characters that nobody sees: a BOM, zero-width space and joiners, a soft hyphen."""
_WRONG_QUOTES = '"`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a'
_SPACES = " \t\r\n\f\v"
_WORD = re.compile(r"[$A-Za-z_][A-Za-z0-9_]*|[0-9]+")
_SIGN = re.compile(r"[=!]=|[=!]~|[<>]=|.", re.DOTALL)
_PASTED = re.compile(r"\s*\|?\s*(0[1-9]|1[0-4])(?=[\s|]|$)\s*\|?")
_TABLE = re.compile(r"\s*(\|?[\s:|-]*-{3}[\s:|-]*|\|?\s*(zeile|line|code)\s*\|.*)", re.IGNORECASE)
_BAR = re.compile(r"\s*\|\s*$")
_LONGEST = 200_000
"""Characters of one field: far more than anybody types."""


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    TEXT = "text"
    SIGN = "sign"


class Oddity(StrEnum):
    """What was passed over, or read although it is written wrongly."""

    INVISIBLE = "invisible"
    NO_BREAK_SPACE = "no-break-space"
    PASTED = "pasted"
    """Line numbers or table bars of the guide."""
    WRONG_QUOTE = "wrong-quote"
    UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `value` of a text is what stands between its quotes; `quote` is the opening one."""

    kind: Kind
    value: str
    line: int
    column: int
    quote: str = ""

    def __str__(self) -> str:
        """Return it as it is written in a ruleset."""
        return f"'{self.value}'" if self.kind is Kind.TEXT else self.value


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd and where it stands (both from 1)."""

    oddity: Oddity
    line: int
    column: int
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: tokens, oddities, and what the comments held, line by line."""

    tokens: tuple[Token, ...]
    odd: tuple[Odd, ...]
    comments: str


def read(text: str) -> Reading:
    """Read a ruleset's text. Nothing is refused: what cannot be right becomes a sign or an oddity."""
    reader = _Reader(text[:_LONGEST].replace("\r\n", "\n"))
    return reader.read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.odd: list[Odd] = []
        self.comments: list[str] = []
        self.text = "\n".join(self._unpasted(n, line) for n, line in enumerate(text.split("\n"), start=1))
        self.at = 0
        self.line = 1
        self.start_of_line = 0

    def _unpasted(self, number: int, line: str) -> str:
        """Blank out line numbers and table bars, so that columns stay what they are."""
        if _TABLE.fullmatch(line):
            self.odd.append(Odd(Oddity.PASTED, number, 1))
            return ""
        found = _PASTED.match(line)
        if found:
            self.odd.append(Odd(Oddity.PASTED, number, 1))
            line = " " * found.end() + line[found.end() :]
        bar = _BAR.search(line)
        if bar and "'" not in line[bar.start() :]:
            self.odd.append(Odd(Oddity.PASTED, number, bar.start() + 1))
            line = line[: bar.start()]
        return line

    def read(self) -> Reading:
        tokens = tuple(self._tokens())
        return Reading(tokens, tuple(self.odd), "\n".join(self.comments))

    def _tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "#":
                self._comment()
            elif sign in _SPACES or sign in ZERO_WIDTH or (sign.isspace() and sign != "\n"):
                self._space(sign)
            elif sign == "'" or sign in _WRONG_QUOTES:
                yield self._quoted(sign)
            else:
                yield self._bare()

    def _place(self) -> tuple[int, int]:
        return self.line, self.at - self.start_of_line + 1

    def _space(self, sign: str) -> None:
        if sign in ZERO_WIDTH:
            self.odd.append(Odd(Oddity.INVISIBLE, *self._place(), f"U+{ord(sign):04X}"))
        elif sign not in _SPACES:
            self.odd.append(Odd(Oddity.NO_BREAK_SPACE, *self._place(), f"U+{ord(sign):04X}"))
        self.at += 1
        if sign == "\n":
            self.line, self.start_of_line = self.line + 1, self.at

    def _comment(self) -> None:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        self.comments.append(self.text[self.at : end].lstrip("#"))
        self.at = end

    def _quoted(self, quote: str) -> Token:
        line, column = self._place()
        closing = "'" if quote == "'" else _WRONG_QUOTES + "'"
        end = next((n for n in range(self.at + 1, len(self.text)) if self.text[n] in closing), None)
        if quote != "'":
            self.odd.append(Odd(Oddity.WRONG_QUOTE, line, column, quote))
        if end is None:
            self.odd.append(Odd(Oddity.UNCLOSED, line, column, quote))
            end = len(self.text)
        value = self.text[self.at + 1 : end]
        self._skip_to(end + 1)
        return Token(Kind.TEXT, value, line, column, quote)

    def _skip_to(self, end: int) -> None:
        skipped = self.text[self.at : end]
        self.at = end
        if "\n" in skipped:
            self.line += skipped.count("\n")
            self.start_of_line = self.at - (len(skipped) - skipped.rfind("\n") - 1)

    def _bare(self) -> Token:
        line, column = self._place()
        word = _WORD.match(self.text, self.at)
        found = word or _SIGN.match(self.text, self.at)
        value = found[0] if found else self.text[self.at]
        self.at += len(value)
        return Token(Kind.WORD if word else Kind.SIGN, value, line, column)

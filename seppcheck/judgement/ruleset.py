"""Statements of the gateway's ruleset language: macros expanded, blocks nested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seppcheck.judgement.ruleset_tokens import Kind, Token

_MOST_TOKENS = 50_000
"""Macros may be nested: what grows beyond this is no field that an appliance would take."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: a command, an `if` with its blocks, an empty one (`;`), or what is none of these.

    `head` are the tokens up to the block; `blocks` its statements, those of `else` second.
    """

    head: tuple[Token, ...]
    blocks: tuple[tuple[Statement, ...], ...] = ()

    @property
    def name(self) -> str:
        """The command's word in lower case; "" for an empty statement."""
        first = self.head[0].value.lower() if self.head else ""
        return "" if first == ";" else first

    @property
    def place(self) -> tuple[int, int]:
        """Line and column where it begins."""
        return (self.head[0].line, self.head[0].column) if self.head else (1, 1)

    @property
    def written(self) -> str:
        """Return its head as it would be written."""
        words = "".join(f" {token}" if token.kind is Kind.WORD else str(token) for token in self.head)
        return words.strip().replace("( ", "(").replace(",", ", ").replace("if(", "if (")


@dataclass(slots=True)
class Program:
    """The statements that run, and the macros that nobody calls, by name."""

    statements: tuple[Statement, ...] = ()
    uncalled: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    unbalanced: Token | None = None
    """The brace that has no partner, if there is one."""


def parse(tokens: Sequence[Token]) -> Program:
    """Expand the macros of a token sequence and read its statements."""
    macros = _Macros()
    expanded = macros.expand(list(tokens))
    statements, stray = _statements(expanded)
    uncalled = {n: _statements(body)[0] for n, body in macros.bodies.items() if n not in macros.called}
    return Program(statements, uncalled, stray)


class _Macros:
    """Definitions in the order in which they stand; of two of one name the first counts."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[Token]] = {}
        self.called: set[str] = set()

    def expand(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens that run: definitions taken out, calls replaced by what they stand for."""
        out: list[Token] = []
        at = 0
        while at < len(tokens) and len(out) < _MOST_TOKENS:
            end = _definition(tokens, at)
            if end:
                self._define(tokens[at].value, tokens[at + 3 : end - 1])
                at = end + (end < len(tokens) and tokens[end].value == ";")
                continue
            called = tokens[at].value.removeprefix("$")
            if tokens[at].value.startswith("$") and called in self.bodies:
                self.called.add(called)
                out.extend(self.bodies[called])
                at += 2 if at + 1 < len(tokens) and tokens[at + 1].value == ";" else 1
            else:
                out.append(tokens[at])
                at += 1
        return out[:_MOST_TOKENS]

    def _define(self, name: str, body: list[Token]) -> None:
        if name not in self.bodies:
            before = set(self.called)
            expanded = self.expand(body)
            self.called = before  # a call inside a macro counts only when that macro is called
            self.bodies[name] = expanded


def _definition(tokens: Sequence[Token], at: int) -> int:
    """Return where a definition `name = { ... }` that begins here ends, or 0."""
    values = [token.value for token in tokens[at : at + 3]]
    if tokens[at].kind is not Kind.WORD or values[1:] != ["=", "{"]:
        return 0
    depth = 0
    for n in range(at + 2, len(tokens)):
        if tokens[n].kind is Kind.SIGN:
            depth += (tokens[n].value == "{") - (tokens[n].value == "}")
        if depth == 0:
            return n + 1
    return 0


def _statements(tokens: Sequence[Token]) -> tuple[tuple[Statement, ...], Token | None]:
    parser = _Parser(tokens)
    statements: list[Statement] = []
    stray = None
    while parser.at < len(tokens):
        statements.extend(parser.block(0))
        if parser.at < len(tokens):  # a closing brace too many
            stray = stray or tokens[parser.at]
            parser.at += 1
    return tuple(statements), stray or parser.unclosed


class _Parser:
    _DEEPEST = 50

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.unclosed: Token | None = None

    def block(self, depth: int) -> tuple[Statement, ...]:
        """Read statements up to a closing brace, which is left, or the end."""
        found = []
        while self.at < len(self.tokens) and not self._is("}"):
            found.append(self._statement(depth))
        return tuple(found)

    def _is(self, sign: str) -> bool:
        token = self.tokens[self.at]
        return token.kind is not Kind.TEXT and token.value.lower() == sign

    def _statement(self, depth: int) -> Statement:
        begin = self.at
        while self.at < len(self.tokens) and not self._is("}"):
            if self._is("{"):
                head = tuple(self.tokens[begin : self.at])
                return Statement(head or (self.tokens[self.at],), self._blocks(depth))
            self.at += 1
            if self.tokens[self.at - 1].kind is Kind.SIGN and self.tokens[self.at - 1].value == ";":
                break
        return Statement(tuple(self.tokens[begin : self.at]))

    def _blocks(self, depth: int) -> tuple[tuple[Statement, ...], ...]:
        blocks = [self._braced(depth)]
        while self.at < len(self.tokens) and self._is("else"):
            self.at += 1
            if self.at < len(self.tokens) and self._is("{"):
                blocks.append(self._braced(depth))
            elif self.at < len(self.tokens):
                blocks.append((self._statement(depth + 1),))
        return tuple(blocks)

    def _braced(self, depth: int) -> tuple[Statement, ...]:
        opening = self.tokens[self.at]
        self.at += 1
        if depth > self._DEEPEST:
            self.unclosed, self.at = opening, len(self.tokens)
            return ()
        inside = self.block(depth + 1)
        if self.at >= len(self.tokens):
            self.unclosed = self.unclosed or opening
        self.at += 1
        return inside

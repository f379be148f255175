"""How one statement of a ruleset is compared with the one that the guide wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seppcheck.judgement.ruleset import Statement
from seppcheck.judgement.ruleset_tokens import Kind, Token
from seppcheck.model.outcomes import Outcome
from seppcheck.model.text import Message, text

_EQUALS = ("eq", "==", "is")
_TEMPORARY, _PERMANENT, _OURS = "4", "5", "422"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say about a text; `expected` and `found` stand beside each other in reports."""

    outcome: Outcome
    message: Message
    expected: str = ""
    found: str = ""


def compare(wanted: Statement, found: Statement) -> list[Remark]:
    """Compare one statement with the guide's; a failed remark comes last and ends the comparison."""
    remarks = list(_compared_heads(wanted, found))
    if remarks and remarks[-1].outcome is Outcome.FAILED:
        return remarks
    blocks = [[s for s in block if s.name] for block in found.blocks]
    remarks += [too_many(s) for block in found.blocks for s in block if not s.name]
    if [len(block) for block in blocks] != [len(block) for block in wanted.blocks]:
        return [*remarks, _other_block(wanted, found)]
    for wanted_block, block in zip(wanted.blocks, blocks, strict=True):
        for inner_wanted, inner in zip(wanted_block, block, strict=True):
            remarks += compare(inner_wanted, inner)
            if remarks and remarks[-1].outcome is Outcome.FAILED:
                return remarks
    return remarks


def _other_block(wanted: Statement, found: Statement) -> Remark:
    line, column = found.place
    return Remark(
        Outcome.FAILED,
        text("line {line}, column {column}: the block holds other commands than the guide's", line=line, column=column),
        expected=" ".join(s.written for block in wanted.blocks for s in block),
        found=" ".join(s.written for block in found.blocks for s in block if s.name),
    )


def _compared_heads(wanted: Statement, found: Statement) -> Iterator[Remark]:
    name = wanted.name
    for n, token in enumerate(wanted.head):
        other = found.head[n] if n < len(found.head) else None
        remark = _compared(name, wanted.head, n, token, other, found)
        if remark is not None:
            yield remark
            if remark.outcome is Outcome.FAILED:
                return
    if len(found.head) > len(wanted.head):
        yield _differs(wanted, found, len(wanted.head))


def _compared(  # noqa: PLR0911 - one return for each kind of difference reads best
    name: str, head: Sequence[Token], n: int, token: Token, other: Token | None, found: Statement
) -> Remark | None:
    """Compare one token with what stands in its place; None = the same, or a text that is free."""
    if other is not None and (token.kind, token.value) == (other.kind, other.value):
        return None
    argument = sum(t.value == "," for t in head[:n]) if n > 1 else -1
    if other is None or token.kind is not other.kind:
        return _differs(Statement(tuple(head)), found, n)
    if name == "log" and token.kind is not Kind.SIGN and n > 1:
        return None if argument == 1 else _tolerated(text("another log severity"), token, other)
    if name == "drop" and token.kind is Kind.TEXT:
        return _dropped(token, other) if argument == 0 else _tolerated(text("another refusal text"), token, other)
    if token.kind is Kind.TEXT and _same_operator(token.value, other.value):
        return _tolerated(text("another operator of the same meaning"), token, other)
    if token.value.lower() == other.value.lower():
        return _tolerated(text("other capital letters"), token, other)
    return _differs(Statement(tuple(head)), found, n)


def _same_operator(wanted: str, found: str) -> bool:
    (operator, _, suffix), (other, _, other_suffix) = wanted.partition(":"), found.partition(":")
    return operator in _EQUALS and other.lower() in _EQUALS and suffix == other_suffix


def _dropped(token: Token, other: Token) -> Remark:
    code = other.value
    if len(code) == len(_OURS) and code.isascii() and code.isdigit():
        if code.startswith(_TEMPORARY):
            return _tolerated(text("another temporary refusal"), token, other)
        if code.startswith(_PERMANENT):
            told = text(
                "line {line}, column {column}: the code {code} refuses mail for good: senders get it back instead of "
                "trying again; it must be {wanted}",
                line=other.line,
                column=other.column,
                code=code,
                wanted=_OURS,
            )
            return Remark(Outcome.FAILED, told, expected=str(token), found=str(other))
    return _difference(str(token), str(other), (other.line, other.column))


def _tolerated(what: Message, token: Token, other: Token) -> Remark:
    told = text(
        "line {line}, column {column}: {what}: {found} instead of {expected}",
        line=other.line,
        column=other.column,
        what=what,
        found=str(other),
        expected=str(token),
    )
    return Remark(Outcome.WARNED, told, expected=str(token), found=str(other))


def _differs(wanted: Statement, found: Statement, n: int) -> Remark:
    expected = str(wanted.head[n]) if n < len(wanted.head) else "{" if wanted.blocks else ""
    if n < len(found.head):
        token = found.head[n]
        return _difference(expected, str(token), (token.line, token.column))
    last = found.head[-1]
    return _difference(expected, "{" if found.blocks else "", (last.line, last.column + len(str(last))))


def _difference(expected: str, found: str, place: tuple[int, int]) -> Remark:
    told = text(
        "line {line}, column {column}: {expected} should stand there, and {found} does",
        line=place[0],
        column=place[1],
        expected=expected or text("nothing"),
        found=found or text("nothing"),
    )
    return Remark(Outcome.FAILED, told, expected=expected, found=found)


def too_many(empty: Statement) -> Remark:
    """Tell of a semicolon that ends nothing: harmless, and not as the guide has it."""
    line, column = empty.place
    return Remark(Outcome.WARNED, text("line {line}, column {column}: a ; too many", line=line, column=column))

"""The guide's custom command (P8), and how a pasted text is compared with it.

The appliance publishes no grammar, so the comparison is deliberate: white space and comments mean
nothing, what stands in quotes counts to the letter, and every tolerated difference is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from seppcheck.judgement.ruleset import Program, Statement, parse
from seppcheck.judgement.ruleset_comparison import Remark, compare, too_many
from seppcheck.judgement.ruleset_tokens import Odd, Oddity, Reading, read
from seppcheck.model.outcomes import Outcome
from seppcheck.model.text import text

GUIDE_COMMAND = """\
internal();
incoming();
if (compare_extended_field('disable_delivery','eq:r','true')) {
  log (1,'temporary disabled delivery from recipient');
  drop('422','Service temporary not available');
}
if (compare_extended_field('disable_delivery','eq:s','true')) {
  log (1,'temporary disabled delivery from sender');
  drop('422','Service temporary not available');
}
if (compare_extended_field('disable_delivery','eq','true')) {
  log (1,'temporary disabled delivery');
  drop('422','Service temporary not available');
}
"""
"""The guide's 14 lines."""


def examine(pasted: str) -> tuple[Remark, ...]:
    """Compare a text of the field with the guide's command.

    Returns:
        Failed remarks when mail would not be held (or would be bounced), warned ones for what differs
        without harm, and none at all when it is as the guide has it.
    """
    reading = read(pasted)
    program = parse(reading.tokens)
    broken = list(_broken(reading, program))
    if broken:
        return (*broken, *_harmless(reading.odd))
    found = _whole(program.statements)
    if found is None:
        return (_missing(reading, program), *_harmless(reading.odd))
    begin, remarks = found
    around = _before(program.statements[:begin]), _after(program.statements[begin:])
    return (*around[0], *remarks, *around[1], *_harmless(reading.odd))


def _broken(reading: Reading, program: Program) -> Iterator[Remark]:
    for odd in reading.odd:
        if odd.oddity is Oddity.WRONG_QUOTE:
            yield Remark(
                Outcome.FAILED,
                text(
                    "line {line}, column {column}: the quote {sign} is none of the gateway's, which knows ' alone",
                    line=odd.line,
                    column=odd.column,
                    sign=odd.sign,
                ),
                expected="'",
                found=odd.sign,
            )
        elif odd.oddity is Oddity.UNCLOSED:
            told = text("line {line}, column {column}: this quote is not closed", line=odd.line, column=odd.column)
            yield Remark(Outcome.FAILED, told)
    if program.unbalanced is not None:
        stray = program.unbalanced
        told = text(
            "line {line}, column {column}: the brace {sign} has no partner, so no ruleset can be generated",
            line=stray.line,
            column=stray.column,
            sign=stray.value,
        )
        yield Remark(Outcome.FAILED, told)


def _harmless(odd: Iterable[Odd]) -> Iterator[Remark]:
    first: dict[Oddity, Odd] = {}
    for each in odd:
        first.setdefault(each.oddity, each)
    for oddity, each in first.items():
        if oddity in _ODD:
            place = {"line": each.line, "column": each.column, "sign": each.sign}
            yield Remark(Outcome.WARNED, text(_ODD[oddity].template, **place))


_ODD = {
    Oddity.INVISIBLE: text("line {line}, column {column}: an invisible character ({sign}) stands there; remove it"),
    Oddity.NO_BREAK_SPACE: text(
        "line {line}, column {column}: a special space ({sign}) stands there; type a normal one"
    ),
    Oddity.PASTED: text(
        "line {line}: the guide's line numbers or table bars were pasted along; remove them in the field"
    ),
}


def _whole(statements: Sequence[Statement]) -> tuple[int, list[Remark]] | None:
    """Return where the five statements stand in one run, and what differs harmlessly."""
    kept = [(n, s) for n, s in enumerate(statements) if s.name]
    for start in range(len(kept) - len(EXPECTED) + 1):
        run = kept[start : start + len(EXPECTED)]
        compared = [compare(wanted, found) for wanted, (_, found) in zip(EXPECTED, run, strict=True)]
        if not any(r.outcome is Outcome.FAILED for remarks in compared for r in remarks):
            first, last = run[0][0], run[-1][0]
            extra = [too_many(s) for s in statements[first : last + 2] if not s.name]
            return first, [*(r for remarks in compared for r in remarks), *extra]
    return None


def _before(statements: Sequence[Statement]) -> Iterator[Remark]:
    for statement in statements:
        line, column = statement.place
        if _ends_all(statement):
            yield Remark(
                Outcome.FAILED,
                text(
                    "line {line}, column {column}: {command} ends processing before the guide's command is reached",
                    line=line,
                    column=column,
                    command=statement.written,
                ),
            )
        elif statement.name:
            yield Remark(
                Outcome.WARNED,
                text(
                    "line {line}, column {column}: {command} stands before the command; see that it may",
                    line=line,
                    column=column,
                    command=statement.written,
                ),
            )


def _ends_all(statement: Statement) -> bool:
    """Tell whether it ends processing for every mail: any `drop`, a `deliver` without arguments, a block of these."""
    if statement.name == "{":
        return any(_ends_all(inner) for inner in statement.blocks[0])
    if statement.blocks:
        return False
    return statement.name == "drop" or (
        statement.name == "deliver" and [t.value for t in statement.head[1:3]] == ["(", ")"]
    )


def _after(statements: Sequence[Statement]) -> Iterator[Remark]:
    kept = [s for s in statements if s.name]
    for statement in kept[len(EXPECTED) :]:
        if statement.name == "drop" and not statement.blocks:
            line, column = statement.place
            told = text(
                "line {line}, column {column}: {command} after the command refuses every mail that is not held",
                line=line,
                column=column,
                command=statement.written,
            )
            yield Remark(Outcome.WARNED, told)


EXPECTED: tuple[Statement, ...] = parse(read(GUIDE_COMMAND).tokens).statements


def _missing(reading: Reading, program: Program) -> Remark:
    """Say why the command is not there as a person would: where it is instead, or the first difference."""
    if not any(s.name for s in program.statements) and not reading.comments and not program.uncalled:
        return Remark(Outcome.FAILED, text("the field is empty: enter the guide's 14 lines"), expected=GUIDE_COMMAND)
    if _whole(parse(read(reading.comments).tokens).statements):
        return Remark(Outcome.FAILED, text("the command is commented out: remove the # before its lines"))
    for name, body in program.uncalled.items():
        if _whole(body):
            told = text("the command stands in the macro {name}, which nobody calls: add ${name};", name=name)
            return Remark(Outcome.FAILED, told)
    for outer in _nested(program.statements):
        if any(_whole(block) for block in outer.blocks):
            line, column = outer.place
            told = text(
                "the command stands inside {outer} (line {line}, column {column}), so it holds only some of the mail",
                outer=outer.written,
                line=line,
                column=column,
            )
            return Remark(Outcome.FAILED, told)
    return _first_difference([s for s in program.statements if s.name])


def _nested(statements: Iterable[Statement]) -> Iterator[Statement]:
    for statement in statements:
        if statement.blocks:
            yield statement
            for block in statement.blocks:
                yield from _nested(block)


def _first_difference(statements: Sequence[Statement]) -> Remark:
    """Lay the guide's statements over the text where its first one fits, and name the first that does not."""
    same = [[_fits(wanted, found) for found in statements] for wanted in EXPECTED]
    start = _start(same)
    for k, wanted in enumerate(EXPECTED):
        if start + k >= len(statements):
            told = text("{command} is missing at the end of the text", command=_short(wanted))
            return Remark(Outcome.FAILED, told, expected=_short(wanted))
        found = statements[start + k]
        if not same[k][start + k]:
            return _named(wanted, k, found, same[k][start + k + 1 :])
    raise AssertionError("a text that fits is no difference")


def _start(same: Sequence[Sequence[bool]]) -> int:
    """Return where the guide's first command stands, else where it should: as many places before another."""
    for k, fitting in enumerate(same):
        if True in fitting:
            return max(fitting.index(True) - k, 0)
    return 0


def _named(wanted: Statement, k: int, found: Statement, later: Sequence[bool]) -> Remark:
    line, column = found.place
    place = {"line": line, "column": column, "wanted": _short(wanted), "found": _short(found)}
    if found.name == wanted.name:
        return next(r for r in compare(wanted, found) if r.outcome is Outcome.FAILED)
    if k and any(later):
        told = text("line {line}, column {column}: {found} stands between the guide's commands; move it", **place)
    else:
        told = text("line {line}, column {column}: {wanted} should stand there, and {found} does", **place)
    return Remark(Outcome.FAILED, told, expected=_short(wanted), found=_short(found))


def _fits(wanted: Statement, found: Statement) -> bool:
    return not any(remark.outcome is Outcome.FAILED for remark in compare(wanted, found))


def _short(statement: Statement) -> str:
    return statement.written + (" { ... }" if statement.blocks else "")

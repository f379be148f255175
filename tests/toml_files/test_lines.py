"""Lines of keys, which tomllib does not tell."""

from __future__ import annotations

import time
import tomllib
from itertools import count
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.toml_files.lines import key_lines

DOCUMENT = '''\
# a comment
top = 1

[gateway]  # the gateway
name = "a"
addresses = [
    "192.0.2.1",
    # [not.a.header]
    "192.0.2.2", "192.0.2.3",
]
note = """
[run]
name = "b"
"""
api.url = "https://a"
"quoted.key" = {inner = 3}

[gateway.api]
token = 'x'

[[domains]]
name = "one"

[domains.extra]
x = 1

[[domains]]
name = "two"
[[domains.hosts]]
name = "h1"
[[domains.hosts]]
name = "h2"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("gateway",), 4),
        (("gateway", "name"), 5),
        (("gateway", "addresses"), 6),
        (("gateway", "addresses", 0), 7),
        (("gateway", "addresses", 1), 9),
        (("gateway", "addresses", 2), 9),
        (("gateway", "note"), 11),
        (("gateway", "api", "url"), 15),
        (("gateway", "quoted.key", "inner"), 16),
        (("gateway", "api", "token"), 19),
        (("domains", 0), 21),
        (("domains", 0, "name"), 22),
        (("domains", 0, "extra", "x"), 25),
        (("domains", 1), 27),
        (("domains", 1, "name"), 28),
        (("domains", 1, "hosts", 0, "name"), 30),
        (("domains", 1, "hosts", 1, "name"), 32),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_every_key_has_its_line(path: tuple[str | int, ...], line: int, ending: str) -> None:
    assert key_lines(DOCUMENT.replace("\n", ending)).of(path) == line


def test_a_key_that_is_missing_has_the_line_of_its_table() -> None:
    lines = key_lines(DOCUMENT)
    assert lines.of(("gateway", "nothing")) == 4
    assert lines.of(("domains", 1, "nothing", "more")) == 27
    assert lines.of(("nothing",)) is None


def test_tables_within_an_array_of_several_lines_have_theirs() -> None:
    lines = key_lines('[run]\nskip = [\n  { check = "a", reason = "b" },\n\n  { check = "c" },\n]\n')
    assert lines.of(("run", "skip", 1, "check")) == 5


def test_a_text_made_to_be_slow_only_loses_lines() -> None:
    begin = time.monotonic()
    lines = key_lines("a = 1\nb = [\n" + "x = [\n" * 20_000 + "\n")
    assert time.monotonic() - begin < 10
    assert lines.of(("a",)) == 1
    assert lines.of(("b",)) is None


SCALARS = st.one_of(
    st.integers(-99, 99),
    st.booleans(),
    st.dates(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "[x]", "a = 1", "# no comment", '"', "\\", "'''", "two\nlines\n[a]\nb = 2", "ü\u2028"]),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.sampled_from("pqr"), SCALARS, max_size=2))
TABLES = st.recursive(
    st.lists(VALUES, max_size=3),
    lambda inner: st.tuples(st.lists(VALUES, max_size=2), st.lists(st.tuples(st.booleans(), inner), max_size=3)),
    max_leaves=8,
)


def named(shape: Any, number: count[int]) -> dict[str, Any]:
    """Make a table of a shape in which every key is unique in the whole document."""
    values, tables = shape if isinstance(shape, tuple) else (shape, [])
    table: dict[str, Any] = {f"key{next(number)}_": value for value in values}
    for repeated, inner in tables:
        name = f"key{next(number)}_"
        table[name] = [named(inner, number), named(inner, number)] if repeated else named(inner, number)
    return table


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from leaves(item, (*path, key))


@given(TABLES, st.sampled_from(["\n", "\n\n# name = 1\n", "\n  # [x]\n"]))
def test_a_line_found_holds_its_key_in_any_document(shape: Any, between: str) -> None:
    document = tomlkit.dumps(named(shape, count()))
    if "\\n" not in document and '"""' not in document:
        document = document.replace("\n", between)
    rows, lines = document.split("\n"), key_lines(document)
    for path in leaves(tomllib.loads(document)):
        line = lines.of(path)
        key = next(part for part in reversed(path) if isinstance(part, str))
        assert line is not None
        assert key in rows[line - 1]

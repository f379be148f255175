"""docs/reference/api.md, from the docstrings of seppcheck.api. It is English alone, as they are."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from seppcheck import api

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = """\
# seppcheck.api

Everything that a plugin may import. Nothing else of seppcheck is promised to stay as it is; names are added here, and
removed or changed only with a new major version.

| name | meaning |
|---|---|
"""


def page() -> str:
    """Return the page."""
    constants = dict(documented_constants())
    rows = [f"| `{name}` | {meaning_of(name, constants).replace('|', chr(92) + '|')} |\n" for name in api.__all__]
    return HEAD + "".join(rows)


def meaning_of(name: str, constants: dict[str, str]) -> str:
    """Return the first paragraph of what the source says of a name."""
    thing = getattr(api, name)
    told = inspect.getdoc(thing) if inspect.isclass(thing) or inspect.isfunction(thing) else constants[name]
    return " ".join((told or "").partition("\n\n")[0].split())


def documented_constants() -> Iterator[tuple[str, str]]:
    """Yield the module-level names that a text follows, with that text, of what the API is made of."""
    for path in (
        path for folder in ("model", "judgement", "planning") for path in (ROOT / "seppcheck" / folder).glob("*.py")
    ):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for statement, text in pairwise(body):
            name = _assigned(statement)
            if name and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                yield name, inspect.cleandoc(str(text.value.value))


def _assigned(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""

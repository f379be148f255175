"""What a plugin may import: frozen here, so that a change of it is a decision."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from seppcheck import api

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference" / "api.md"


def test_the_names_are_sorted() -> None:
    constants, classes, functions = groups(api.__all__)
    assert api.__all__ == [*sorted(constants), *sorted(classes), *sorted(functions)]


def groups(names: list[str]) -> tuple[list[str], list[str], list[str]]:
    constants = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and name not in constants]
    return constants, classes, [name for name in names if name[0].islower()]


def test_every_name_is_there() -> None:
    assert not [name for name in api.__all__ if not hasattr(api, name)]


def test_nothing_else_is_public() -> None:
    public = {name for name in vars(api) if not name.startswith("_")} - {"annotations"}
    assert public == set(api.__all__)


def test_the_reference_lists_the_same_names_and_says_something_of_each() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == api.__all__
    assert {name: meaning for name, meaning in rows if meaning != (docstring_of(name) or meaning)} == {}


def docstring_of(name: str) -> str:
    """The first paragraph of a class's or function's docstring; constants have none that can be read."""
    thing = getattr(api, name)
    if not (inspect.isclass(thing) or inspect.isfunction(thing)):
        return ""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def test_what_every_plugin_uses_is_here_to_stay() -> None:
    promised = {"check", "Severity", "Passed", "Failed", "Warned", "NotApplicable", "Inconclusive"}
    assert promised <= set(api.__all__)

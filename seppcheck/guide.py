"""guide.toml, which the checks are shipped with."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from seppcheck.model.guide import Chapter, Guide, Number
from seppcheck.model.phases import Phase
from seppcheck.model.text import text

FILE = "guide.toml"


def load_guide(folder: Path) -> Guide:
    """Read the guide's numbers from the folder of the checks, which they are shipped with."""
    document = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    return Guide(tuple(_chapter(table) for table in document["chapters"]))


def _chapter(table: dict[str, Any]) -> Chapter:
    numbers = tuple(_number(each) for each in table["numbers"])
    return Chapter(table["id"], text(table["title"]), table["original"], numbers)


def _number(table: dict[str, Any]) -> Number:
    until = Phase(table.get("until", Phase.DRIFT))
    return Number(
        table["id"],
        text(table["title"]),
        Phase(table["due"]),
        until,
        tuple(table.get("parts", ())),
        table.get("first", False),
    )

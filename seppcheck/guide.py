"""guide.toml, which the checks are shipped with."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from seppcheck.model.guide import Chapter, Guide, Number
from seppcheck.model.phases import Phase
from seppcheck.model.text import Message, text

FILE = "guide.toml"


def load_guide(folder: Path) -> Guide:
    """Read the guide's numbers from the folder of the checks, which they are shipped with."""
    document = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    return Guide(tuple(_chapter(table, document.get("steps", {})) for table in document["chapters"]))


def _chapter(table: dict[str, Any], steps: dict[str, Any]) -> Chapter:
    numbers = tuple(_number(each, steps.get(each["id"], {})) for each in table["numbers"])
    return Chapter(table["id"], text(table["title"]), table["original"], numbers)


def _number(table: dict[str, Any], says: dict[str, Any]) -> Number:
    return Number(
        table["id"],
        text(table["title"]),
        Phase(table["due"]),
        Phase(table.get("until", Phase.DRIFT)),
        tuple(table.get("parts", ())),
        table.get("first", False),
        _said(says, "step"),
        _said(says, "menu"),
        _said(says, "departure"),
        tuple(says.get("rests_on", ())),
    )


def _said(says: dict[str, Any], key: str) -> Message | None:
    return text(says[key]) if key in says else None

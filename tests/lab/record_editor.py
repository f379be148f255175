"""Editing a gateway record as a person does, line by line: in the lab that stands for clicking on the gateway."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

EXTENDED_FIELD = """
[[extended_fields]]
name = "disable_delivery"
type = "boolean"
default = "false"
tenants = []
managed_domains = []
"""
"""What stands in the record once the field of the guide's P7 is made."""

Entry = tuple[str, str, str]
"""A table ("" before all tables), a key in it, and its value as TOML."""


def enter(record: Path, at: datetime, *entries: Entry) -> None:
    """Enter values, in place of others or beside them, and the time at which they were looked at."""
    text = record.read_text(encoding="utf-8")
    for entry in (*entries, ("", "attested_at", f"{at:%Y-%m-%dT%H:%M:%SZ}")):
        text = _with(text, *entry)
    record.write_text(text, encoding="utf-8", newline="\n")


def make_field(record: Path) -> None:
    """Write down that the extended field is there: the empty list goes, a table comes."""
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("extended_fields = []\n", "") + EXTENDED_FIELD, encoding="utf-8", newline="\n")


def _with(text: str, table: str, key: str, value: str) -> str:
    head = f"[{table}]\n" if table else ""
    start = text.index(head) + len(head)
    end = found.start() if (found := re.compile(r"^\[", re.MULTILINE).search(text, start)) else len(text)
    body, line = text[start:end], f"{key} = {value}\n"
    others = re.sub(rf"^{re.escape(key)} = .*\n", "", body, flags=re.MULTILINE)
    return f"{text[:start]}{line}{others}{text[end:]}"

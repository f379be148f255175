"""Files of our own: UTF-8, bounded when read, whole or not at all when written."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from seppcheck.errors import UserError

STDOUT = Path("-")


def read_text(path: Path, limit: int) -> str:
    """Read a UTF-8 file of at most `limit` bytes.

    Raises:
        UserError: naming the file and what is wrong with it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UserError("{path} cannot be read: {problem}", path=path, problem=error.strerror or error) from error
    if len(data) > limit:
        raise UserError("{path} is larger than {limit} bytes", path=path, limit=limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("{path} is not UTF-8 text (byte {position})", path=path, position=error.start) from error


def read_json(path: Path, limit: int) -> Any:
    """Read a JSON file of at most `limit` bytes; doubled keys and NaN are refused.

    Raises:
        UserError: naming the file, line and column.
    """
    try:
        return json.loads(read_text(path, limit), object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise UserError(
            "{path} is not JSON, line {line}, column {column}: {problem}",
            path=path,
            line=error.lineno,
            column=error.colno,
            problem=error.msg,
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError("{path} is not sound JSON: {problem}", path=path, problem=error) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return table


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def write_text(path: Path, content: str) -> None:
    """Write a UTF-8 file whole or not at all; `-` is standard output.

    Raises:
        UserError: naming the file and what is wrong.
    """
    if path == STDOUT:
        sys.stdout.buffer.write(content.encode("utf-8"))
        sys.stdout.flush()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a device or a pipe: replacing /dev/null would be remembered
            path.write_text(content, encoding="utf-8", newline="\n")
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        draft.write_text(content, encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        raise UserError("{path} cannot be written: {problem}", path=path, problem=error.strerror or error) from error

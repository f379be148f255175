"""A TOML file against the model of what it may hold: whatever is wrong is told with file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from seppcheck.errors import UserError
from seppcheck.model.text import Message, text
from seppcheck.toml_files.faults import Fault, SettingsError, show_key
from seppcheck.toml_files.lines import TomlLines, key_lines
from seppcheck.toml_files.words import faults_of

D = TypeVar("D", bound=BaseModel)

_MOST_FAULTS = 10
_POSITION = re.compile(r"(?P<problem>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
_SYNTAX = {
    "Invalid value": text("this is not a value (text stands in quotes)"),
    "Cannot overwrite a value": text("this key stands twice"),
    "Invalid initial character for a key part": text("this is not a key"),
    "Unescaped '\\' in a string": text("in text in double quotes a backslash must be written twice"),
}


def validated(path: Path, content: str, document: type[D], context: Mapping[str, Any]) -> D:
    """Read the content of a file.

    Args:
        path: its name in messages.
        content: its text.
        document: the model of the whole file.
        context: what the model's validators know besides the value.

    Raises:
        UserError: for a text that is not TOML.
        SettingsError: for everything that is wrong in it, each with its line and key.
    """
    try:
        data = tomllib.loads(content)
    except (ValueError, RecursionError) as error:
        raise _not_toml(path, content, error) from None
    try:
        return document.model_validate(data, context=dict(context))
    except ValidationError as error:
        faults = list(faults_of(error, document))
    raise complaint(path, content, faults)


def complaint(path: Path, content: str, faults: Iterable[Fault]) -> SettingsError:
    """Return an error that tells faults in a file's content, in the order of its lines."""
    lines = key_lines(content)
    ordered = sorted(faults, key=lambda fault: lines.of(fault.key) or 0)
    return collected(located(path, lines, fault) for fault in ordered)


def collected(messages: Iterable[Message]) -> SettingsError:
    """Return an error that tells what is wrong, the first few of it."""
    told = list(messages)
    more = len(told) - _MOST_FAULTS
    if more > 0:
        told = [*told[:_MOST_FAULTS], text("and {count} more", count=more)]
    return SettingsError(told)


def located(path: Path | None, lines: TomlLines, fault: Fault) -> Message:
    """Return the sentence of a fault with its file, line and key."""
    line = lines.of(fault.key)
    if path and line:
        return text(
            "{file}, line {line}: {key}: {problem}",
            file=path,
            line=line,
            key=show_key(fault.key),
            problem=fault.message,
        )
    return text(
        "{file}: {key}: {problem}",
        file=path or text("the settings"),
        key=show_key(fault.key),
        problem=fault.message,
    )


def _not_toml(path: Path, content: str, error: Exception) -> UserError:
    if isinstance(error, RecursionError):
        return UserError("{file}: lists or tables are nested too deeply", file=path)
    found = _POSITION.fullmatch(str(error))
    if not found:
        return UserError("{file} is not TOML: {problem}", file=path, problem=error)
    last = content.rstrip("\n").count("\n") + 1
    unfinished = text("the file ends within a value; a bracket or a quote is not closed")
    problem = _SYNTAX.get(found["problem"], found["problem"]) if found["line"] else unfinished
    return UserError(
        "{file}, line {line}, column {column}: not TOML: {problem}",
        file=path,
        line=found["line"] or last,
        column=found["column"] or len(content.rstrip("\n").rpartition("\n")[2]) + 1,
        problem=problem,
    )

"""What pydantic finds wrong, said in TOML's words. The values themselves are not repeated: they may be secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from seppcheck.model.text import Message, text
from seppcheck.toml_files.faults import Fault, InvalidSectionError, KeyPath, nearest, show_key

_LIMITS = {
    "greater_than": (text("must be greater than"), "gt"),
    "greater_than_equal": (text("must be at least"), "ge"),
    "less_than": (text("must be less than"), "lt"),
    "less_than_equal": (text("must be at most"), "le"),
}
_FOUND: tuple[tuple[type | tuple[type, ...], Message], ...] = (
    (bool, text("true or false")),  # before int, of which it is one
    ((int, float), text("a number")),
    (str, text("text")),
    ((list, tuple), text("a list")),
    (Mapping, text("a table")),
    (date, text("a date")),
    (time, text("a time of day")),
    (NoneType, text("nothing")),
)


def faults_of(error: ValidationError, document: type[BaseModel]) -> Iterator[Fault]:
    """Yield a fault for everything that pydantic found in a document."""
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # only because its entries are wrong, which is told already
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InvalidSectionError):
            yield from (Fault((*detail["loc"], *fault.key), fault.message) for fault in cause.faults)
        else:
            yield Fault(detail["loc"], getattr(cause, "message", None) or _problem(detail, document))


def _problem(detail: ErrorDetails, document: type[BaseModel]) -> Message:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(detail["loc"], document)
    if kind == "missing":
        return text("is missing")
    if kind in _LIMITS:
        words, limit = _LIMITS[kind]
        return text("{must} {limit}", must=words, limit=f"{context[limit]:g}")
    if kind in ("string_too_short", "too_short"):
        return text("must not be empty")
    if kind == "finite_number":
        return text("must be a number, not inf or nan")
    return _wrong_type(detail, document)


def _wrong_type(detail: ErrorDetails, document: type[BaseModel]) -> Message:
    expected = _expected(_kind_at(document, detail["loc"]))
    if expected is None:
        return text("{problem}", problem=detail["msg"])
    if detail["type"] == "literal_error":
        return text("expected {expected}", expected=expected)
    found = next((words for kind, words in _FOUND if isinstance(detail["input"], kind)), text("something else"))
    return text("expected {expected}, found {found}", expected=expected, found=found)


def _expected(kind: Any) -> Message | None:
    if get_origin(kind) is Literal:
        return text("one of {choices}", choices=[f'"{choice}"' for choice in get_args(kind)])
    if get_origin(kind) is tuple:
        element = _expected(_bare(get_args(kind)[0]))
        return text("a list, each entry {element}", element=element)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return text("a table")
    return {
        str: text("text in quotes"),
        bool: text("true or false, without quotes"),
        int: text("a whole number"),
        float: text("a number"),
        date: text("a date such as 2026-12-31, without quotes"),
        datetime: text("a time such as 2026-11-20T09:30:00Z, without quotes"),
    }.get(kind)


def _kind_at(document: type[BaseModel], path: KeyPath) -> Any:
    """Return the type that stands at a key path; None where there is no such key."""
    kind: Any = document
    for part in path:
        if isinstance(part, int):
            kind = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else None
        elif get_origin(kind) is dict:
            kind = _bare(get_args(kind)[1])
        else:
            fields = getattr(kind, "model_fields", {})
            kind = _bare(fields[part].annotation) if part in fields else None
    return kind


def _bare(kind: Any) -> Any:
    """Leave out what only constrains: `Annotated`, and None as an alternative."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(option for option in get_args(kind) if option is not NoneType))
    return kind


def _unknown(path: KeyPath, document: type[BaseModel]) -> Message:
    name, known = str(path[-1]), list(_kind_at(document, path[:-1]).model_fields)
    elsewhere = next((place for place in _places(document, ()) if place[-1] == name), None)
    if close := nearest(name, known):
        return text("unknown key; did you mean {name}?", name=close)
    if elsewhere:
        return text("unknown key here; it belongs to {place}", place=show_key(elsewhere))
    return text("unknown key; known here are {names}", names=known)


def _places(section: type[BaseModel], path: KeyPath) -> Iterator[KeyPath]:
    """Yield the path of every key of a document."""
    for name, field in section.model_fields.items():
        yield (*path, name)
        kind = _bare(field.annotation)
        kind = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _places(kind, (*path, name))

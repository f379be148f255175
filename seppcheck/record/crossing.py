"""What is wrong in a record although each value is right by itself."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from seppcheck.model.text import text
from seppcheck.record import keys
from seppcheck.record.answers import leaves
from seppcheck.record.sections import RecordDocument
from seppcheck.toml_files.faults import Fault, nearest

_ANY = "*"


def faults_between(document: RecordDocument) -> Iterator[Fault]:
    """Yield a fault for everything that does not go together."""
    yield from _doubled_fields(document)
    yield from _misspelt_customers(document)
    yield from _dates_of_nothing(document)


def _doubled_fields(document: RecordDocument) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for position, field in enumerate(document.extended_fields or ()):
        first = seen.setdefault(field.name, position)
        if first != position:
            same = text("{name} is listed twice, first as extended_fields[{number}]", name=field.name, number=first + 1)
            yield Fault(("extended_fields", position, "name"), same)


def _misspelt_customers(document: RecordDocument) -> Iterator[Fault]:
    """Yield customers that differ from one with an answer in case alone: the gateway tells them apart."""
    folded = {name.casefold(): name for name in document.customers}
    for domain, section in document.domains.items():
        given = section.customer or ""
        known = folded.get(given.casefold())
        if known and given not in document.customers:
            wrong = text("there is no [customers.{given}]; did you mean {known}?", given=given, known=known)
            yield Fault(("domains", domain, "customer"), wrong)


def _dates_of_nothing(document: RecordDocument) -> Iterator[Fault]:
    patterns = list(_patterns(RecordDocument, ()))
    for given in document.answered:
        path = keys.parsed(given)
        if path is None or not any(_fits(path, pattern) for pattern in patterns):
            known = [keys.dotted(each) for each, _ in leaves(document, ()) if each[0] != "answered"]
            close = nearest(given, known)
            hint = text("did you mean {name}?", name=close) if close else text("write the path of an answer")
            yield Fault(("answered", given), text("there is no such answer; {hint}", hint=hint))


def _fits(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(want in (_ANY, key) for key, want in zip(path, pattern, strict=True))


def _patterns(section: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the path of every value that a record may hold; `*` stands for a name."""
    for name, field in section.model_fields.items():
        below: tuple[str, ...] = (name,)
        kind = _table(field.annotation)
        if get_origin(kind) is dict:
            below, kind = (name, _ANY), get_args(kind)[1]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _patterns(kind, (*path, *below))
        elif name != "answered":
            yield (*path, *below)


def _table(kind: Any) -> Any:
    """Leave out None as an alternative."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(option for option in get_args(kind) if option is not type(None))
    return kind

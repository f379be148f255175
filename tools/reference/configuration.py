"""reference/configuration.md: every key of seppcheck.toml and of the gateway record, from the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from seppcheck.model.text import Message, text
from seppcheck.record.keys import dotted
from seppcheck.record.questions import QUESTIONS
from seppcheck.settings.document import Document
from tools.reference.configuration_examples import EXAMPLES
from tools.reference.speaking import NOTHING, Speaker, code, codes, joined

_TYPES: dict[Any, Message] = {
    str: text("text"),
    bool: text("true or false"),
    int: text("a whole number"),
    float: text("a number"),
    date: text("a date"),
}


def sections(model: type[BaseModel] = Document, path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield every table of the file by its name, `[a.b]` or `[[a.b]]`, those within others right after them."""
    for name, field in model.model_fields.items():
        below, several = _table_of(field)
        if below is None:
            continue
        place = f"{path}.{name}" if path else name
        yield (f"[[{place}]]" if several else f"[{place}]"), below
        yield from sections(below, place)


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the keys of a table that are no tables themselves."""
    model.model_rebuild()
    return {name: field for name, field in model.model_fields.items() if _table_of(field)[0] is None}


def page(say: Speaker) -> str:
    """Return the page."""
    return joined(_lines(say))


def _lines(say: Speaker) -> Iterator[str]:
    yield f"# {say(text('The configuration'))}"
    yield ""
    yield say(
        text(
            "seppcheck.toml, every table and every key. An unknown key is an error that names file, line and the "
            "nearest known key. Paths are relative to the file. `seppcheck config schema` prints the same as JSON "
            "Schema."
        )
    )
    yield ""
    for name, model in sections():
        yield from _section(say, name, model)
    yield from _record(say)


def _section(say: Speaker, name: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield say(_described(model.__doc__))
    yield ""
    head = (text("key"), text("type"), text("default"), text("meaning"))
    rows = (
        [code(key), say(_type_of(field.annotation)), _default(say, field), say(_described(field.description))]
        for key, field in keys(model).items()
    )
    yield from say.table(head, rows)
    if name in EXAMPLES:
        yield f"{say(text('Example'))}:"
        yield from ("", "```toml", EXAMPLES[name], "```", "")


def _described(words: str | None) -> Message:
    return Message(" ".join((words or NOTHING).split()))


def _bare(kind: Any) -> Any:
    """Leave out what only constrains: `Annotated`, and None as an alternative."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(option for option in get_args(kind) if option is not NoneType))
    return kind


def _table_of(field: FieldInfo) -> tuple[type[BaseModel] | None, bool]:
    kind = _bare(field.annotation)
    several = get_origin(kind) is tuple
    kind = _bare(get_args(kind)[0]) if several else kind
    return (kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None), several


def _type_of(annotation: Any) -> Message:
    kind = _bare(annotation)
    if get_origin(kind) is tuple:
        return text("a list: {each}", each=_type_of(get_args(kind)[0]))
    if get_origin(kind) is Literal:
        return text("one of {choices}", choices=get_args(kind))
    return _TYPES[kind]


def _default(say: Speaker, field: FieldInfo) -> str:
    if field.is_required():
        return f"**{say(text('mandatory'))}**"
    value = field.get_default(call_default_factory=True)
    return NOTHING if value in (None, "", ()) else code(json.dumps(value))


def _record(say: Speaker) -> Iterator[str]:
    yield "## gateway-record.toml"
    yield ""
    yield say(
        text(
            "What a person read off the gateway's menus. `seppcheck attest` asks for it and writes it, with author and "
            "date. A key that is not there is unknown, which is not the same as false. * stands for a name."
        )
    )
    yield ""
    head = (text("key"), text("where the gateway shows it"), text("question"), text("checks"))
    rows = ([code(dotted(q.path)), say(q.menu), say(q.words), codes(q.checks)] for q in QUESTIONS)
    yield from say.table(head, rows)

"""The published JSON Schema, against files that are right and wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from seppcheck.settings import Document
from seppcheck.settings.schema import json_schema

FULL = Path(__file__).with_name("full.toml").read_text(encoding="utf-8")


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_file_with_every_key_is_valid() -> None:
    assert not list(Draft202012Validator(json_schema()).iter_errors(as_json(tomllib.loads(FULL))))


def test_the_full_file_leaves_out_only_what_excludes_another_key() -> None:
    known = {f"{name}.{key}" for name, section in json_schema()["$defs"].items() for key in section["properties"]}
    written = {f"{type(section).__name__}.{key}" for section, key in keys(Document.model_validate(tomllib.loads(FULL)))}
    assert known - written == {
        *("ApiSection.fingerprint", "ExchangeSection.client_secret", "ExchangeSection.export", "GatewaySection.nodes"),
        *("NodeSection.name", "NodeSection.addresses", "NodeSection.api_url"),
    }


def keys(section: Any) -> Iterator[tuple[Any, str]]:
    for key in section.model_fields_set:
        yield section, key
        value = getattr(section, key)
        for inner in value if isinstance(value, tuple) else (value,):
            if hasattr(inner, "model_fields_set"):
                yield from keys(inner)


BREAK: dict[str, Callable[[Any], Any]] = {
    "an unknown key": lambda d: d["dns"].update(resolver=[]),
    "an internal field": lambda d: d.update(folder="."),
    "a literal secret": lambda d: d["gateway"]["api"].update(token="hunter2"),
    "http": lambda d: d["gateway"]["api"].update(url="http://a.b"),
    "a port out of range": lambda d: d["dns"].update(port=0),
    "a missing reason": lambda d: d["waivers"][0].pop("reason"),
    "a wrong type": lambda d: d.update(domains="example.org"),
    "null, which TOML has not": lambda d: d["exchange"].update(export=None),
}


@pytest.mark.parametrize("change", BREAK.values(), ids=BREAK)
def test_a_wrong_file_is_invalid(change: Callable[[Any], Any]) -> None:
    document = as_json(tomllib.loads(FULL))
    change(document)
    assert list(Draft202012Validator(json_schema()).iter_errors(document))


def test_every_key_is_described() -> None:
    silent = [
        f"{section.get('description')} {name}"
        for section in objects(json_schema())
        for name, key in section["properties"].items()
        if not key.get("description")
    ]
    assert not silent


def test_no_internal_field_is_published() -> None:
    assert not {"folder", "file"} & set(json_schema()["properties"])

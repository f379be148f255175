"""Writing gateway-record.toml: what is there already stays as it is, comments included."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from seppcheck import files
from seppcheck.errors import UserError
from seppcheck.model.gateway import ExtendedField
from seppcheck.model.gateway_record import HOLD
from seppcheck.record import keys
from seppcheck.record.reading import LARGEST
from seppcheck.record.sections import RecordDocument
from seppcheck.toml_files.document import validated

Value = bool | str | ExtendedField | None
"""What was answered; of the extended fields the guide's one, None where it is not there."""


def write(path: Path, given: Mapping[tuple[str, ...], Value], by: str, at: datetime) -> None:
    """Add answers to a record, each with its author and date; a record that is not there is begun.

    The file appears whole or not at all, and only if it can be read again.

    Raises:
        UserError: when it cannot be read or written, or would not be sound.
    """
    moment = at.replace(microsecond=0)
    document = _begun(by, moment) if not path.exists() else _parsed(path)
    for answer, value in given.items():
        if answer == ("extended_fields",) and not isinstance(value, (bool, str)):
            _set_field(document, value)
        else:
            _set(document, answer, tomlkit.string(value, multiline="\n" in value) if isinstance(value, str) else value)
    for answer in given:
        _set(document, ("answered", keys.dotted(answer)), _inline({"at": moment, "by": by}))
    content = tomlkit.dumps(document)
    validated(path, content, RecordDocument, {"folder": path.parent, "now": at})
    files.write_text(path, content)


def _begun(by: str, at: datetime) -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    document.add(tomlkit.comment("What a person saw in the gateway's menus; written by `seppcheck attest`."))
    document.add(tomlkit.comment("A key that is absent is unknown. No private key and no password belongs here."))
    document["attested_by"] = by
    document["attested_at"] = at
    return document


def _parsed(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(files.read_text(path, LARGEST))
    except TOMLKitError as error:
        raise UserError("{file} is not TOML: {problem}", file=path, problem=error) from error


def _set(document: MutableMapping[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a value, in tables that are made where they are missing."""
    table = document
    for depth, key in enumerate(path[:-1]):
        name = _spelt(table, key) if path[depth - 1 : depth] == ("domains",) else key
        if name not in table:
            table[name] = tomlkit.table(is_super_table=depth == 0 and len(path) > 2)  # noqa: PLR2004 - a table of tables
        table = table[name]
    table[path[-1]] = value


def _spelt(table: MutableMapping[str, Any], name: str) -> str:
    """Return a domain's name as the record already spells it."""
    return next((given for given in table if keys.canonical(("domains", given)) == ("domains", name)), name)


def _set_field(document: MutableMapping[str, Any], field: ExtendedField | None) -> None:
    """Put the guide's extended field among the others; an empty list is known to be empty."""
    others = [dict(other) for other in document.get("extended_fields", []) if other.get("name") != HOLD]
    listed = others if field is None else [*others, _written(field)]
    document.pop("extended_fields", None)
    if not listed:
        document["extended_fields"] = tomlkit.array()
        return
    tables = tomlkit.aot()
    for each in listed:
        tables.append(_table(each))
    document["extended_fields"] = tables


def _written(field: ExtendedField) -> Mapping[str, Any]:
    values = {
        "name": field.name,
        "type": field.type,
        "default": field.default,
        "tenants": None if field.tenants is None else list(field.tenants),
        "managed_domains": None if field.managed_domains is None else list(field.managed_domains),
    }
    return {name: value for name, value in values.items() if value is not None}


def _table(values: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    for name, value in values.items():
        table[name] = value
    return table


def _inline(values: Mapping[str, Any]) -> Any:
    table = tomlkit.inline_table()
    table.update(values)
    return table

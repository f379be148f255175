"""From the tables of a record to answers, each with the author and date that count for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from seppcheck.model.gateway import ExtendedField
from seppcheck.model.gateway_record import Answer
from seppcheck.record import keys
from seppcheck.record.files import command_text, public_certificate
from seppcheck.record.sections import FILE, AnsweredSection, RecordDocument, file_of

_ABOUT_THE_RECORD = {"attested_by", "attested_at", "answered"}

KeyPath = tuple[str, ...]


def answers(document: RecordDocument, folder: Path) -> tuple[Answer, ...]:
    """Return every answer; what files of `folder` hold is read now.

    Raises:
        InvalidValueError: for a file that was sound when the document was validated, and is no more.
    """
    dated = {keys.canonical(keys.parsed(key) or ()): section for key, section in document.answered.items()}
    return tuple(
        _answer(document, path, value, dated.get(path), folder)
        for path, value in leaves(document, ())
        if path[0] not in _ABOUT_THE_RECORD
    )


def leaves(section: BaseModel, path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every value that is there with its path; a list is one value."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        tables: Mapping[KeyPath, object] = {(name,): value}
        if isinstance(value, dict):
            tables = {(name, key): table for key, table in value.items()}
        for below, each in tables.items():
            if isinstance(each, BaseModel):
                yield from leaves(each, (*path, *below))
            elif each is not None:
                yield (*path, *below), each


def _answer(document: RecordDocument, path: KeyPath, value: Any, own: AnsweredSection | None, folder: Path) -> Answer:
    by = (own and own.by) or document.attested_by
    at = (own.at if own else document.attested_at).astimezone(UTC)
    if path == ("extended_fields",):
        return Answer(path, tuple(ExtendedField(**dict(field)) for field in value), by, at)
    if path == ("custom_commands", "before_processing") and (file := file_of(value, folder)):
        return Answer(path, command_text(file), by, at, value.removeprefix(FILE))
    if path[-1] == "certificate":
        return Answer(path, public_certificate(folder / value), by, at, value)
    return Answer(path, value, by, at)

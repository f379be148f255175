"""Reading gateway-record.toml: every fault is told with file, line and key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from seppcheck import files
from seppcheck.errors import UserError
from seppcheck.model.gateway_record import GatewayRecord
from seppcheck.record.answers import answers
from seppcheck.record.crossing import faults_between
from seppcheck.record.sections import RecordDocument
from seppcheck.settings import Settings
from seppcheck.toml_files.document import complaint, validated

LARGEST = 8_000_000
"""Bytes of a record; one of 10,000 domains has about 3 MB."""


def of_settings(settings: Settings, now: datetime) -> GatewayRecord | None:
    """Read the record that the settings name; None where they name none.

    Raises:
        UserError: for a record that is not there, or holds anything wrong.
    """
    name = settings.gateway.record
    return read(settings.path(name), name, now) if name else None


def read(path: Path, name: str, now: datetime) -> GatewayRecord:
    """Read a record.

    Args:
        path: the file; paths in it are relative to its folder.
        name: how evidence and reports call it.
        now: no answer may be dated after it.

    Raises:
        UserError: for a file that is not there or no TOML.
        SettingsError: for everything that is wrong in it, each with its line and key.
    """
    if not path.is_file():
        raise UserError("there is no {file}; write it with `seppcheck attest`", file=path)
    content = files.read_text(path, LARGEST)
    document = validated(path, content, RecordDocument, {"folder": path.parent, "now": now})
    if faults := list(faults_between(document)):
        raise complaint(path, content, faults)
    return GatewayRecord(
        file=name,
        by=document.attested_by,
        at=document.attested_at.astimezone(UTC),
        answers=answers(document, path.parent),
        domains=tuple(document.domains),
    )

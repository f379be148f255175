"""export-info.json: when and of which tenant an export was made, and how many objects each file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from seppcheck.exchange.export_files import DamagedError, read_document

NAME = "export-info.json"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class ExportInfo:
    """What the export says of itself; `counts` by the names of the files without `.json`."""

    collected_at: datetime
    tenant: str
    counts: Mapping[str, int]


def read_info(folder: Path) -> ExportInfo | None:
    """Read it; None where there is none.

    Raises:
        DamagedError: when it is not what the script writes.
    """
    path = folder / NAME
    if not path.exists():
        return None
    document = read_document(path)
    if not isinstance(document, Mapping) or document.get("schema_version") != SCHEMA_VERSION:
        raise DamagedError(path, "it is no export information of version 1")
    counts = document.get("counts")
    if not isinstance(counts, Mapping) or not all(type(n) is int and n >= 0 for n in counts.values()):
        raise DamagedError(path, "counts must give a whole number for each file")
    return ExportInfo(_moment(path, document.get("collected_at")), _tenant(path, document), dict(counts))


def _tenant(path: Path, document: Mapping[str, object]) -> str:
    tenant = document.get("tenant")
    if not isinstance(tenant, str) or not tenant.strip():
        raise DamagedError(path, "tenant must name the tenant, such as example.onmicrosoft.com")
    return tenant.strip().lower()


def _moment(path: Path, value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise DamagedError(path, "collected_at must be a time in UTC, such as 2026-11-24T08:00:00Z")
    return moment.astimezone(UTC)

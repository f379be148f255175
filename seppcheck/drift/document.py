"""The baseline's file: JSON for people to review in git. Keys are sorted, a property stands on a line.

It holds no secret, for evidence holds none, and nothing that changes by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from seppcheck.clock import aware, stamp
from seppcheck.drift.baseline import Baseline, Piece
from seppcheck.drift.past import Past, SeenMx
from seppcheck.drift.projection import IDENTITY
from seppcheck.errors import UserError
from seppcheck.files import read_json, write_text
from seppcheck.model.text import Text, text

SCHEMA_VERSION = 1
KIND = "baseline"
DEFAULT = Path("seppcheck-baseline.json")
_MAX_BYTES = 128 * 2**20
_WIDEST = 100
_ORDER = "order"
_LONGEST_TTL = 2**31 - 1
"""Seconds: RFC 2181, section 8."""
_MX = re.compile(r"[0-9]{1,5} \S+")
_YEARS = range(2000, 3000)

_Tables = dict[str, dict[str, JsonValue]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Tool(_Part):
    name: Literal["seppcheck"]
    version: str


class _SeenMx(_Part):
    at: str
    ttl: int | None = Field(ge=0, le=_LONGEST_TTL)
    values: list[str]


class _Past(_Part):
    hold_last_true: str | None
    new_mx: _SeenMx | None
    other_mx: _SeenMx | None


class _Document(_Part):
    schema_version: Literal[1]
    kind: Literal["baseline"]
    tool: _Tool
    accepted_at: str
    gateway: str
    tenant: str
    domains: list[str]
    partial: bool
    checks: dict[str, str]
    requirements: dict[str, str]
    evidence: dict[str, dict[str, _Tables]]
    order: dict[str, dict[str, list[str]]]
    unseen: dict[str, dict[str, dict[str, str]]]
    left_out: dict[str, list[str]]
    past: dict[str, _Past]


def to_document(baseline: Baseline) -> dict[str, Any]:
    """Return a baseline as its file holds it."""
    pieces = baseline.pieces.items()
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": KIND,
        "tool": {"name": "seppcheck", "version": baseline.version},
        "accepted_at": stamp(baseline.accepted_at),
        "gateway": baseline.gateway,
        "tenant": baseline.tenant,
        "domains": list(baseline.domains),
        "partial": baseline.partial,
        "checks": baseline.checks,
        "requirements": baseline.requirements,
        "evidence": _nested((key, piece.objects) for key, piece in pieces),
        _ORDER: _nested((key, list(piece.order)) for key, piece in pieces if piece.order),
        "unseen": _nested((key, piece.unseen) for key, piece in pieces if piece.unseen),
        "left_out": {kind: list(names) for kind, names in baseline.left_out.items()},
        "past": {name: _past(past) for name, past in baseline.past.items()},
    }


def _nested(pairs: Iterator[tuple[tuple[str, str], Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (kind, target), value in pairs:
        found.setdefault(kind, {})[target] = value
    return found


def _past(past: Past) -> dict[str, Any]:
    held = past.hold_last_true
    return {
        "hold_last_true": None if held is None else stamp(held),
        "new_mx": _seen_mx(past.new_mx),
        "other_mx": _seen_mx(past.other_mx),
    }


def _seen_mx(seen: SeenMx | None) -> dict[str, Any] | None:
    return None if seen is None else {"at": stamp(seen.at), "ttl": seen.ttl, "values": list(seen.values)}


def render(document: Mapping[str, Any]) -> str:
    """Return the file's content."""
    return f"{_rendered(document, 0)}\n"


def _rendered(value: Any, depth: int, *, spread: bool = False) -> str:
    """Return JSON; with `spread` every list has a member a line."""
    inner, outer = " " * (depth + 1) * 2, " " * depth * 2
    if isinstance(value, Mapping) and value:
        lines = (
            f"{inner}{_atom(key)}: {_rendered(value[key], depth + 1, spread=spread or key == _ORDER)}"
            for key in sorted(value)
        )
        return "{\n" + ",\n".join(lines) + f"\n{outer}}}"
    if isinstance(value, (list, tuple)) and value and (spread or _is_long(value)):
        return "[\n" + ",\n".join(f"{inner}{_rendered(item, depth + 1)}" for item in value) + f"\n{outer}]"
    return _atom(value)


def _is_long(items: list[Any] | tuple[Any, ...]) -> bool:
    """Tell whether a list is easier to review a member a line: sentences and records, not a few names."""
    with_blanks = any(not isinstance(item, (str, int, float)) or " " in str(item) for item in items)
    return len(items) > 1 and (with_blanks or len(_atom(items)) > _WIDEST)


def _atom(value: Any) -> str:
    """Return JSON in which no character hides: what does not show itself (bidirectional controls) is escaped."""
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in plain)


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline (UTF-8, line feeds), whole or not at all.

    Raises:
        UserError: when the file cannot be written.
    """
    write_text(path, render(to_document(baseline)))


def read(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        UserError: when it is not there, none, damaged or of a newer version; names file and key, or line.
    """
    document = read_json(path, _MAX_BYTES)
    if not isinstance(document, Mapping) or document.get("kind") != KIND:
        raise UserError("{path} is no baseline of seppcheck: `seppcheck baseline accept` writes one", path=path)
    found = document.get("schema_version")
    if found != SCHEMA_VERSION or isinstance(found, bool):
        raise UserError(
            "{path}: schema_version is {found}, and this version of seppcheck reads {known}: use the version that "
            "wrote it, or accept the present state anew with `seppcheck baseline accept`",
            path=path,
            found=repr(found)[:40],
            known=SCHEMA_VERSION,
        )
    try:
        return _baseline(path, _Document.model_validate(document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise damaged(path, ".".join(map(str, first["loc"])), first["msg"]) from error


def damaged(path: Path, key: str, problem: Text) -> UserError:
    """Return the error for a file that was edited or cut."""
    return UserError(
        "{path}: {key}: {problem} (the baseline is damaged): take it from git again, or move it away and accept the "
        "present state with `seppcheck baseline accept`",
        path=path,
        key=key,
        problem=problem,
    )


def _refuse_unsound(path: Path, found: _Document) -> None:
    """See that the parts of the document fit together: a merge may have taken half of a change.

    Raises:
        UserError: naming the key.
    """
    for part, tables in ((_ORDER, found.order), ("unseen", found.unseen)):
        for kind, targets in tables.items():
            for target in targets:
                if target not in found.evidence.get(kind, {}):
                    raise damaged(path, f"{part}.{kind}.{target}", text("evidence does not hold it"))
    for kind, order in found.order.items():
        for target, names in order.items():
            if sorted(names) != sorted(found.evidence[kind][target]):
                problem = text("it must name every object of evidence once, and nothing else")
                raise damaged(path, f"{_ORDER}.{kind}.{target}", problem)


def _refuse_identity(path: Path, key: str, objects: _Tables) -> None:
    for name, properties in objects.items():
        if not isinstance(properties.get(IDENTITY, ""), str):
            raise damaged(path, f"{key}.{name}.{IDENTITY}", text("it must be a text"))


def _baseline(path: Path, found: _Document) -> Baseline:
    _refuse_unsound(path, found)
    for kind, targets in found.evidence.items():
        for target, objects in targets.items():
            _refuse_identity(path, f"evidence.{kind}.{target}", objects)
    pieces = {
        (kind, target): Piece(
            objects,
            tuple(found.order.get(kind, {}).get(target, ())),
            found.unseen.get(kind, {}).get(target, {}),
        )
        for kind, targets in found.evidence.items()
        for target, objects in targets.items()
    }
    return Baseline(
        path=path,
        accepted_at=_moment(path, "accepted_at", found.accepted_at),
        version=found.tool.version,
        gateway=found.gateway,
        tenant=found.tenant,
        domains=tuple(found.domains),
        partial=found.partial,
        checks=found.checks,
        requirements=found.requirements,
        pieces=pieces,
        left_out={kind: tuple(names) for kind, names in found.left_out.items()},
        past={name: _read_past(path, f"past.{name}", past) for name, past in found.past.items()},
    )


def _read_past(path: Path, key: str, past: _Past) -> Past:
    def seen(name: str, found: _SeenMx | None) -> SeenMx | None:
        if found is None:
            return None
        for value in found.values:
            if not _MX.fullmatch(value):
                raise damaged(path, f"{key}.{name}.values", text("{found} is no MX value", found=value[:40]))
        return SeenMx(_moment(path, f"{key}.{name}.at", found.at), tuple(found.values), found.ttl)

    held = past.hold_last_true
    return Past(
        new_mx=seen("new_mx", past.new_mx),
        other_mx=seen("other_mx", past.other_mx),
        hold_last_true=None if held is None else _moment(path, f"{key}.hold_last_true", held),
    )


def _moment(path: Path, key: str, given: str) -> datetime:
    try:
        found = aware(datetime.fromisoformat(given))
    except (ValueError, OverflowError):
        found = None
    if found is None or found.year not in _YEARS:
        raise damaged(path, key, text("{found} is no time with an offset", found=given[:40]))
    return found

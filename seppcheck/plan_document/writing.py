"""From a plan to its document."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from seppcheck.clock import stamp
from seppcheck.model.changes import DnsImage, ExchangeImage, FactImage, Image
from seppcheck.model.plans import Backwards, MigrationPlan, PlannedChange, Unseen
from seppcheck.plan_document.canonical import fingerprint

SCHEMA_VERSION = 1

Document = dict[str, Any]


def to_document(plan: MigrationPlan) -> Document:
    """Return a plan as a document of JSON values alone, its fingerprint included.

    Times are whole seconds in UTC. A lone surrogate, which UTF-8 cannot hold, is shown by its number. Of a target
    its kind and name are kept: evidence is found by these.
    """
    document: Document = {
        "schema_version": SCHEMA_VERSION,
        "phase": plan.phase.value,
        "fingerprint": "",
        "gateway": _sound(plan.gateway),
        "tenant": _sound(plan.tenant),
        "domains": _texts(plan.domains),
        "language": _sound(plan.language),
        "created_at": stamp(plan.created_at),
        "judged_at": stamp(plan.judged_at),
        "changes": [_change(change) for change in plan.changes],
        "notes": _texts(plan.notes),
        "unseen": [_unseen(each) for each in plan.unseen],
    }
    return {**document, "fingerprint": fingerprint(document)}


def to_json(plan: MigrationPlan) -> str:
    """Return a plan's document as text, in ASCII: what `seppcheck apply` reads."""
    return json.dumps(to_document(plan), indent=2, ensure_ascii=True) + "\n"


def fingerprint_of(plan: MigrationPlan) -> str:
    """Return the fingerprint of a plan's document."""
    return str(to_document(plan)["fingerprint"])


def _change(change: PlannedChange) -> Document:
    return {
        "id": _sound(change.id),
        "check": _sound(change.check),
        "requirements": _texts(change.requirements),
        "system": change.system.value,
        "kind": change.kind.value,
        "milestone": change.milestone.value if change.milestone else None,
        "proof": change.proof,
        "summary": _sound(change.summary),
        "why": _sound(change.why),
        "target_kind": _sound(change.target_kind),
        "target": _sound(change.target),
        "before": image_to_document(change.before),
        "after": image_to_document(change.after),
        "inverse": _inverse(change.inverse),
        "steps": _texts(change.steps),
        "needs": _texts(change.needs),
        "until": stamp(change.until) if change.until else None,
        "seconds": change.seconds,
        "breaks_if_stopped_here": None if change.breaks is None else _sound(change.breaks),
    }


def _inverse(inverse: Backwards | None) -> Document | None:
    if inverse is None:
        return None
    return {
        "before": image_to_document(inverse.before),
        "after": image_to_document(inverse.after),
        "steps": _texts(inverse.steps),
    }


def image_to_document(image: Image | None) -> Document | None:
    """Return one image as the document holds it; None = there is none."""
    match image:
        case None:
            return None
        case DnsImage():
            named = {"name": _sound(image.name), "type": _sound(image.type)}
            return {**named, "ttl": image.ttl, "values": _texts(image.values)}
        case ExchangeImage():
            kind = {"type": _sound(image.type), "guid": _sound(image.guid) or None, "name": _sound(image.name)}
            return {**kind, "properties": _table(image.properties)}
        case FactImage():
            target = {"kind": image.target.kind, "name": _sound(image.target.name)}
            return {"evidence": _sound(image.kind), "target": target, "data": _table(image.fields)}


def _unseen(unseen: Unseen) -> Document:
    return {
        "check": _sound(unseen.check),
        "target": _sound(unseen.target),
        "reason": _sound(unseen.reason),
        "detail": _sound(unseen.detail),
    }


def _texts(values: tuple[str, ...]) -> list[str]:
    return [_sound(value) for value in values]


def _table(values: Mapping[str, object]) -> Document:
    return {_sound(str(name)): _plain(value) for name, value in values.items()}


def _plain(value: object) -> Any:
    """Return a value of an image as JSON has it: what evidence holds as an enumeration or a record, too.

    Raises:
        TypeError: for what no image can hold.
    """
    match value:
        case Mapping():
            return _table(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=str)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return _scalar(value.value if isinstance(value, Enum) else value)


def _scalar(value: object) -> str | float | bool | None:
    match value:
        case str():
            return _sound(value)
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime():
            return stamp(value)
        case date():
            return value.isoformat()
    raise TypeError(f"an image cannot hold a {type(value).__name__}")


def _sound(value: str) -> str:
    if value.isascii():
        return value
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in value)

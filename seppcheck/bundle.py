"""Bundles: evidence on disk, so that another machine, or another day, gives the same verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from seppcheck import __version__
from seppcheck.clock import aware, stamp
from seppcheck.engine.gather import Key, key_of
from seppcheck.errors import UserError
from seppcheck.files import read_json, write_text
from seppcheck.model.evidence import Evidence, Provenance, Record, Unavailable
from seppcheck.model.outcomes import Assurance, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.targets import TARGETS, Site, Target
from seppcheck.model.text import Message

SCHEMA_VERSION = 1
_MAX_BYTES = 512 * 1024 * 1024
"""A bundle of 10,000 domains is about 100 MB; beyond this it is no bundle of ours."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle as read. `evidence` stays as it was written until its kinds and targets are known."""

    path: Path
    judged_at: datetime
    phase: Phase | None
    language: str
    settings: Mapping[str, Any]
    history: tuple[Mapping[str, Any], ...]
    evidence: tuple[Mapping[str, Any], ...]


def write(
    path: Path,
    *,
    judged_at: datetime,
    phase: Phase | None,
    language: str,
    settings: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]],
    records: Iterable[Record],
) -> None:
    """Write a bundle (UTF-8 JSON, keys in a fixed order); `-` is standard output.

    Raises:
        UserError: when the file cannot be written.
    """
    document = {
        "schema_version": SCHEMA_VERSION,
        "kind": "bundle",
        "tool": {"name": "seppcheck", "version": __version__},
        "judged_at": stamp(judged_at),
        "phase": phase.value if phase else None,
        "language": language,
        "settings": settings,
        "history": list(history),
        "evidence": [_entry(record) for record in records],
    }
    write_text(path, json.dumps(document, indent=1, ensure_ascii=True) + "\n")


def _entry(record: Record) -> Mapping[str, Any]:
    origin = record.provenance
    entry = {
        "kind": record.kind,
        "target": {"kind": record.target.kind, "name": record.target.name},
        "source": origin.source,
        "collected_at": stamp(origin.collected_at),
        "from": origin.asked,
        "assurance": origin.assurance.value,
    }
    if isinstance(record.content, Unavailable):
        return {**entry, "unavailable": _adapter(Unavailable).dump_python(record.content, mode="json")}
    return {**entry, "data": _adapter(type(record.content)).dump_python(record.content, mode="json")}


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    """Return the one adapter of a kind; building it costs more than using it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def read(path: Path) -> Bundle:
    """Read a bundle's frame; its evidence is decoded by `records_of`.

    Raises:
        UserError: when it is not there, not a bundle, or of a newer version.
    """
    document = read_json(path, _MAX_BYTES)
    if not isinstance(document, Mapping) or document.get("kind") != "bundle":
        raise UserError("{path} is not a bundle of seppcheck (`seppcheck collect --out FILE` writes one)", path=path)
    if document.get("schema_version") != SCHEMA_VERSION:
        raise UserError(
            "{path}: schema_version is {found}; this version of seppcheck reads {known}",
            path=path,
            found=document.get("schema_version"),
            known=SCHEMA_VERSION,
        )
    try:
        return _frame(path, document)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise _damaged(path, "frame", error) from error


class _Frame:
    """Adapters for the frame's lists and tables, made once."""

    table = TypeAdapter(dict[str, Any])
    tables = TypeAdapter(tuple[dict[str, Any], ...])
    moment = TypeAdapter(datetime)


def _frame(path: Path, document: Mapping[str, Any]) -> Bundle:
    return Bundle(
        path=path,
        judged_at=aware(_Frame.moment.validate_python(document["judged_at"])),
        phase=Phase(document["phase"]) if document["phase"] is not None else None,
        language=str(document["language"]),
        settings=_Frame.table.validate_python(document["settings"]),
        history=_Frame.tables.validate_python(document["history"]),
        evidence=_Frame.tables.validate_python(document["evidence"]),
    )


def records_of(bundle: Bundle, kinds: Mapping[str, type[Evidence]], sites: Iterable[Site]) -> Mapping[Key, Record]:
    """Decode the evidence of a bundle; of one piece recorded twice the newest counts.

    Evidence of a kind or about a target that this run does not know is left alone: nobody asks for it.

    Raises:
        UserError: naming the entry that is damaged.
    """
    targets = {(t.kind, t.name): t for site in sites for kind in TARGETS for t in site.targets(kind)}
    records: dict[Key, Record] = {}
    for number, entry in enumerate(bundle.evidence, start=1):
        try:
            record = _record(entry, kinds, targets)
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            raise _damaged(bundle.path, f"evidence entry {number}", error) from error
        if record is not None:
            keep_newest(records, record)
    return records


def keep_newest(records: dict[Key, Record], record: Record) -> None:
    """Add a record unless a newer observation of the same kind and target is there.

    What was observed beats what could not be had, however new that failure is.
    """
    key = key_of(record.kind, record.target)
    known = records.get(key)
    if known is None or _rank(record) >= _rank(known):
        records[key] = record


def _rank(record: Record) -> tuple[bool, datetime]:
    return not isinstance(record.content, Unavailable), record.provenance.collected_at


def _record(
    entry: Mapping[str, Any], kinds: Mapping[str, type[Evidence]], targets: Mapping[tuple[str, str], Target]
) -> Record | None:
    target = targets.get((entry["target"]["kind"], entry["target"]["name"]))
    kind = kinds.get(entry["kind"])
    if kind is None or target is None:
        return None
    if "unavailable" in entry:
        content = _unavailable(entry["unavailable"])
    else:
        content = _adapter(kind).validate_python(entry["data"])
    origin = Provenance(
        source=str(entry["source"]),
        collected_at=aware(_Frame.moment.validate_python(entry["collected_at"])),
        asked=str(entry["from"]),
        assurance=Assurance(entry["assurance"]),
    )
    return Record(kind.kind, target, origin, content)


def _unavailable(data: Mapping[str, Any]) -> Unavailable:
    return Unavailable(Reason(data["reason"]), _message(data["detail"]), str(data.get("asked", "")))


def _message(data: Mapping[str, Any]) -> Message:
    parameters = tuple((str(n), _message(v) if isinstance(v, Mapping) else str(v)) for n, v in data["parameters"])
    return Message(str(data["template"]), parameters)


def _damaged(path: Path, where: str, error: Exception) -> UserError:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        problem = ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
    else:
        problem = f"{type(error).__name__}: {error}"
    return UserError(
        "{path}: the bundle is damaged ({where}: {problem}); collect it anew", path=path, where=where, problem=problem
    )


def newest_of(bundles: Iterable[Bundle]) -> Bundle:
    """Return the bundle whose settings, language and clock count, after seeing that all go together.

    Raises:
        UserError: for bundles of different gateways or domains.
    """
    ordered = sorted(bundles, key=lambda bundle: bundle.judged_at)
    for bundle in ordered[:-1]:
        if _about(bundle) != _about(ordered[-1]):
            raise UserError(
                "{one} and {two} do not go together: they are about different gateways or domains",
                one=bundle.path,
                two=ordered[-1].path,
            )
    return ordered[-1]


def refuse_foreign(bundles: Iterable[Bundle], settings: Mapping[str, Any]) -> None:
    """See that bundles and a configuration are about one gateway, and have a domain in common.

    A cluster may have got another node since, and a configuration another domain.

    Raises:
        UserError: naming the bundle, and what each is about.
    """
    for bundle in bundles:
        for names in (_gateway_names, _domain_names):
            theirs, ours = names(bundle.settings), names(settings)
            if not theirs & ours:
                raise UserError(
                    "{path} and the configuration do not go together: one is about {theirs}, the other about {ours}; "
                    "give the bundle's own configuration, or none",
                    path=bundle.path,
                    theirs=tuple(sorted(theirs)) or "-",
                    ours=tuple(sorted(ours)) or "-",
                )


def _gateway_names(settings: Mapping[str, Any]) -> set[str]:
    gateway = settings.get("gateway")
    if not isinstance(gateway, Mapping):
        return set()
    return _names([gateway]) | _names(gateway.get("nodes"))


def _domain_names(settings: Mapping[str, Any]) -> set[str]:
    return _names(settings.get("domains"))


def _names(tables: object) -> set[str]:
    found = tables if isinstance(tables, list | tuple) else ()
    return {str(table["name"]) for table in found if isinstance(table, Mapping) and table.get("name")}


def _about(bundle: Bundle) -> tuple[object, object]:
    gateway, domains = bundle.settings.get("gateway"), bundle.settings.get("domains")
    name = gateway.get("name") if isinstance(gateway, Mapping) else None
    nodes = gateway.get("nodes") if isinstance(gateway, Mapping) else None
    names = sorted(str(d.get("name")) for d in domains if isinstance(d, Mapping)) if isinstance(domains, list) else None
    return (str(name), str(nodes)), names

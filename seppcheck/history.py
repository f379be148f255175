"""What runs leave behind for later ones: one small file a run, beside the configuration.

`YYYYMMDDTHHMMSSZ.json` holds `{"schema_version": 1, "at", "phase", "verdict", "domains": {name:
{"mx" | "spf": {"servers": [{"server", "address", "ttl", "values"}]}}}, "hold": {name: "true" |
"false"}}`. A server that was silent has `"ttl": null` and a `reason`; one that has no such record has
`"ttl": null` and none. A run that did not look at a record has no key for it. `"whole": false` is added for a run
that was limited or interrupted: its verdict compares with no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from errno import EEXIST
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seppcheck.clock import aware, stamp
from seppcheck.errors import UserError
from seppcheck.files import read_json
from seppcheck.model.dns import MxRecords, ServerAnswer, SpfRecords
from seppcheck.model.evidence import Evidence, Record
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain
from seppcheck.model.text import Message, text

SOURCE = "history"
"""The name of the source that makes evidence of it."""

KEPT = timedelta(days=400)
"""How long a run is remembered: over a year, so that a yearly renewal finds the one before."""

_LIMIT = 16 * 2**20
_LIMIT_OF_ALL = 4 * _LIMIT
_NAME = re.compile(r"(\d{8}T\d{6}Z)\.json(\.part)?")
_TRIES = 600
_STAMP = "%Y%m%dT%H%M%SZ"
_KINDS: Mapping[type[Evidence], str] = {MxRecords: "mx", SpfRecords: "spf"}

Document = Mapping[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Server(_Part):
    server: str
    address: str
    ttl: int | None = Field(strict=True, ge=0)
    values: tuple[str, ...] = ()
    reason: str = ""


class _Servers(_Part):
    servers: tuple[_Server, ...]


class _Domain(_Part):
    mx: _Servers | None = None
    spf: _Servers | None = None


class _Document(_Part):
    schema_version: Literal[1]
    at: str
    domains: dict[str, _Domain]
    hold: dict[str, Literal["true", "false"]] = {}


def read(folder: Path) -> tuple[tuple[Document, ...], tuple[Message, ...]]:
    """Return the documents of earlier runs, oldest first, and a note for each file that is left out.

    A folder that is not there yet is an empty history. What exceeds the limits is left out, oldest first.
    """
    try:
        paths = sorted((path for path in folder.iterdir() if _stamp(path)), reverse=True) if folder.exists() else []
    except OSError as error:
        return (), (_left_out(folder, error.strerror or str(error)),)
    documents: list[Document] = []
    notes: list[Message] = []
    size = 0
    for path in paths:
        try:
            size += path.stat().st_size
            if size > _LIMIT_OF_ALL:
                notes.append(_left_out(path, text("newer runs fill {limit} bytes", limit=_LIMIT_OF_ALL)))
                break
            documents.append(_checked(read_json(path, _LIMIT)))
        except UserError as error:
            notes.append(_left_out(path, error.message))
        except (OSError, ValueError) as error:
            notes.append(_left_out(path, _first_line(error)))
    documents.reverse()  # of runs in one second the order of the names counts, which sorting keeps
    return tuple(sorted(documents, key=_at)), tuple(notes)


def _stamp(path: Path) -> str | None:
    match = _NAME.fullmatch(path.name)
    return match[1] if match and path.suffix == ".json" else None


def _checked(content: Any) -> Document:
    if not isinstance(content, dict):
        raise ValueError("it holds no JSON object")  # noqa: TRY004 - a fault of the file, like every other one here
    _Document.model_validate(content)
    document: Document = content
    _at(document)
    return document


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error).partition("\n")[0]


def _left_out(path: Path, problem: Message | str) -> Message:
    return text(
        "the history {path} is left out, and what that run saw does not count: {problem}",
        path=path.name,
        problem=problem,
    )


def _at(document: Document) -> datetime:
    try:
        return aware(datetime.fromisoformat(document["at"]))
    except ValueError as error:
        raise ValueError(f"at: {error}") from error


def run_history(domain: Domain, documents: Iterable[Document], folder: str = "") -> RunHistory:
    """Return what earlier runs saw of a domain.

    Raises:
        ValueError: for a document that is not one, as a damaged bundle may hold it.
    """
    try:
        runs = [_seen_run(domain.name, document) for document in documents]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not the record of a run: {error}") from error
    return RunHistory(domain.name, tuple(sorted(filter(None, runs), key=lambda run: run.at)), folder)


def _seen_run(name: str, document: Document) -> SeenRun | None:
    seen, hold = document["domains"].get(name), document.get("hold", {}).get(name)
    if seen is None and hold is None:
        return None
    records = _Domain.model_validate(seen or {})
    return SeenRun(_at(document), _seen_servers(records.mx), _seen_servers(records.spf), hold)


def _seen_servers(part: _Servers | None) -> tuple[SeenServer, ...] | None:
    if part is None:
        return None
    return tuple(SeenServer(s.server, s.address, s.ttl, s.values, s.reason) for s in part.servers)


def seen_by(run: Run) -> dict[str, Any]:
    """Return what a run leaves behind: what it gathered itself, and not what a bundle or an earlier round saw."""
    started = run.started_at.replace(microsecond=0)
    return document_of(run, (record for record in run.records if record.provenance.collected_at >= started))


def document_of(run: Run, records: Iterable[Record]) -> dict[str, Any]:
    """Return what a run leaves behind: what its servers served, out of the records that it gathered itself."""
    partly = {} if run.whole and not run.interrupted else {"whole": False}
    domains: dict[str, dict[str, Any]] = {}
    for record in records:
        if isinstance(record.content, (MxRecords, SpfRecords)):
            seen = domains.setdefault(record.target.name, {})
            seen[_KINDS[type(record.content)]] = {"servers": [_server(s) for s in record.content.servers]}
    return {
        "schema_version": 1,
        "at": stamp(run.judged_at),
        "phase": run.phase.value,
        "verdict": run.verdict.value,
        "domains": domains,
        "hold": dict(_holds(run.records)),
        **partly,
    }


def _holds(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Yield what every hold was taken to be: a person wrote it before the run, so it need not be gathered by it."""
    for record in records:
        if isinstance(record.content, DeliveryHold) and record.content.value in ("true", "false"):
            yield record.target.name, record.content.value


def _server(heard: ServerAnswer) -> dict[str, Any]:
    seen = SeenServer.of(heard)
    told = {"server": seen.server, "address": seen.address, "ttl": seen.ttl, "values": list(seen.values)}
    return {**told, "reason": seen.reason} if seen.reason else told


def write(folder: Path, document: Document) -> Path:
    """Write what a run leaves behind, and forget what is older than `KEPT`.

    The file appears whole or not at all. Of two runs in one second the later one takes the next free
    second as its name; its `at` stays true.

    Raises:
        UserError: when it cannot be written.
    """
    at = _at(document)
    content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _place(folder, at, content)
        _forget(folder, at - KEPT)
    except OSError as error:
        raise UserError(
            "the history {folder} cannot be written: {problem}", folder=folder, problem=error.strerror or error
        ) from error
    return path


def _place(folder: Path, at: datetime, content: str) -> Path:
    for second in range(_TRIES):
        path = folder / f"{(at + timedelta(seconds=second)).strftime(_STAMP)}.json"
        part = path.with_name(f"{path.name}.part")
        try:
            file = part.open("x", encoding="utf-8", newline="\n")
        except FileExistsError:
            continue  # another run is writing it at this moment
        with file:
            file.write(content)
        if not path.exists():  # nobody can make it now: that needs the .part file, which is ours
            part.replace(path)
            return path
        part.unlink()
    raise FileExistsError(EEXIST, "too many runs in one second", str(folder))


def _forget(folder: Path, before: datetime) -> None:
    for path in folder.iterdir():
        match = _NAME.fullmatch(path.name)
        if match and match[1] < before.strftime(_STAMP):
            path.unlink(missing_ok=True)

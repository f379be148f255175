"""Since when each server of a zone has served a low TTL, and what it served before (guide P2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from seppcheck.judgement.ttl import LOW_TTL
from seppcheck.model.dns import MxRecords, SpfRecords
from seppcheck.model.history import RunHistory, SeenServer

_Sighting = tuple[datetime, SeenServer]


@dataclass(frozen=True, slots=True)
class ServerTtl:
    """What is on record of one record at one address of one server.

    `since` is the first run of the unbroken row that saw at most 300 s (None = it serves more now, or was silent);
    `before` the TTL in seconds that the run before saw (None = no run saw a higher one).
    """

    record: str
    server: str
    since: datetime | None
    before: int | None
    now: int | None


def server_ttls(mx: MxRecords, spf: SpfRecords, history: RunHistory, now: datetime) -> tuple[ServerTtl, ...]:
    """Work out what recorded runs saw of every server that is asked now; silence tells nothing."""
    earlier = [run for run in history.runs if run.at <= now]
    seen = {
        "MX": [(run.at, server) for run in earlier for server in run.mx or ()],
        "SPF": [(run.at, server) for run in earlier for server in run.spf or ()],
    }
    return tuple(
        _of_server(record, SeenServer.of(heard), seen[record], now)
        for record, records in (("MX", mx), ("SPF", spf))
        for heard in records.servers
        if heard.answer.values
    )


def _of_server(record: str, current: SeenServer, seen: Iterable[_Sighting], now: datetime) -> ServerTtl:
    row = [*_of_one(seen, current), (now, current)]
    low = _unbroken(row)
    before = row[len(row) - len(low) - 1][1].ttl if low and len(low) < len(row) else None
    name = f"{current.server} ({current.address})" if current.address else current.server
    return ServerTtl(record, name, low[0][0] if low else None, before, current.ttl)


def _of_one(seen: Iterable[_Sighting], current: SeenServer) -> Iterator[_Sighting]:
    """Yield what runs heard of one address of one server, oldest first; silence tells nothing."""
    for at, server in seen:
        if (server.server, server.address) == (current.server, current.address) and server.ttl is not None:
            yield at, server


def _unbroken(row: Sequence[_Sighting]) -> Sequence[_Sighting]:
    """Return the end of a row in which every TTL is low."""
    start = len(row)
    while start and (ttl := row[start - 1][1].ttl) is not None and ttl <= LOW_TTL:
        start -= 1
    return row[start:]

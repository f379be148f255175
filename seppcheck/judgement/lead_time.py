"""How long the low TTL of MX and SPF has been on record, and from when on the MX record may move (guide P2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from seppcheck.judgement.ttl import LOW_TTL
from seppcheck.model.dns import MxRecords, SpfRecords
from seppcheck.model.history import RunHistory, SeenRun, SeenServer

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LeadTime:
    """When the MX record may move: `since` is when the low TTL came on record (None = not yet), `wait` how long after.

    `highest` is the highest TTL that is served now, in seconds; `recorded` whether an earlier run is on record.
    """

    since: datetime | None
    wait: timedelta
    opens: datetime
    highest: int
    recorded: bool

    def over(self, now: datetime) -> bool:
        """Whether the MX record may move by now."""
        return self.since is not None and now >= self.opens


def lead_time(mx: MxRecords, spf: SpfRecords, history: RunHistory, now: datetime) -> LeadTime | None:
    """Work out the lead time from every recorded run and from this one; None when neither record is served.

    It begins with the first run since when every server served a low TTL, or with this run, and lasts for the
    larger of 24 h and the highest TTL seen before.
    """
    this = SeenRun(now, _seen(mx), _seen(spf))
    if not any(server.values for server in (*_seen(mx), *_seen(spf))):
        return None
    looked = [run for run in history.runs if run.mx is not None or run.spf is not None]
    earlier = [
        replace(run, at=min(run.at, now))  # of a fast clock: what it saw too high was so until now, as far as we know
        for run in looked
        if run.at <= now or _highest([run]) > LOW_TTL
    ]
    runs = [*earlier, this]
    first = _first_low(runs)
    before = runs if first is None else runs[:first]
    wait = max(_DAY, timedelta(seconds=_highest(before)))
    since = None if first is None else runs[first].at
    return LeadTime(since, wait, (since or now) + wait, _highest([this]), bool(earlier))


def _seen(records: MxRecords | SpfRecords) -> tuple[SeenServer, ...]:
    return tuple(map(SeenServer.of, records.servers))


def _first_low(runs: Sequence[SeenRun]) -> int | None:
    """Return the first run, oldest first, since when the TTL has been low at every server."""
    first: int | None = None
    for index, run in enumerate(runs):
        if _highest([run]) > LOW_TTL:
            first = None
        elif first is None and _is_whole(run.mx) and _is_whole(run.spf):
            first = index
    return first


def _highest(runs: Iterable[SeenRun]) -> int:
    seen = (server.ttl for run in runs for server in (*(run.mx or ()), *(run.spf or ())))
    return max((ttl for ttl in seen if ttl is not None), default=0)


def _is_whole(servers: tuple[SeenServer, ...] | None) -> bool:
    """Tell whether a run heard every server that is judged, and at least one."""
    heard = [server for server in servers or () if not server.noted(servers or ())]
    return bool(heard) and not any(server.reason or (server.values and server.ttl is None) for server in heard)

"""What several checks ask about inline objects: which domains a connector is for, and when mail has moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from seppcheck.model.dns import MxRecords, mail_exchanger
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.history import RunHistory, SeenRun, SeenServer

_TTL = timedelta(seconds=300)
"""The old MX record's TTL where none is on record: what the guide prescribes (P2)."""
RULE_DELAY = timedelta(minutes=30)
"""How long Exchange Online may take to act on a changed transport rule (the vendor's FAQ)."""


def sender_domains(connector: ExchangeObject) -> tuple[str, ...]:
    """Return the domains of SenderDomains without scheme and cost: `smtp:*;1` is `*`, in lower case."""
    return tuple(
        entry.strip().removeprefix("smtp:").removeprefix("SMTP:").partition(";")[0].strip().lower()
        for item in connector.items("SenderDomains")
        for entry in item.split(",")
    )


@dataclass(frozen=True, slots=True)
class Settling:
    """When resolvers can no longer hold the old MX record; None = it has not moved."""

    at: datetime | None

    def over(self, now: datetime) -> bool:
        """Whether all mail goes to the gateway by now."""
        return self.at is not None and now >= self.at


def settling(mx: MxRecords, history: RunHistory | None, names: Collection[str], now: datetime) -> Settling:
    """Work out when no resolver can hold another MX record than the gateway's any more.

    The move counts from the first run since when every server that is judged has the gateway alone. What an earlier
    run saw may have been fetched until the next run saw something else, and is kept for its TTL from then on. Without
    a run that saw another record it counts from the first one that saw the gateway, with an old TTL of 300 s. A run in
    which a server was silent neither opens nor breaks the time.
    """
    if not mx.names_only(names):
        return Settling(None)
    this = SeenRun(now, tuple(map(SeenServer.of, mx.servers)))
    earlier = [replace(run, at=min(run.at, now)) for run in (history.runs if history else ()) if run.mx]
    runs = [*sorted(earlier, key=lambda run: run.at), this]
    told = [(run, _says(run.mx or (), names)) for run in runs]
    last_old = max((place for place, (_, says) in enumerate(told) if says is _Says.ANOTHER), default=-1)
    since = next((run.at for run, says in told[last_old + 1 :] if says is _Says.GATEWAY), now)
    kept = [
        _replaced(runs[place + 1 :], since) + _ttl(run)
        for place, (run, says) in enumerate(told[: last_old + 1])
        if says is not _Says.GATEWAY
    ]
    return Settling(max([since + _TTL, *kept] if last_old < 0 else kept))


class _Says(Enum):
    """What a run saw of the MX records as a whole."""

    GATEWAY = auto()
    ANOTHER = auto()
    UNSURE = auto()
    """A server was silent, and no other one named another host."""


def _says(servers: Sequence[SeenServer], names: Collection[str]) -> _Says:
    answered = [server for server in servers if not server.reason]
    if any(not server.values or _elsewhere(server, names) for server in answered):
        return _Says.ANOTHER
    return _Says.GATEWAY if _is_whole(servers) else _Says.UNSURE


def _is_whole(servers: Sequence[SeenServer]) -> bool:
    """Tell whether every server that is judged was heard, and at least one."""
    judged = [server for server in servers if not server.noted(servers)]
    return bool(judged) and not any(server.reason for server in judged)


def _elsewhere(server: SeenServer, names: Collection[str]) -> bool:
    return not {mail_exchanger(value) for value in server.values} <= set(names)


def _replaced(later: Iterable[SeenRun], since: datetime) -> datetime:
    """Return when what a run saw was surely no longer served: the next run that every server answered, or the move."""
    return next((run.at for run in later if _is_whole(run.mx or ())), since)


def _ttl(run: SeenRun) -> timedelta:
    """Return the highest TTL that a run saw."""
    ttls = [server.ttl for server in run.mx or () if server.ttl is not None]
    return timedelta(seconds=max(ttls)) if ttls else _TTL

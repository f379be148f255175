"""What several checks ask about inline objects: which domains a connector is for, and when mail has moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from seppcheck.model.dns import MxRecords, mail_exchanger
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.history import RunHistory, SeenRun

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
    """Work out since when the MX record names the gateway alone, plus the old record's TTL.

    Without history it counts from this run, with an old TTL of 300 s.
    """
    if not mx.names_only(names):
        return Settling(None)
    runs = sorted((run for run in (history.runs if history else ()) if run.mx), key=lambda run: run.at)
    since, old = now, [run for run in runs if not _moved(run, names)]
    for run in reversed(runs):
        if not _moved(run, names):
            break
        since = run.at
    if runs and not old:
        return Settling(since)  # on record, it never pointed elsewhere: there is nothing to run down
    return Settling(since + _old_ttl(old))


def _moved(run: SeenRun, names: Collection[str]) -> bool:
    hosts = {mail_exchanger(value) for server in run.mx or () for value in server.values}
    return bool(hosts) and hosts <= set(names)


def _old_ttl(runs: Iterable[SeenRun]) -> timedelta:
    """Return the TTL of the last run that saw the old record."""
    last = max(runs, key=lambda run: run.at, default=None)
    ttls = [server.ttl for server in (last.mx or () if last else ()) if server.ttl is not None]
    return timedelta(seconds=max(ttls)) if ttls else _TTL

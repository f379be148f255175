"""The moments that a baseline keeps, for where the history of earlier runs is lost: a CI runner without a cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from seppcheck import history
from seppcheck.model.dns import MxRecords, mail_exchanger
from seppcheck.model.evidence import Record
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.history import RunHistory, SeenRun, SeenServer
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain, Site

_BASELINE = "baseline"
"""What stands for the servers of a run that is known from a baseline alone."""


@dataclass(frozen=True, slots=True)
class SeenMx:
    """MX values that a run saw, with their highest TTL (seconds, None = not known)."""

    at: datetime
    values: tuple[str, ...]
    ttl: int | None = None

    def run(self) -> SeenRun:
        """Return the run that saw it."""
        return SeenRun(self.at, mx=(SeenServer(_BASELINE, "", self.ttl, self.values),))


@dataclass(frozen=True, slots=True)
class Past:
    """What is on record of a domain.

    `new_mx` is the first run that saw only the gateway (after one that saw another MX, if there was one), `other_mx`
    the last one before it that saw another; `hold_last_true` the last run at which mail was held.
    """

    new_mx: SeenMx | None = None
    other_mx: SeenMx | None = None
    hold_last_true: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether the MX record was seen to move: what comes later changes nothing."""
        return self.other_mx is not None and self.new_mx is not None and self.other_mx.at < self.new_mx.at

    @property
    def runs(self) -> tuple[SeenRun, ...]:
        """The runs that it was taken from, as far as it keeps them."""
        held = () if self.hold_last_true is None else (SeenRun(self.hold_last_true, hold="true"),)
        return (*(seen.run() for seen in (self.other_mx, self.new_mx) if seen is not None), *held)


def past_of(run: Run, earlier: Mapping[str, Past]) -> Mapping[str, Past]:
    """Return the past of every domain of a run, the run itself included.

    Args:
        run: whose history counts, whether or not one of its checks asked for it.
        earlier: what an earlier baseline remembers, by domain.
    """
    runs = _runs(run, earlier)
    return {domain.name: _past(runs.get(domain.name, ()), run.site) for domain in run.site.domains}


def _runs(run: Run, earlier: Mapping[str, Past]) -> Mapping[str, tuple[SeenRun, ...]]:
    known = {domain.name: [*_recorded(run, domain)] for domain in run.site.domains}
    for name, past in earlier.items():
        known.setdefault(name, []).extend(past.runs)
    for record in run.records:
        match record.content:
            case RunHistory(runs=runs):
                known.setdefault(record.target.name, []).extend(runs)
            case MxRecords(servers=servers):
                seen = SeenRun(run.judged_at, mx=tuple(map(SeenServer.of, servers)))
                known.setdefault(record.target.name, []).append(seen)
            case DeliveryHold(value="true"):
                known.setdefault(record.target.name, []).append(SeenRun(run.judged_at, hold="true"))
    return {name: tuple(sorted(runs, key=lambda each: each.at)) for name, runs in known.items()}


def _recorded(run: Run, domain: Domain) -> tuple[SeenRun, ...]:
    try:
        return history.run_history(domain, run.history).runs
    except ValueError:
        return ()  # a damaged bundle: what its checks made of it is evidence, and counts


def _past(runs: Iterable[SeenRun], site: Site) -> Past:
    past = Past()
    for run in runs:
        if run.hold == "true":
            past = replace(past, hold_last_true=run.at)
        seen = _seen(run)
        if seen is None or past.settled:
            continue
        if not {mail_exchanger(value) for value in seen.values} <= set(site.gateway.names):
            past = replace(past, other_mx=seen)
        elif past.other_mx is not None or past.new_mx is None:
            past = replace(past, new_mx=seen)
    return past


def _seen(run: SeenRun) -> SeenMx | None:
    values = tuple(sorted({value for server in run.mx or () for value in server.values}))
    ttls = [server.ttl for server in run.mx or () if server.ttl is not None]
    return SeenMx(run.at, values, max(ttls, default=None)) if values else None


def remembering(records: Iterable[Record], past: Mapping[str, Past]) -> tuple[Record, ...]:
    """Return the records with what a baseline remembers of earlier runs among what the history does."""
    return tuple(_remembering(record, past.get(record.target.name)) for record in records)


def _remembering(record: Record, past: Past | None) -> Record:
    found = record.content
    if past is None or not isinstance(found, RunHistory):
        return record
    more = [run for run in past.runs if not _is_known(run, found.runs)]
    runs = tuple(sorted((*found.runs, *more), key=lambda run: run.at))
    return replace(record, content=replace(found, runs=runs))


def _is_known(run: SeenRun, runs: Iterable[SeenRun]) -> bool:
    """Tell whether the history still has the run itself; a baseline keeps whole seconds."""
    same = [each for each in runs if each.at.replace(microsecond=0) == run.at.replace(microsecond=0)]
    return any((run.mx is None or each.mx) and (run.hold is None or each.hold == run.hold) for each in same)

"""How long the low TTL has been in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from seppcheck.api import (
    LOW_TTL,
    UNTIL_CUTOVER,
    Absence,
    Domain,
    Failed,
    Finding,
    Gateway,
    Inconclusive,
    MxRecords,
    NotApplicable,
    Now,
    Passed,
    Phase,
    Reason,
    Result,
    RunHistory,
    SeenRun,
    SeenServer,
    Severity,
    SpfRecords,
    Warned,
    check,
    does_not_exist,
    text,
    unheard,
)

_DAY = timedelta(hours=24)


@check("dns-ttl-lead-time", requirements=["P2"], severity=Severity.HIGH, phases=UNTIL_CUTOVER)
def low_ttl_has_been_in_force_long_enough(
    domain: Domain, gateway: Gateway, mx: MxRecords, spf: SpfRecords, history: RunHistory, now: Now, phase: Phase
) -> Result:
    """The low TTL of MX and SPF has been in force for a day, and for as long as the old TTL was.

    Lowering a TTL does not reach the caches that have the old record already: they keep it for as long as
    the old TTL said. Who moves the MX record before that time is over splits the mail: one half still goes
    to Microsoft.

    The guide (P2, chapter Vorarbeiten) says "at least 1 day before the migration". This check also waits for
    the highest TTL that was ever seen, because a record with a TTL of two days outlives the guide's one day.

    DNS does not tell since when a TTL is low. So every run of seppcheck records what the servers served. The
    time counts from the first recorded run since when every server served 300 seconds or less, for MX and
    SPF. A run in which a server was silent does not start the time, and does not stop it; a run that saw more
    than 300 seconds sets it back. Therefore: run readiness right after you lowered the TTL.

    In readiness a time that is not over yet is a warning, in cutover it is a failure. Cutover without any
    recorded run cannot be judged. Once every server has the gateway as MX, the question is over.

    To mend:
    - Lower the TTL of MX and SPF to 300 seconds, and run `seppcheck readiness` at once, so that it is on record.
    - Wait until the time that the finding names, then move the MX record.
    - Keep the history folder ([run] history) between runs; in CI, cache it.

    Sources:
    - The guide, P2: Vorarbeiten, TTL of the DNS records SPF and MX, at least one day before
    - RFC 1034 section 3.6: caches keep a record for its TTL
    - RFC 2308 section 5: how long "there is no such record" is kept
    """
    silent = list({each.subject: each for each in (*unheard(mx), *unheard(spf))}.values())
    missing = does_not_exist(mx)
    if missing:
        return missing
    if mx.names_only(gateway.names):
        return [NotApplicable("the MX record of {domain} is moved already", domain=domain.name), *silent]
    this = SeenRun(now.at, _seen(mx), _seen(spf))
    if not any(each.values for each in (*_seen(mx), *_seen(spf))):
        return silent or [_nothing(domain)]
    earlier = [run for run in history.runs if run.at <= now.at and (run.mx is not None or run.spf is not None)]
    return [_judge(earlier, this, phase), *silent]


def _nothing(domain: Domain) -> Finding:
    return NotApplicable(
        "{domain} has neither an MX nor an SPF record, so there is no TTL to wait for",
        reason=Absence.NO_SUCH_RECORD,
        domain=domain.name,
    )


def _seen(records: MxRecords | SpfRecords) -> tuple[SeenServer, ...]:
    return tuple(map(SeenServer.of, records.servers))


@dataclass(frozen=True, slots=True)
class _Gate:
    """When the MX record may move: `since` is when the low TTL came on record, or None."""

    since: datetime | None
    wait: timedelta
    opens: datetime


def _gate(runs: Sequence[SeenRun]) -> _Gate:
    """Work out the gate from every run, oldest first; the last one is this run."""
    first: int | None = None
    for index, run in enumerate(runs):
        if _highest([run]) > LOW_TTL:
            first = None
        elif first is None and _is_whole(run.mx) and _is_whole(run.spf):
            first = index
    before = runs if first is None else runs[:first]
    wait = max(_DAY, timedelta(seconds=_highest(before)))
    since = None if first is None else runs[first].at
    return _Gate(since, wait, (since or runs[-1].at) + wait)


def _highest(runs: Iterable[SeenRun]) -> int:
    seen = (server.ttl for run in runs for server in (*(run.mx or ()), *(run.spf or ())))
    return max((ttl for ttl in seen if ttl is not None), default=0)


def _is_whole(servers: tuple[SeenServer, ...] | None) -> bool:
    """Tell whether a run heard every server that is judged, and at least one."""
    heard = [server for server in servers or () if not server.noted(servers or ())]
    return bool(heard) and not any(server.reason or (server.values and server.ttl is None) for server in heard)


def _judge(earlier: Sequence[SeenRun], this: SeenRun, phase: Phase) -> Finding:
    gate, cutover = _gate([*earlier, this]), phase is Phase.CUTOVER
    about = _about(gate)
    if _highest([this]) > LOW_TTL:
        return _too_high(this, about, cutover=cutover)
    if not earlier and cutover:
        return Inconclusive(
            "no earlier run is on record, so nothing shows how long the TTL has been low: run readiness now, and "
            "cutover again after {opens}",
            reason=Reason.NO_HISTORY,
            **about,
        )
    if gate.since is not None and this.at >= gate.opens:
        return Passed("the TTL has been low since {since}; the MX record may move since {opens}", **about)
    if cutover:
        return Failed("caches may keep the old records until {opens}: do not move the MX record before", **about)
    return Warned("caches may keep the old records until {opens}: the MX record may move then", **about)


def _too_high(this: SeenRun, about: dict[str, Any], *, cutover: bool) -> Finding:
    ttl = _highest([this])
    if cutover:
        return Failed(
            "a TTL of {ttl} s is still served: lower it first; the MX record may not move before {opens}",
            ttl=ttl,
            **about,
        )
    return Warned(
        "a TTL of {ttl} s is still served: lower it first; lowered now, the MX record may move at {opens}",
        ttl=ttl,
        **about,
    )


def _about(gate: _Gate) -> dict[str, Any]:
    hours = f"{gate.wait / timedelta(hours=1):g}"
    low = gate.since or text("this run at the earliest")
    return {
        "since": gate.since,
        "opens": gate.opens,
        "expected": text("a TTL of at most {limit} s on record for {hours} h", limit=LOW_TTL, hours=hours),
        "observed": text("on record since {low}; the time is over at {opens}", low=low, opens=gate.opens),
    }

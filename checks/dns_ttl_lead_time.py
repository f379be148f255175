"""How long the low TTL has been in force."""

from __future__ import annotations

from datetime import timedelta
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
    LeadTime,
    MxRecords,
    NotApplicable,
    Now,
    Passed,
    Phase,
    Reason,
    Result,
    RunHistory,
    Severity,
    SpfRecords,
    Warned,
    check,
    does_not_exist,
    lead_time,
    text,
    unheard,
)


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
    lead = lead_time(mx, spf, history, now.at)
    if lead is None:
        return silent or [_nothing(domain)]
    return [_judge(lead, now, phase), *silent]


def _nothing(domain: Domain) -> Finding:
    return NotApplicable(
        "{domain} has neither an MX nor an SPF record, so there is no TTL to wait for",
        reason=Absence.NO_SUCH_RECORD,
        domain=domain.name,
    )


def _judge(lead: LeadTime, now: Now, phase: Phase) -> Finding:
    about, cutover = _about(lead), phase is Phase.CUTOVER
    if lead.highest > LOW_TTL:
        return _too_high(lead.highest, about, cutover=cutover)
    if not lead.recorded and cutover:
        return Inconclusive(
            "no earlier run is on record, so nothing shows how long the TTL has been low: run readiness now, and "
            "cutover again after {opens}",
            reason=Reason.NO_HISTORY,
            **about,
        )
    if lead.over(now.at):
        return Passed("the TTL has been low since {since}; the MX record may move since {opens}", **about)
    if cutover:
        return Failed("caches may keep the old records until {opens}: do not move the MX record before", **about)
    return Warned("caches may keep the old records until {opens}: the MX record may move then", **about)


def _too_high(ttl: int, about: dict[str, Any], *, cutover: bool) -> Finding:
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


def _about(lead: LeadTime) -> dict[str, Any]:
    hours = f"{lead.wait / timedelta(hours=1):g}"
    low = lead.since or text("this run at the earliest")
    return {
        "since": lead.since,
        "opens": lead.opens,
        "expected": text("a TTL of at most {limit} s on record for {hours} h", limit=LOW_TTL, hours=hours),
        "observed": text("on record since {low}; the time is over at {opens}", low=low, opens=lead.opens),
    }

"""Somebody is on call while mail moves: a kind of evidence, its source and a check, in one file."""

from __future__ import annotations

from dataclasses import dataclass

from seppcheck.api import (
    Evidence,
    Failed,
    Gateway,
    Passed,
    Reason,
    Result,
    Session,
    Severity,
    Unavailable,
    check,
    evidence,
    source,
    text,
)


@evidence("on-call", target=Gateway)
@dataclass(frozen=True, slots=True)
class OnCall(Evidence):
    """Who answers the telephone in the night of the cutover."""

    people: tuple[str, ...]


@source("roster")
def read_roster(gateway: Gateway, session: Session) -> OnCall | Unavailable:
    """Read on-call.txt, which stands beside the configuration and holds one name a line."""
    path = session.settings.path("on-call.txt")
    try:
        with path.open(encoding="utf-8") as file:
            lines = file.read(10_000).splitlines()
    except OSError:
        return Unavailable(Reason.NOT_COLLECTED, text("there is no {path}; write one name a line into it", path=path))
    return OnCall(tuple(line.strip() for line in lines if line.strip()))


@check("on-call", severity=Severity.MEDIUM, phases=["readiness", "cutover"])
def somebody_is_on_call(gateway: Gateway, roster: OnCall) -> Result:
    """Somebody is on call while mail moves.

    When mail stops at two in the morning, the person who can switch the hold off must be awake.
    """
    if not roster.people:
        return Failed("nobody is on call for {gateway}", gateway=gateway.name)
    return Passed("{people} on call for {gateway}", people=roster.people, gateway=gateway.name)

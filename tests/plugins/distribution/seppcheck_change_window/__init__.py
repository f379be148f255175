"""Mail moves inside the window that the change was approved for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from seppcheck.api import Domain, Evidence, Now, Passed, Result, Session, Severity, Warned, check, evidence, source


@evidence("change-window", target=Domain)
@dataclass(frozen=True, slots=True)
class ChangeWindow(Evidence):
    """From when to when a domain may be moved."""

    opens: datetime
    closes: datetime


@source("change-calendar")
def ask_calendar(domain: Domain, session: Session) -> ChangeWindow:
    """Return the window; a real one would ask the calendar of the company."""
    return ChangeWindow(datetime(2026, 11, 24, 20, tzinfo=UTC), datetime(2026, 11, 25, 4, tzinfo=UTC))


@check("change-window", severity=Severity.LOW, phases=["cutover"])
def domain_moves_inside_its_window(domain: Domain, window: ChangeWindow, now: Now) -> Result:
    """The domain moves inside the window that was approved.

    Outside of it nobody may be there to help.
    """
    if window.opens <= now.at <= window.closes:
        return Passed("{domain} moves inside its window", domain=domain.name)
    return Warned(
        "{domain} may move from {opens} to {closes}", domain=domain.name, opens=window.opens, closes=window.closes
    )

"""A drift run made by hand: something new, something gone, something changed."""

from __future__ import annotations

from datetime import UTC, datetime

from seppcheck.model.drift import DriftChange, DriftEntry
from seppcheck.model.phases import Phase
from seppcheck.model.results import Passed
from seppcheck.model.run import Run
from seppcheck.model.text import text
from tests.reports.runs import DOMAINS, GATEWAY, TENANT, result, run_of

SINCE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def entries() -> tuple[DriftEntry, ...]:
    """Return one entry of each change."""
    return (
        DriftEntry(
            "transport-rules",
            TENANT,
            "SEPPmail inline",
            DriftChange.CHANGED,
            "priority",
            0,
            3,
            text("the rule {name} stands behind others now", name="SEPPmail inline"),
        ),
        DriftEntry(
            "mx-records",
            DOMAINS[0],
            "example.org",
            DriftChange.NEW,
            None,
            None,
            ["20 backup.example.net."],
            text("{domain} has a second MX record", domain="example.org"),
        ),
        DriftEntry(
            "gateway-settings",
            GATEWAY,
            "mail system",
            DriftChange.GONE,
            "smtp_banner",
            {"name": GATEWAY.name},
            None,
            text("the banner is no longer set"),
        ),
    )


def drifted_run(drift: tuple[DriftEntry, ...] | None = None, **more: object) -> Run:
    """Return a drift run whose checks all pass."""
    good = result("dns-ptr", GATEWAY, Passed("{address} resolves back", address="203.0.113.25"), requirements=("P1",))
    given: dict[str, object] = {"drift": entries() if drift is None else drift, "drift_since": SINCE, **more}
    return run_of([good], phase=Phase.DRIFT, **given)

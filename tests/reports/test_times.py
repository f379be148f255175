from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from seppcheck.model.text import text
from seppcheck.reports.times import both, local

ZURICH, LA, INDIA = ZoneInfo("Europe/Zurich"), ZoneInfo("America/Los_Angeles"), timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (datetime(2026, 11, 24, 20, 15, tzinfo=UTC), ZURICH, "2026-11-24 20:15 UTC (21:15 +01:00)"),
        (datetime(2026, 7, 1, 20, 15, tzinfo=UTC), ZURICH, "2026-07-01 20:15 UTC (22:15 +02:00)"),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), ZURICH, "2026-11-24 23:30 UTC (2026-11-25 00:30 +01:00)"),
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), LA, "2026-11-24 04:00 UTC (2026-11-23 20:00 -08:00)"),
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), INDIA, "2026-11-24 04:00 UTC (09:30 +05:30)"),
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), UTC, "2026-11-24 04:00 UTC"),
        (datetime(2026, 11, 24, 4, 0, tzinfo=LA), UTC, "2026-11-24 12:00 UTC"),
    ],
)
def test_a_time_is_told_in_utc_and_by_the_clock_on_the_wall(moment: datetime, zone: ZoneInfo, shown: str) -> None:
    assert both(moment, zone) == shown


def test_every_time_of_a_message_is_told_so_those_inside_others_too() -> None:
    at = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)
    nested = text("{one} and {two}", one=text("at {at}", at=at), two=(at, "x"))
    assert str(local(nested, ZURICH)) == f"at {both(at, ZURICH)} and {both(at, ZURICH)}, x"


def test_what_is_no_time_stays() -> None:
    message = text("{name} is {count}", name="2026-11-24", count=3)
    assert local(message, ZURICH) == message

"""The clock, which every command takes as a parameter, and times as files hold them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return a time as all our files write it: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def aware(moment: datetime) -> datetime:
    """Return a time in UTC.

    Raises:
        ValueError: for one without an offset: whose clock is meant is unknown.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return moment.astimezone(UTC)

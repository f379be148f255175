"""Times as people need them at night: in UTC, and by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from seppcheck.model.text import Message


def both(moment: datetime, zone: tzinfo | None = None, *, seconds: bool = False) -> str:
    """Return a time in UTC and, where that differs, in local time with its offset.

    Such as `2026-11-24 20:15 UTC (21:15 +01:00)`; the date stands there again where it is another one.

    Args:
        moment: an aware time.
        zone: the reader's; None is that of this machine.
        seconds: whether they are told too, as for what happened.
    """
    clock = "%H:%M:%S" if seconds else "%H:%M"
    utc, local = moment.astimezone(UTC), moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    if not offset:
        return f"{utc:%Y-%m-%d} {utc.strftime(clock)} UTC"
    day = "" if local.date() == utc.date() else f"{local:%Y-%m-%d} "
    return f"{utc:%Y-%m-%d} {utc.strftime(clock)} UTC ({day}{local.strftime(clock)} {_signed(offset)})"


def _signed(offset: timedelta) -> str:
    sign, minutes = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, rest = divmod(int(minutes.total_seconds()) // 60, 60)
    return f"{sign}{hours:02}:{rest:02}"


def local(message: Message, zone: tzinfo | None = None) -> Message:
    """Return a message whose times are told in UTC and in local time."""
    return Message(message.template, tuple((name, _local(value, zone)) for name, value in message.parameters))


def _local(value: object, zone: tzinfo | None) -> object:
    match value:
        case datetime():
            return both(value, zone)
        case Message():
            return local(value, zone)
        case tuple():
            return tuple(_local(each, zone) for each in value)
    return value

"""octoDNS itself, which not everybody needs: imported where it is used, kept quiet, and bounded in time."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from seppcheck.errors import UserError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Library:
    """What is used of octoDNS, which ships no types."""

    manager: Any
    zone: Any
    record: Any
    plan: Any
    create: Any
    update: Any
    delete: Any
    safe_load: Callable[..., Any]


def library() -> Library:
    """Import octoDNS.

    Raises:
        UserError: when it is not installed; it says which command installs it.
    """
    try:
        import octodns.manager  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional extra, without types
        import octodns.provider.plan  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
        import octodns.record  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
        import octodns.yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
        import octodns.zone  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
    except ImportError:
        raise UserError(
            "[octodns] needs octoDNS, which is not installed: run {command} with the package of your provider beside "
            "it, such as octodns-powerdns",
            command="pip install 'seppcheck[octodns]'",
        ) from None
    return Library(
        manager=octodns.manager.Manager,
        zone=octodns.zone.Zone,
        record=octodns.record.Record,
        plan=octodns.provider.plan.Plan,
        create=octodns.record.Create,
        update=octodns.record.Update,
        delete=octodns.record.Delete,
        safe_load=octodns.yaml.safe_load,
    )


class OutOfTimeError(Exception):
    """A provider did not come back."""


def quietly(seconds: float, work: Callable[[], T]) -> T:
    """Do something with octoDNS: nothing of its logging and warnings shows, and what it raises is raised.

    Not every provider bounds its requests, so the work runs in a thread that can be left behind.

    Raises:
        OutOfTimeError: when it takes longer than so many seconds; logging stays off then, for it may go on.
    """
    outcome: list[Callable[[], T]] = []
    thread = threading.Thread(target=lambda: outcome.append(_tried(work)), daemon=True)
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            thread.start()
            thread.join(seconds)
        if thread.is_alive():
            raise OutOfTimeError
    finally:
        if not thread.is_alive():
            logging.disable(logging.NOTSET)
    return outcome[0]()


def _tried(work: Callable[[], T]) -> Callable[[], T]:
    """Do it, and return what returns its result or raises what it raised."""
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - providers raise what they like; who asked for the work translates it
        problem = error
    else:
        return lambda: result

    def fail() -> T:
        raise problem

    return fail

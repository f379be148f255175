"""An export folder as a whole: whether it counts, and the objects of each cmdlet in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from seppcheck.exchange.cmdlets import Query
from seppcheck.exchange.export_files import DamagedError, read_objects
from seppcheck.exchange.export_info import NAME, ExportInfo, read_info
from seppcheck.exchange.objects import normalised
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import ExchangeObject
from seppcheck.model.outcomes import Reason
from seppcheck.model.text import Message, text

_SKEW = timedelta(minutes=10)
"""How far the clocks of two machines may differ."""
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class UnusableError(Exception):
    """The export, or a file of it, does not count."""

    def __init__(self, reason: Reason, detail: Message) -> None:
        super().__init__(str(detail))
        self.why = Unavailable(reason, detail)


def accepted(folder: Path, tenant: str, now: datetime) -> ExportInfo:
    """Return what the export says of itself, if it is one of `tenant` and was not made after `now`.

    Raises:
        UnusableError: `expired` without export-info.json, `contradiction` for another tenant, `malformed`.
    """
    try:
        info = read_info(folder)
    except DamagedError as error:
        raise UnusableError(error.reason, error.detail) from None
    if info is None:
        raise UnusableError(Reason.EXPIRED, _no_age(folder))
    if info.collected_at > now + _SKEW:
        sentence = "{folder}: {name} says that the export was made on {at}, which is in the future; make it again"
        raise UnusableError(Reason.MALFORMED, text(sentence, folder=folder, name=NAME, at=info.collected_at))
    if tenant and info.tenant != tenant.lower() and not _is_id(tenant, info.tenant):
        raise UnusableError(Reason.CONTRADICTION, _of_another(folder, tenant, info.tenant))
    return info


def _is_id(*tenants: str) -> bool:
    """Tell whether one of them is an id: an id and a name cannot be compared."""
    return sum(bool(_GUID.fullmatch(tenant.lower())) for tenant in tenants) == 1


def _no_age(folder: Path) -> Message:
    return text(
        "{folder} holds no {name}, so nobody knows how old the export is; make it again with the script that "
        "`seppcheck explain exchange-export` prints",
        folder=folder,
        name=NAME,
    )


def _of_another(folder: Path, tenant: str, found: str) -> Message:
    return text(
        "{folder} is an export of the tenant {found}, but [exchange] tenant is {tenant}: configure the right folder or "
        "the right tenant",
        folder=folder,
        found=found,
        tenant=tenant,
    )


def objects_of(folder: Path, info: ExportInfo, query: Query) -> Sequence[ExchangeObject]:
    """Return the objects of one file.

    Raises:
        UnusableError: `not-collected` without the file, `malformed`, `incomplete`.
    """
    path = folder / f"{query.name}.json"
    if not path.exists():
        raise UnusableError(Reason.NOT_COLLECTED, _missing(path))
    try:
        found = read_objects(path)
    except DamagedError as error:
        raise UnusableError(error.reason, error.detail) from None
    counted = info.counts.get(query.name)
    if found is None and counted != 0:
        raise UnusableError(Reason.INCOMPLETE, _empty(path))
    objects = found or ()
    if counted is not None and counted != len(objects):
        raise UnusableError(Reason.INCOMPLETE, _differs(path, counted, len(objects)))
    return [normalised(each) for each in objects]


def _missing(path: Path) -> Message:
    return text(
        "the export holds no {path}; make it again with the script that `seppcheck explain exchange-export` prints",
        path=path,
    )


def _empty(path: Path) -> Message:
    return text(
        "{path} is empty, though {name} does not say that there is nothing; make it again", path=path, name=NAME
    )


def _differs(path: Path, counted: int, found: int) -> Message:
    return text(
        "{path} holds {found} objects, but {name} counted {counted}: it was cut or replaced; make the export again",
        path=path,
        found=found,
        counted=counted,
        name=NAME,
    )

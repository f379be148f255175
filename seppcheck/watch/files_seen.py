"""Whether files of this machine have changed since they were read: the record, mail samples, an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

from seppcheck.settings import Settings
from seppcheck.settings.samples import sample_files

Stamp = tuple[int, int]
"""When a file was written last (ns), and its size."""
Seen = Mapping[str, Mapping[Path, Stamp]]

_MOST = 2000


def files_seen(settings: Settings) -> Seen:
    """Return the present stamps of the files that sources read, by the source that reads them."""
    exchange = settings.exchange
    return {
        "record": _stamps(lambda: [settings.path(settings.gateway.record)] if settings.gateway.record else []),
        "mail": _stamps(lambda: sample_files(settings)),
        "exchange": _stamps(lambda: settings.path(exchange.export).glob("*") if exchange and exchange.export else []),
    }


def changed(before: Seen, after: Seen) -> frozenset[str]:
    """Return the sources whose files are not what they were."""
    return frozenset(source for source, stamps in after.items() if stamps != before.get(source))


def _stamps(listed: Callable[[], Iterable[Path]]) -> Mapping[Path, Stamp]:
    try:
        paths = list(islice(listed(), _MOST))
    except OSError:
        return {}  # as of a share that is gone: its absence is what is seen
    stamps: dict[Path, Stamp] = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue  # it went away between listing and looking, as above
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps

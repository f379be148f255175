"""Whether files of this machine have changed since they were read: the record, mail samples, an export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from seppcheck.settings import Settings

Stamp = tuple[int, int]
"""When a file was written last (ns), and its size."""
Seen = Mapping[str, Mapping[Path, Stamp]]

_MOST = 2000


def files_seen(settings: Settings) -> Seen:
    """Return the present stamps of the files that sources read, by the source that reads them."""
    exchange = settings.exchange
    return {
        "record": _stamps([settings.path(settings.gateway.record)] if settings.gateway.record else []),
        "mail": _stamps(_samples(settings)),
        "exchange": _stamps(_inside(settings.path(exchange.export)) if exchange and exchange.export else []),
    }


def changed(before: Seen, after: Seen) -> frozenset[str]:
    """Return the sources whose files are not what they were."""
    return frozenset(source for source, stamps in after.items() if stamps != before.get(source))


def _samples(settings: Settings) -> Iterator[Path]:
    for pattern in settings.mail.samples:
        path = Path(pattern)
        base = Path(path.anchor) if path.is_absolute() else settings.folder
        yield from base.glob(str(path.relative_to(base) if path.is_absolute() else path))


def _inside(folder: Path) -> Iterator[Path]:
    return folder.glob("*")


def _stamps(paths: Iterator[Path] | list[Path]) -> Mapping[Path, Stamp]:
    stamps: dict[Path, Stamp] = {}
    for path, _ in zip(paths, range(_MOST), strict=False):
        try:
            status = path.stat()
        except OSError:
            continue  # it went away between listing and looking; its absence is what is seen
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps

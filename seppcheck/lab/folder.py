"""The lab's folder: taken only when it is empty or the lab's own, and written for this run."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from seppcheck.errors import UserError
from seppcheck.files import write_text
from seppcheck.lab import loopback

MARKER = ".seppcheck-lab"
SETTINGS = "seppcheck.toml"
ROOT = "lab-ca.pem"
RECORD = "gateway-record.toml"
TOKEN = "secrets/api-token.txt"  # noqa: S105 - where it is, not what it is
SECRET = "secrets/api-secret.txt"  # noqa: S105 - where it is, not what it is
CLIENT_SECRET = "secrets/client-secret.txt"  # noqa: S105 - where it is, not what it is
UPDATE_KEY = "secrets/tsig.key"
SAMPLES = "samples"
HISTORY = Path(".seppcheck", "history")
_MAX_MARKER = 100


def take(folder: Path) -> None:
    """Make the folder, or take one that is empty or was made by an earlier lab.

    Raises:
        UserError: for a folder of somebody else's, one in which a lab is running, or one that
            cannot be written.
    """
    try:
        _refuse_foreign(folder)
        _refuse_busy(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).touch()
    except OSError as error:
        raise UserError(
            "the lab cannot use the folder {folder}: {error}; name another one with --dir",
            folder=folder,
            error=error.strerror or error,
        ) from error


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError("{folder} is not a folder; name another one with --dir", folder=folder)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise UserError(
            "the folder {folder} holds files that are not of a lab; nothing was changed in it: "
            "name another one with --dir",
            folder=folder,
        )


def _refuse_busy(folder: Path) -> None:
    """Refuse a folder whose marker names a port that is in use: its lab is most likely running.

    A process id would say less: there is no harmless way to ask for one on every system.
    """
    marker = folder / MARKER
    if not marker.is_file():
        return
    with marker.open(encoding="utf-8", errors="replace") as file:
        port = file.read(_MAX_MARKER).strip()
    if port.isdecimal() and 0 < int(port) <= 65535 and not loopback.is_free(int(port)):  # noqa: PLR2004 - the last port
        raise UserError(
            "a lab seems to be running in {folder} (port {port} is in use): end it, or name another folder with --dir",
            folder=folder,
            port=port,
        )


def release(folder: Path) -> None:
    """Note that no lab is running here any more; the folder stays, unless somebody removed it meanwhile."""
    with suppress(OSError):
        (folder / MARKER).write_text("", encoding="utf-8")


def write(folder: Path, *, port: int, files: Mapping[str, str]) -> None:
    """Write what this run needs, in place of what an earlier lab wrote.

    Args:
        folder: as taken.
        port: the name servers', for the marker.
        files: settings, certificates, record and the past: contents by path within the folder.

    Raises:
        UserError: naming the file that cannot be written.
    """
    _forget(folder)
    for name, content in {MARKER: f"{port}\n", **files}.items():
        write_text(folder / name, content)


def _forget(folder: Path) -> None:
    """Remove what an earlier lab wrote and this one may not write again: reports and the user's files stay."""
    secrets = (TOKEN, SECRET, CLIENT_SECRET, UPDATE_KEY)
    written = (RECORD, *secrets, "certs/*.pem", f"{SAMPLES}/*.eml", f"{HISTORY.as_posix()}/*.json")
    try:
        for old in (path for pattern in written for path in folder.glob(pattern)):
            old.unlink()
    except OSError as error:
        raise UserError("what an earlier lab wrote cannot be removed: {error}", error=error) from error

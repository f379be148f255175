"""A real Postfix of the tests' own, with a service for each way a gateway may answer.

Its configuration, queue and data live in a folder of their own; the system's instance is never
touched. It has to be started as root, and needs Debian's package `postfix`, not its configuration.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_STARTED = 20.0
"""Seconds that it may take to answer on every port."""

_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
import_environment = MAIL_CONFIG TZ
mydestination =
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtpd_banner = $myhostname ESMTP
smtpd_delay_reject = no
smtpd_tls_security_level = none
smtpd_tls_loglevel = 1
postscreen_access_list =
postscreen_cache_map =
postscreen_greet_wait = 1s
postscreen_greet_action = ignore
"""
_MASTER = """\
postlog unix-dgram n - n - 1 postlogd
tlsmgr unix - - n - 1 tlsmgr
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
smtpd pass - - n - - smtpd
tlsproxy unix - - n - 0 tlsproxy
dnsblog unix - - n - 0 dnsblog
"""


@dataclass(frozen=True)
class Service:
    """One port: which addresses it listens on, and what differs from a plain smtpd (`-o` options)."""

    options: Mapping[str, object] = field(default_factory=dict)
    addresses: Sequence[str] = ("127.0.0.1",)
    daemon: str = "smtpd"

    def lines(self, port: int) -> Iterator[str]:
        """Yield its lines of master.cf; postscreen insists on being one process."""
        processes = 1 if self.daemon == "postscreen" else "-"
        for address in self.addresses:
            yield f"{address}:{port} inet n - n - {processes} {self.daemon}"
            yield from (f"  -o {{ {name} = {value} }}" for name, value in self.options.items())


@dataclass(frozen=True)
class Postfix:
    """A running instance: the port of each service by its name, and the log."""

    ports: Mapping[str, int]
    log_file: Path

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running(
    services: Mapping[str, Service],
    *,
    name: str = "secure.example.org",
    settings: Mapping[str, object] | None = None,
    master: str = "",
) -> Iterator[Postfix]:
    """Run an instance, and leave nothing of it behind.

    Args:
        services: where it listens.
        name: its `myhostname`.
        settings: further parameters of main.cf; the last one of a name counts.
        master: further lines of master.cf.
    """
    # Not pytest's folder: Postfix drops its privileges and must still reach its data.
    folder = Path(tempfile.mkdtemp(prefix="seppcheck-postfix-"))
    folder.chmod(0o755)
    ports = {service: _free_port() for service in services}
    config = _configure(folder, services, ports, {"myhostname": name, **(settings or {})}, master)
    process = subprocess.Popen(
        ["postfix", "-c", str(config), "start-fg"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        instance = Postfix(ports, folder / "mail.log")
        _wait(process, services, instance)
        yield instance
    finally:
        _stop(process, folder / "queue" / "pid" / "master.pid")
        shutil.rmtree(folder, ignore_errors=True)


def _configure(
    folder: Path, services: Mapping[str, Service], ports: Mapping[str, int], settings: Mapping[str, object], master: str
) -> Path:
    config = folder / "config"
    for part in (config, folder / "queue", folder / "data"):
        part.mkdir()
    shutil.chown(folder / "data", "postfix")
    lines = [line for key, service in services.items() for line in service.lines(ports[key])]
    own = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (config / "main.cf").write_text(_MAIN.format(folder=folder) + own, encoding="utf-8")
    (config / "master.cf").write_text(_MASTER + master + "\n".join(lines) + "\n", encoding="utf-8")
    return config


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], services: Mapping[str, Service], instance: Postfix) -> None:
    deadline = time.monotonic() + _STARTED
    for key, service in services.items():
        for address in service.addresses:
            while not _listens(address, instance.ports[key]):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Postfix does not start: {_said(process, instance)}")
                time.sleep(0.05)


def _listens(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def _said(process: subprocess.Popen[bytes], instance: Postfix) -> str:
    process.kill()
    errors = process.communicate()[1].decode("utf-8", "replace")
    return errors + (instance.log if instance.log_file.exists() else "")


def _stop(process: subprocess.Popen[bytes], pid_file: Path) -> None:
    """End the master, and with its process group all its children."""
    groups = {process.pid, *_master(pid_file)}
    for last_word in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, last_word)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
    if process.stderr:
        process.stderr.close()


def _master(pid_file: Path) -> Iterator[int]:
    with contextlib.suppress(OSError, ValueError):
        pid = int(pid_file.read_text(encoding="ascii"))
        yield os.getpgid(pid)

"""A real PowerDNS on loopback with its HTTP API, unprivileged, in a folder of its own."""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.peers.bind import free_port

PDNS = "/usr/sbin/pdns_server"
SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
_PATIENCE = 20.0


@dataclass(frozen=True)
class PowerDns:
    """Where it listens: DNS at `address` and `port`, HTTP on 127.0.0.1."""

    address: str
    port: int
    http_port: int
    api_key: str

    def add(self, zone: str, content: str) -> None:
        """Make a zone from the text of a zone file."""
        body = {"name": f"{zone}.", "kind": "Native", "nameservers": [], "zone": content}
        answer = requests.post(self.url, json=body, headers={"X-API-Key": self.api_key}, timeout=10)
        assert answer.status_code == 201, answer.text

    @property
    def url(self) -> str:
        """Where its zones are."""
        return f"http://127.0.0.1:{self.http_port}/api/v1/servers/localhost/zones"


@contextmanager
def pdns(folder: Path, address: str, port: int, zones: Mapping[str, str]) -> Iterator[PowerDns]:
    """Run `pdns_server` with these zones until the block ends.

    Args:
        folder: for its configuration, database and log; made when missing.
        address: where it listens.
        port: for UDP and TCP.
        zones: zone files by zone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "pdns.sqlite3") as database:
        database.executescript(SCHEMA.read_text(encoding="utf-8"))
    database.close()
    server = PowerDns(address, port, free_port(), secrets.token_hex(16))
    (folder / "pdns.conf").write_text(_configuration(folder, server), encoding="utf-8")
    with (folder / "pdns.log").open("wb") as log:
        command = [PDNS, f"--config-dir={folder}"]
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait_for(process, server, folder / "pdns.log")
        for zone, content in zones.items():
            server.add(zone, content)
        yield server
    finally:
        process.kill()
        process.wait()


def _configuration(folder: Path, server: PowerDns) -> str:
    return f"""
launch=gsqlite3
gsqlite3-database={folder}/pdns.sqlite3
socket-dir={folder}
local-address={server.address}
local-port={server.port}
daemon=no
guardian=no
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
webserver=yes
webserver-address=127.0.0.1
webserver-port={server.http_port}
api=yes
api-key={server.api_key}
"""


def _wait_for(process: subprocess.Popen[bytes], server: PowerDns, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(server.url, headers={"X-API-Key": server.api_key}, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PowerDNS does not answer at port {server.http_port}:\n{log.read_text(encoding='utf-8')}")

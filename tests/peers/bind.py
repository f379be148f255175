"""A real BIND 9 on loopback, unprivileged, in a folder of its own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

NAMED = "/usr/sbin/named"
_PROBE = bytes.fromhex("abcd 0000 0001 0000 0000 0000 00 0002 0001")
_PATIENCE = 20.0


def free_port(addresses: Sequence[str] = ("127.0.0.1",)) -> int:
    """Return a port that is free for UDP and TCP on every one of these addresses."""
    for _ in range(50):
        with socket.socket() as first:
            first.bind((addresses[0], 0))
            port = int(first.getsockname()[1])
        if all(_is_free(address, port) for address in addresses):
            return port
    raise RuntimeError(f"no port is free on all of {addresses}")


def _is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp, socket.socket(family) as tcp:
        try:
            udp.bind((address, port))
            tcp.bind((address, port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class Writing:
    """What a server needs to take updates, or to have its zones from another one.

    `keys` are TSIG keys by name: algorithm, and secret in base64. `zone_options` are further lines by zone, such as
    `allow-update { key "a."; };`. `secondary_of` has the primary's address and port by zone.
    """

    keys: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    zone_options: Mapping[str, str] = field(default_factory=dict)
    secondary_of: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@contextmanager
def bind(
    folder: Path,
    addresses: Sequence[str],
    port: int,
    zones: Mapping[str, str] | None = None,
    *,
    forwards: Mapping[str, str] | None = None,
    forward_port: int = 53,
    options: str = "",
    writing: Writing | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `named` until the block ends.

    Args:
        folder: for its configuration, zone files and log; made when missing.
        addresses: where it listens, IPv4 or IPv6.
        port: for UDP and TCP.
        zones: zone files by zone; one that does not parse gives a zone that answers SERVFAIL.
        forwards: makes it a resolver that asks this address for that zone.
        forward_port: the port that it asks at.
        options: further lines for its `options` block.
        writing: who may update its zones, and which it has from a primary.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listen = _options(folder, addresses, port, "yes" if forwards else "no", options)
    writing = writing or Writing()
    lines = [
        listen,
        *_keys(writing.keys),
        *_zones(folder, zones or {}, writing.zone_options),
        *_secondaries(folder, writing.secondary_of),
        *_forwards(forwards or {}, forward_port),
    ]
    (folder / "named.conf").write_text("\n".join(lines))
    for zone, text in (zones or {}).items():
        _zone_file(folder, zone).write_text(text)
    with (folder / "named.log").open("wb") as log:
        command = [NAMED, "-g", "-n", "1", "-c", str(folder / "named.conf"), "-p", str(port)]
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        for address in addresses:
            _wait_for(process, address, port, folder / "named.log")
        yield process
    finally:
        process.kill()
        process.wait()


def _zone_file(folder: Path, zone: str) -> Path:
    return folder / f"{zone.strip('.').replace('/', '_') or 'root'}.zone"


def _options(folder: Path, addresses: Sequence[str], port: int, recursion: str, more: str) -> str:
    ipv4 = "".join(f"{a}; " for a in addresses if ":" not in a) or "none; "
    ipv6 = "".join(f"{a}; " for a in addresses if ":" in a) or "none; "
    return f"""options {{
    directory "{folder}"; pid-file none; session-keyfile "{folder}/session.key";
    managed-keys-directory "{folder}"; lock-file none;
    listen-on port {port} {{ {ipv4}}}; listen-on-v6 port {port} {{ {ipv6}}};
    recursion {recursion}; allow-query {{ any; }}; dnssec-validation no; empty-zones-enable no; notify no;
    {more}
}};
controls {{ }};"""


def _keys(keys: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for name, (algorithm, secret) in keys.items():
        yield f'key "{name}" {{ algorithm {algorithm}; secret "{secret}"; }};'


def _zones(folder: Path, zones: Mapping[str, str], more: Mapping[str, str]) -> Iterator[str]:
    for zone in zones:
        lenient = "check-names ignore; check-mx ignore; check-spf ignore; check-integrity no;"
        further = more.get(zone, "")
        yield f'zone "{zone}" {{ type primary; file "{_zone_file(folder, zone)}"; {lenient} {further} }};'


def _secondaries(folder: Path, primaries: Mapping[str, tuple[str, int]]) -> Iterator[str]:
    for zone, (address, port) in primaries.items():
        primary = f"primaries {{ {address} port {port}; }}; allow-notify {{ any; }};"
        yield f'zone "{zone}" {{ type secondary; {primary} file "{_zone_file(folder, zone)}"; }};'


def _forwards(forwards: Mapping[str, str], port: int) -> Iterator[str]:
    for zone, address in forwards.items():
        yield f'zone "{zone}" {{ type forward; forward only; forwarders {{ {address} port {port}; }}; }};'


def _wait_for(process: subprocess.Popen[bytes], address: str, port: int, log: Path) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket(family, socket.SOCK_DGRAM) as udp, suppress(OSError):
            udp.settimeout(0.1)
            udp.connect((address, port))
            udp.send(_PROBE)
            udp.recv(512)
            return
        time.sleep(0.02)
    raise RuntimeError(f"named does not answer at {address} port {port}:\n{log.read_text()}")

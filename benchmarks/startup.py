"""How quickly a process starts: `--version`, and the time from the start to the first packet.

python benchmarks/startup.py
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.processes import ENVIRONMENT, SEPPCHECK, measure_often

TIMES = 9


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        version = measure_often(TIMES, *SEPPCHECK, "--version", cwd=Path(folder))
        packet = median(time_to_first_packet(Path(folder)) for _ in range(TIMES))
    print(f"--version: {version.seconds:.3f} s (at most 0.15 s)")
    print(f"first packet: {packet:.3f} s after the start (at most 0.7 s)")


def time_to_first_packet(folder: Path) -> float:
    """Start an audit against a socket of ours and wait for its first question."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
        resolver.bind(("127.0.0.1", 0))
        resolver.settimeout(10)
        config = folder / "seppcheck.toml"
        config.write_text(
            '[gateway]\nname = "secure.bench.test"\n'
            f'[dns]\nresolvers = ["127.0.0.1"]\nport = {resolver.getsockname()[1]}\n'
            '[[domains]]\nname = "bench.test"\n',
            encoding="utf-8",
        )
        started = time.perf_counter()
        command = [*SEPPCHECK, "readiness", "--no-progress"]
        nowhere = subprocess.DEVNULL
        with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=nowhere, stderr=nowhere) as process:
            try:
                resolver.recv(512)
                return time.perf_counter() - started
            finally:
                process.kill()


if __name__ == "__main__":
    main()

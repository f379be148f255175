"""Whole processes, measured: how long they took, how much memory they held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SEPPCHECK = (sys.executable, "-m", "seppcheck")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Measured programs find their modules compiled, as pip leaves them: the checkout's are compiled by the first run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: wall-clock seconds from start to end, KiB of memory at most, exit code."""

    seconds: float
    memory: int
    code: int


def measure(*command: str | Path, cwd: Path) -> Measured:
    """Run a process to its end; its output goes to a file beside, for a look when something is wrong."""
    with (cwd / "output.txt").open("wb") as output:
        started = time.perf_counter()
        words = [str(word) for word in command]
        process = subprocess.Popen(words, cwd=cwd, env=ENVIRONMENT, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(seconds, usage.ru_maxrss, process.returncode)


def measure_often(times: int, *command: str | Path, cwd: Path, expect: int = 0) -> Measured:
    """Run a process several times and return the median of time and memory.

    Raises:
        SystemExit: when it does not end with the expected exit code, with what it said.
    """
    runs = [measure(*command, cwd=cwd) for _ in range(times)]
    if any(run.code != expect for run in runs):
        said = (cwd / "output.txt").read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"{command[0]} ended with {[run.code for run in runs]}, not with {expect}:\n{said[-3000:]}")
    return Measured(median(run.seconds for run in runs), int(median(run.memory for run in runs)), expect)

"""The DNS part of a readiness audit against checkdmarc, side by side, with answers that take 10 ms.

    python -m benchmarks.dns_audit

Both are whole processes and look at the same domains through the same nameserver, which listens on port 53 of loopback
addresses in a network namespace of its own (as root, or where user namespaces are allowed). checkdmarc comes from PyPI
into an environment of its own below build/.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import SEPPCHECK, Measured, measure_often
from benchmarks.slow_nameserver import GATEWAY, GATEWAY_ADDRESS, SERVER_ADDRESSES, domain

ROOT = Path(__file__).resolve().parent.parent
CHECKDMARC = ROOT / "build" / "checkdmarc"
SIZES = (50, 500)
DELAY = 0.010
ROUND_TRIPS = 15
INSIDE = "--inside"
BARE = """\
import contextlib, importlib, time
for name in {names}:
    with contextlib.suppress(ImportError):  # what is looked for in vain belongs to the time too
        importlib.import_module(name)
time.sleep({seconds})
"""


def main() -> None:
    """Install checkdmarc, enter a namespace, measure, print."""
    if INSIDE not in sys.argv:
        install_checkdmarc()
        enter_namespace()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with nameserver(max(SIZES)), tempfile.TemporaryDirectory() as folder:
        print(f"Every DNS answer takes {DELAY * 1000:.0f} ms; {os.cpu_count()} cores; whole processes.\n")
        compare(Path(folder))
        one_domain(Path(folder))


def install_checkdmarc() -> None:
    """Make the other program's environment, once."""
    if not (CHECKDMARC / "bin" / "checkdmarc").exists():
        venv.create(CHECKDMARC, with_pip=True, clear=True)
        python = str(CHECKDMARC / "bin" / "python")
        pip_install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip_install, "checkdmarc"], check=True)


def enter_namespace() -> None:
    """Start again in a network namespace of our own, where port 53 is free."""
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    again = ["unshare", "--net", *rights, sys.executable, "-m", "benchmarks.dns_audit", INSIDE]
    os.execvp(again[0], again)  # noqa: S606 - the words are ours


@contextmanager
def nameserver(domains: int) -> Iterator[None]:
    """Serve the domains until the block ends."""
    command = [sys.executable, "-m", "benchmarks.slow_nameserver", "53", str(DELAY), str(domains)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
        try:
            if server.stdout is None or server.stdout.readline() != b"ready\n":
                raise SystemExit("the nameserver did not start")
            yield
        finally:
            server.terminate()


def compare(folder: Path) -> None:
    """Print both programs' throughput at each size, and the memory that a further domain costs."""
    print("| domains | seppcheck | checkdmarc | ratio |\n|---|---|---|---|")
    ours = {}
    for size in SIZES:
        ours[size] = audit(folder, size, times=3)
        theirs = checkdmarc(folder, size)
        ratio = theirs.seconds / ours[size].seconds
        print(f"| {size} | {ours[size].seconds:.2f} s | {theirs.seconds:.1f} s | {ratio:.0f} |", flush=True)
    few, many = SIZES
    growth = (ours[many].memory - ours[few].memory) / (many - few)
    print(f"\nMemory: {growth:.0f} KiB for each further domain ({ours[many].memory // 1024} MiB with {many}).")


def audit(folder: Path, size: int, times: int) -> Measured:
    """Run the DNS checks of a readiness audit."""
    work = folder / f"seppcheck-{size}"
    work.mkdir()
    names = "".join(f'\n[[domains]]\nname = "{domain(number)}"\n' for number in range(size))
    gateway = f'[gateway]\nname = "{GATEWAY}"\naddresses = ["{GATEWAY_ADDRESS}"]\n'
    resolvers = f'[dns]\nresolvers = ["{SERVER_ADDRESSES[0]}"]\n'
    (work / "seppcheck.toml").write_text(gateway + resolvers + names, encoding="utf-8")
    return measure_often(times, *SEPPCHECK, "readiness", "--only", "dns-*", "--no-progress", cwd=work)


def checkdmarc(folder: Path, size: int) -> Measured:
    """Run the other program over the same domains."""
    work = folder / f"checkdmarc-{size}"
    work.mkdir()
    names = work / "domains.txt"
    names.write_text("".join(f"{domain(number)}\n" for number in range(size)), encoding="utf-8")
    program = CHECKDMARC / "bin" / "checkdmarc"
    return measure_often(1, program, names, "-n", SERVER_ADDRESSES[0], "-o", work / "results.json", cwd=work)


def one_domain(folder: Path) -> None:
    """Print how long one domain takes, beside a process that imports the same libraries and sleeps 15 round trips."""
    ours = audit(folder, 1, times=5)
    work = folder / "seppcheck-1"
    imports = folder / "imports.py"
    imports.write_text(BARE.format(names=imported_libraries(work), seconds=ROUND_TRIPS * DELAY), encoding="utf-8")
    bare = measure_often(5, sys.executable, imports, cwd=work)
    print(f"\nOne domain: {ours.seconds:.2f} s; importing the same libraries and {ROUND_TRIPS} round trips: ", end="")
    print(f"{bare.seconds:.2f} s.")


def imported_libraries(work: Path) -> list[str]:
    """Return every module that an audit imports and that is not ours."""
    command = [sys.executable, "-X", "importtime", "-m", "seppcheck", "readiness", "--only", "dns-*", "--no-progress"]
    done = subprocess.run(command, cwd=work, capture_output=True, encoding="utf-8", check=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:") and "|" in line]
    names = [line.rpartition("|")[2].strip() for line in lines[1:]]
    return [name for name in names if name.partition(".")[0] != "seppcheck"]


if __name__ == "__main__":
    main()

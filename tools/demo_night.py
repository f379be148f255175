"""A whole migration on the lab, as an administrator would do it: plan, apply, verify, and one step of the way back.

`tools/demo.sh` runs it in the lab's folder: `seppcheck lab ready -- python demo_night.py`. What a person does on the
gateway's menus is an entry in gateway-record.toml, which the lab's gateway follows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import tomlkit

RECORD = Path("gateway-record.toml")
WAITING = 3


def main() -> int:
    """Migrate, verify, roll the clean-up back; the exit code tells whether everything ended as it should."""
    migrated = (
        next_thing()
        and plan("cutover")
        and apply("cutover", hold("true"), empty_the_smarthosts, wait_for_the_old_mx)
        and seppcheck("cutover", "--quiet") == 0
        and next_thing()
        and plan("completion")
        and apply("completion", hold("false"), hold("false"))
        and seppcheck("verification", "--html", "../report-migrated.html") == 0
        and next_thing()
    )
    return 0 if migrated and drifts() and rolled_back("completion", hold("true")) else 1


def next_thing() -> bool:
    """Show what the guide has next."""
    return seppcheck("guide", "--next") == 0


def drifts() -> bool:
    """Accept the state, have somebody change a setting that every check passes with, and put it back."""
    accepted = seppcheck("baseline", "accept") == 0 and seppcheck("drift", "--quiet") == 0
    tls_level("verify")
    found = seppcheck("drift", "--quiet", "--markdown", "../drift.md") == 1
    tls_level("secure")
    return accepted and found and seppcheck("drift", "--quiet") == 0


def tls_level(value: str) -> None:
    """Set how a domain's mail is handed over, and write it down."""
    edit(lambda record: record["domains"]["kunde.test"].update(tls_level=value))
    print(f'  (somebody sets the TLS level of kunde.test to "{value}")')


def seppcheck(*arguments: str) -> int:
    """Show a command and run it."""
    print(f"\n$ seppcheck {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "seppcheck", *arguments], check=False).returncode


def plan(phase: str) -> bool:
    """Plan a phase into a file."""
    return seppcheck("plan", phase, "--no-progress", "--out", f"{phase}.json") == 0


def fingerprint(phase: str) -> str:
    """Return the fingerprint of a plan that was reviewed."""
    return str(json.loads(Path(f"{phase}.json").read_text(encoding="utf-8"))["fingerprint"])


def apply(phase: str, *hands: Callable[[], None]) -> bool:
    """Apply a plan; at each stop a person, or time, does its part."""
    command = ["apply", f"{phase}.json", "--yes", fingerprint(phase)]
    for hand in hands:
        if seppcheck(*command) != WAITING:
            return False
        hand()
        command = [*command[:4], "--resume"]
    return seppcheck(*command) == 0


def rolled_back(phase: str, *hands: Callable[[], None]) -> bool:
    """Undo what was applied."""
    command = ["rollback", f"{phase}.json.journal.jsonl", "--yes", fingerprint(phase)]
    for hand in hands:
        if seppcheck(*command) != WAITING:
            return False
        hand()
    return seppcheck(*command) == 0


def hold(value: str) -> Callable[[], None]:
    """Return who sets disable_delivery on the gateway and writes it down."""

    def click() -> None:
        edit(lambda record: record["customers"]["kunde"]["extended_fields"].update(disable_delivery=value))
        print(f'  (a person sets disable_delivery to "{value}" on the gateway and writes it down)')

    return click


def empty_the_smarthosts() -> None:
    """Empty the field of every managed domain on the gateway, and write it down."""

    def empty(record: tomlkit.TOMLDocument) -> None:
        for domain in record["domains"].values():
            domain["smarthost"] = ""

    edit(empty)
    print("  (a person empties the smarthost of both domains on the gateway)")


def edit(change: Callable[[tomlkit.TOMLDocument], object]) -> None:
    """Change the record, and date it."""
    time.sleep(1.1)  # dates have whole seconds: what is written down must be newer than the runs before it
    record = tomlkit.parse(RECORD.read_text(encoding="utf-8"))
    change(record)
    record["attested_at"] = datetime.now(UTC).replace(microsecond=0)
    RECORD.write_text(tomlkit.dumps(record), encoding="utf-8", newline="\n")
    time.sleep(0.5)  # the lab looks at the record ten times a second, and then mail flows by it


def wait_for_the_old_mx() -> None:
    """Wait as long as the old MX record may be remembered: seconds in the lab."""
    print("  (the TTL of the old MX record runs down)")
    time.sleep(8)


if __name__ == "__main__":
    sys.exit(main())

"""A walk through a migration: a lab, a clock that goes on when somebody waits, and a person's hands on the gateway.

What `PREPARED`, `HOLD_ON` and `HOLD_OFF` enter into gateway-record.toml is all that a person does on the gateway.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seppcheck.cli import main
from seppcheck.lab import Lab, running
from seppcheck.scenarios.shape import GATEWAY
from seppcheck.scenarios.tenants import CUTOVER
from tests.lab.nsupdate import nsupdate
from tests.lab.record_editor import Entry, enter

INBOUND = CUTOVER.inbound[1]["Name"]
COMMAND = "before-processing.txt"

_HOLD = 'customers."kunde".extended_fields', "disable_delivery"
PREPARED: tuple[Entry, ...] = (
    ("mail_system", "use_builtin_mta", "true"),
    ("mail_system", "smtp_helo", f'"{GATEWAY}"'),
    ("mail_system", "internal_mails", '"use-domain-settings"'),
    ("custom_commands", "before_processing", f'"file:{COMMAND}"'),
    ("custom_commands", "dkim", "true"),
    (*_HOLD, '"false"'),
    ('domains."kunde.test"', "certificate", '"certs/kunde.test.pem"'),
    ('domains."praxis.test"', "certificate", '"certs/praxis.test.pem"'),
    ("mail_processing", "ruleset_generated", "true"),
    ("mail_processing", "groups_override_hold", "false"),
)
"""What `parallel` lacks, besides the extended field itself, which is a table of its own."""
HOLD_ON: tuple[Entry, ...] = (
    (*_HOLD, '"true"'),
    ('domains."kunde.test"', "smarthost", '""'),
    ('domains."praxis.test"', "smarthost", '""'),
)
HOLD_OFF: tuple[Entry, ...] = ((*_HOLD, '"false"'),)

GUIDES_COMMAND = "internal();\nincoming();\n" + "".join(
    f"if (compare_extended_field('disable_delivery','{how}','true')) {{\n"
    f"  log (1,'temporary disabled delivery{whom}');\n"
    "  drop('422','Service temporary not available');\n}\n"
    for how, whom in (("eq:r", " from recipient"), ("eq:s", " from sender"), ("eq", ""))
)


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Walk:
    """A lab, and a clock that goes on when somebody waits."""

    lab: Lab
    clock: Clock

    def edit(self, *entries: Entry) -> None:
        """Click on the gateway: what a person enters is newer than every run so far."""
        self.clock.wait(seconds=1)
        enter(self.lab.record, self.clock(), *entries)
        self.lab.catch_up()

    def run(self, cmdlet: str, **parameters: object) -> list[dict[str, Any]]:
        assert self.lab.exchange is not None
        return self.lab.exchange.run(cmdlet, **parameters)

    def update(self, *lines: str) -> None:
        done = nsupdate(self.lab, *lines)
        assert (done.returncode, done.stderr) == (0, "")

    def audit(self, phase: str) -> tuple[int, str | None, set[str], set[str]]:
        """Return the exit code, the next step, the checks that failed or did not conclude, and those that warned."""
        self.clock.wait(minutes=1)
        report = self.lab.folder / f"{phase}.json"
        options = (
            "--config",
            str(self.lab.settings),
            "--json",
            str(report),
            "--quiet",
            "--no-progress",
            "--lang",
            "en",
        )
        code = main([phase, *options], clock=self.clock)
        document = json.loads(report.read_text(encoding="utf-8"))
        found = {(result["check"], result["outcome"]) for result in document["results"]}
        wrong = {check for check, outcome in found if outcome in ("failed", "inconclusive")}
        return code, document["next"], wrong, {check for check, outcome in found if outcome == "warned"}

    @property
    def samples(self) -> set[str]:
        return {path.name for path in (self.lab.folder / "samples").glob("*.eml")}


@contextmanager
def walking(scenario: str, folder: Path) -> Iterator[Walk]:
    clock = Clock()
    with running(scenario, folder / "lab", clock=clock) as lab:
        yield Walk(lab, clock)

"""In the lab a whole migration can be walked by hand: the record is edited, DNS and the tenant are changed.

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

import pytest

from seppcheck.cli import main
from seppcheck.lab import Lab, running
from seppcheck.scenarios.appliances import DOMAINS, microsoft_host
from seppcheck.scenarios.shape import GATEWAY
from seppcheck.scenarios.tenants import CUTOVER, RULE
from tests.lab.nsupdate import nsupdate
from tests.lab.record_editor import Entry, enter, make_field

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


def prepare(walk: Walk) -> None:
    """Walk `parallel` to readiness: on the gateway, in DNS, and then wait."""
    (walk.lab.folder / COMMAND).write_text(GUIDES_COMMAND, encoding="utf-8")
    make_field(walk.lab.record)
    walk.edit(*PREPARED)
    for domain in DOMAINS:
        spf = f'"v=spf1 a:{GATEWAY} include:spf.protection.outlook.com -all"'
        walk.update(
            *(f"update delete {domain} MX", f"update add {domain} 300 MX 0 {microsoft_host(domain)}."),
            *(f"update delete {domain} TXT", f"update add {domain} 300 TXT {spf}"),
        )
    assert walk.audit("readiness") == (0, None, set(), {"dns-ttl-lead-time"})
    walk.clock.wait(hours=25)


def change_the_tenant(walk: Walk) -> None:
    """Make what scenario `cutover` has: inline objects beside the parallel ones, and these switched off."""
    outbound, inbound, rule = dict(CUTOVER.outbound[1]), CUTOVER.inbound[1], CUTOVER.rules[0]
    del outbound["IsValidated"]
    recipients = outbound.pop("ValidationRecipients")
    walk.run("New-OutboundConnector", **outbound)
    walk.run("Set-OutboundConnector", Identity=outbound["Name"], ValidationRecipients=recipients)
    walk.run("New-InboundConnector", **inbound)
    walk.run("Set-TransportRule", Identity=RULE, Name=f"{RULE} (parallel)")
    walk.run("New-TransportRule", **rule)
    for each in parallel_rules(walk):
        walk.run("Disable-TransportRule", Identity=each["Guid"])


def parallel_rules(walk: Walk) -> list[dict[str, Any]]:
    return [rule for rule in walk.run("Get-TransportRule") if rule["Name"] != RULE]


def clear_away(walk: Walk) -> None:
    for rule in parallel_rules(walk):
        walk.run("Remove-TransportRule", Identity=rule["Guid"])
    for noun in ("OutboundConnector", "InboundConnector"):
        for connector in walk.run(f"Get-{noun}"):
            if connector["ConnectorType"] == "OnPremises":
                walk.run(f"Remove-{noun}", Identity=connector["Guid"])


@pytest.mark.parametrize(("scenario", "ttl"), [("parallel", 300), ("ready", 5)])
def test_a_migration_can_be_walked_to_a_green_verification(scenario: str, ttl: int, tmp_path: Path) -> None:
    with walking(scenario, tmp_path) as walk:
        if scenario == "parallel":
            prepare(walk)
        assert walk.audit("readiness") == (0, None, set(), set())
        walk.edit(*HOLD_ON)
        change_the_tenant(walk)
        code, step, wrong, _ = walk.audit("cutover")
        assert (code, step, wrong) == (0, "Go: move the MX now", set())
        for domain in DOMAINS:
            walk.update(f"update delete {domain} MX", f"update add {domain} {ttl} MX 10 {GATEWAY}.")
        assert walk.audit("cutover")[:2] == (0, None), "the old MX record may still be remembered"
        walk.clock.wait(seconds=ttl)
        walk.run("Set-InboundConnector", Identity=INBOUND, Enabled=True)
        code, step, wrong, warned = walk.audit("cutover")
        assert (code, step, wrong) == (0, "Done: switch the hold off", set())
        assert warned == {"parallel-rules", "parallel-connectors", "tenant-to-tenant"}
        walk.edit(*HOLD_OFF)
        assert walk.samples == {"outgoing.eml", "incoming.eml"}
        clear_away(walk)
        assert walk.audit("verification") == (0, None, set(), {"tenant-to-tenant"})


def test_on_the_way_back_parallel_mails_arrive_again(tmp_path: Path) -> None:
    with walking("ready", tmp_path) as walk:
        walk.edit(*HOLD_ON)
        change_the_tenant(walk)
        walk.run("Disable-TransportRule", Identity=RULE)
        for rule in parallel_rules(walk):
            walk.run("Enable-TransportRule", Identity=rule["Guid"])
        walk.edit(*HOLD_OFF)
        assert walk.samples == {"incoming-parallel.eml"}
        assert f"{walk.clock():%H:%M:%S}" in (walk.lab.folder / "samples" / "incoming-parallel.eml").read_text("utf-8")

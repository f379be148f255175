"""In the lab a whole migration can be walked by hand: the record is edited, DNS and the tenant are changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seppcheck.scenarios.appliances import DOMAINS, microsoft_host
from seppcheck.scenarios.shape import GATEWAY
from seppcheck.scenarios.tenants import CUTOVER, RULE
from tests.lab.record_editor import make_field
from tests.lab.walking import COMMAND, GUIDES_COMMAND, HOLD_OFF, HOLD_ON, INBOUND, PREPARED, Walk, walking


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

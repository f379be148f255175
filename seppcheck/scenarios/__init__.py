"""The lab's worlds, from a gateway in parallel operation to one that is inline: plain data, one scenario each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from seppcheck.errors import UserError
from seppcheck.model.text import text
from seppcheck.scenarios import appliances, samples, tenants
from seppcheck.scenarios.appliances import DOMAINS, KUNDE, PRAXIS, UNSET_HELO, microsoft_host
from seppcheck.scenarios.shape import GATEWAY, PastRun, Presented, Scenario, ZoneData
from seppcheck.scenarios.zones import (
    INTERNET,
    LOWERED,
    MX_AT_GATEWAY,
    PROVIDER,
    domain_zone,
    mx_at_microsoft,
    reverse,
    sound_world,
)

_LOWERED = (PastRun(8, 3600, "failed"), PastRun(3, LOWERED, "passed"))
_MOVED = (
    PastRun(12, 3600, "failed", mx="microsoft"),
    PastRun(5, 300, "passed", mx="microsoft", hold="false"),
    PastRun(2, 300, "passed", phase="cutover", mx="microsoft", hold="true"),
    PastRun(1.9, 300, "passed", phase="cutover", mx="gateway", hold="true"),
)

READY = Scenario(
    name="ready",
    summary=text(
        "everything that the guide wants before the migration is done, and the TTL was lowered three days ago"
    ),
    domains=DOMAINS,
    zones=sound_world(moved=False, ttl=LOWERED),
    past=_LOWERED,
    appliance=appliances.READY,
    tenant=tenants.PARALLEL,
    samples=(samples.parallel(),),
    trusted_receivers=samples.RECEIVERS,
)

BROKEN = Scenario(
    name="broken",
    summary=text("the usual faults: PTR and banner of another name, high TTLs, no SPF, an expired certificate"),
    domains=DOMAINS,
    zones=(
        *INTERNET,
        ZoneData("secmail365.test", f"{PROVIDER.records}mail A 127.0.0.1\n"),
        reverse("mail.secmail365.test")[0],
        reverse(GATEWAY, "mail.secmail365.test")[1],
        ZoneData(
            KUNDE,
            f"""
@      MX  {mx_at_microsoft(KUNDE)}
@ 3600 TXT "v=spf1 include:spf.protection.outlook.com -all"
""",
        ),
        ZoneData(PRAXIS, f"@ MX {mx_at_microsoft(PRAXIS)}\n"),
    ),
    second_server=(ZoneData(KUNDE, f"@ 3600 MX {mx_at_microsoft(KUNDE)}\n"),),
    banner="mail.secmail365.test ESMTP",
    presented=Presented(names=("mail.secmail365.test",), since_days=-368, until_days=-3),
    appliance=appliances.BROKEN,
    tenant=tenants.PARALLEL,
    samples=(samples.parallel(UNSET_HELO),),
    trusted_receivers=samples.RECEIVERS,
)

PARALLEL = Scenario(
    name="parallel",
    summary=text("parallel operation as the vendor's module leaves it, and nothing of the migration prepared"),
    domains=DOMAINS,
    zones=sound_world(moved=False, ttl=3600),
    appliance=appliances.PARALLEL,
    tenant=tenants.PARALLEL,
    samples=(samples.parallel(UNSET_HELO),),
    trusted_receivers=samples.RECEIVERS,
)

PREPARED = Scenario(
    name="prepared",
    summary=text("parallel operation with all preparations done in time; nothing has moved"),
    domains=DOMAINS,
    zones=sound_world(moved=False, ttl=LOWERED),
    past=(PastRun(21, 86400, "failed"), PastRun(9, LOWERED, "failed"), PastRun(1, LOWERED, "passed", hold="false")),
    appliance=appliances.READY,
    tenant=tenants.PARALLEL,
    samples=(samples.parallel(),),
    trusted_receivers=samples.RECEIVERS,
)

CUTOVER = Scenario(
    name="cutover",
    summary=text("in the night: mail is held, the inline objects are made, the parallel rules are off; the MX is next"),
    domains=DOMAINS,
    zones=sound_world(moved=False, ttl=LOWERED),
    past=_LOWERED,
    appliance=appliances.HELD,
    tenant=tenants.CUTOVER,
    samples=(samples.parallel(),),
    trusted_receivers=samples.RECEIVERS,
)

INLINE = Scenario(
    name="inline",
    summary=text("inline operation, finished: the MX is at the gateway, mail flows, nothing is left over"),
    domains=DOMAINS,
    zones=sound_world(moved=True),
    past=_MOVED,
    appliance=appliances.INLINE,
    tenant=tenants.INLINE,
    samples=(samples.outgoing(), samples.incoming()),
    trusted_receivers=samples.RECEIVERS,
)

FORGOTTEN_HOLD = Scenario(
    name="forgotten-hold",
    summary=text("inline operation, but the hold was never switched off: all mail is being refused"),
    domains=DOMAINS,
    zones=sound_world(moved=True),
    past=_MOVED,
    appliance=appliances.HELD,
    tenant=tenants.INLINE,
    trusted_receivers=samples.RECEIVERS,
)

HALF_MIGRATED = Scenario(
    name="half-migrated",
    summary=text("taken for finished: one domain's MX was left, and so were objects of parallel operation"),
    domains=DOMAINS,
    zones=(
        *INTERNET,
        PROVIDER,
        *reverse(GATEWAY),
        domain_zone(KUNDE, [MX_AT_GATEWAY, f"20 {microsoft_host(KUNDE)}."]),
        domain_zone(PRAXIS, [mx_at_microsoft(PRAXIS)]),
    ),
    past=(PastRun(8, 3600, "failed"), PastRun(3, 300, "passed")),
    appliance=appliances.HALF,
    tenant=tenants.HALF,
    samples=(samples.outgoing(), samples.parallel()),
    trusted_receivers=samples.RECEIVERS,
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        scenario.name: scenario
        for scenario in (READY, BROKEN, PARALLEL, PREPARED, CUTOVER, INLINE, FORGOTTEN_HOLD, HALF_MIGRATED)
    }
)


def named(name: str) -> Scenario:
    """Return a scenario by its name.

    Raises:
        UserError: for one that there is not; it names those there are.
    """
    if name not in SCENARIOS:
        raise UserError("there is no lab scenario {name}; there are: {known}", name=repr(name), known=tuple(SCENARIOS))
    return SCENARIOS[name]

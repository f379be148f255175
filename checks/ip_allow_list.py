"""Whether the gateway's address is waved through the spam filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seppcheck.api import (
    ADVICE_FROM_CUTOVER,
    ArcConfig,
    ConnectionFilterPolicies,
    ExchangeObject,
    Finding,
    Gateway,
    GatewayAddresses,
    Inconclusive,
    Passed,
    Reason,
    Result,
    Severity,
    Tenant,
    Unavailable,
    Warned,
    check,
    holds_any,
    unasked,
    unknown_property,
)


@check("ip-allow-list", severity=Severity.ADVICE, phases=ADVICE_FROM_CUTOVER)
def gateway_is_not_waved_through(
    tenant: Tenant,
    gateway: Gateway,
    policies: ConnectionFilterPolicies,
    addresses: GatewayAddresses,
    arc: ArcConfig | Unavailable,
) -> Result:
    """The IP allow list does not hold the gateway.

    Older set-ups put the gateway's address on the allow list. Inline, all mail comes from there, so nothing would be
    filtered any more. Trusted ARC sealers are only mentioned. This is advice beyond the guide.

    To mend:
    - Set-HostedConnectionFilterPolicy -Identity Default -IPAllowList @{Remove="ADDRESS"}

    Sources:
    - Set-HostedConnectionFilterPolicy, IPAllowList
    """
    if not policies.objects:
        return Inconclusive(
            "no connection filter policy was read, although every tenant has one; export them anew",
            subject=tenant.name,
            reason=Reason.INCOMPLETE,
        )
    known = addresses.addresses
    judged = [finding for policy in policies.objects for finding in _judge(policy, known)] if known else []
    named = [node.name for node in addresses.nodes if node.addresses]
    return [*judged, *unasked(gateway, named, addresses), *_mentioned(arc)]


def _judge(policy: ExchangeObject, gateway: Iterable[str]) -> Iterator[Finding]:
    if not policy.knows("IPAllowList"):
        yield unknown_property(policy, "IPAllowList")
        return
    entries = {entry: holds_any(entry, gateway) for entry in policy.items("IPAllowList")}
    for entry, holds in entries.items():
        if holds:
            yield Warned(
                "{policy}: {entry} waves all mail of the gateway through the spam filter",
                policy=policy.name,
                entry=entry,
                subject=policy.name,
                expected="-",
                observed=entry,
            )
        elif holds is None:
            yield Inconclusive(
                "{policy}: {entry} is neither an address nor a range or network of addresses; look whether it "
                "holds the gateway",
                policy=policy.name,
                entry=entry,
                subject=policy.name,
                reason=Reason.MALFORMED,
            )
    if all(holds is False for holds in entries.values()):
        yield Passed("{policy} does not hold the gateway", policy=policy.name, subject=policy.name)


def _mentioned(arc: ArcConfig | Unavailable) -> Iterator[Finding]:
    if isinstance(arc, Unavailable):
        return
    entries = [item for each in arc.objects for item in each.items("ArcTrustedSealers")]
    sealers = [name.strip() for entry in entries for name in entry.split(",") if name.strip()]
    if sealers:
        yield Passed("trusted ARC sealers: {sealers}", sealers=sealers, subject="ArcTrustedSealers")

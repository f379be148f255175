"""Take the gateway off the IP allow list."""

from __future__ import annotations

from seppcheck.api import (
    Change,
    ConnectionFilterPolicies,
    ExchangeImage,
    GatewayAddresses,
    Milestone,
    Noun,
    Proposal,
    Tenant,
    holds_any,
    remediation,
    text,
)

_LIST = "IPAllowList"


@remediation("ip-allow-list", kind="automatic", phases=["completion"])
def filter_what_comes_from_the_gateway(
    tenant: Tenant, policies: ConnectionFilterPolicies, addresses: GatewayAddresses
) -> Proposal:
    """Remove every entry that holds an address of the gateway; nothing else of the list is touched."""
    del tenant  # names the target
    found = []
    for policy in policies.objects:
        entries = policy.items(_LIST)
        removed = [entry for entry in entries if holds_any(entry, addresses.addresses)]
        if not removed:
            continue
        kept = [entry for entry in entries if entry not in removed]
        found.append(
            Change(
                summary=text("Take {entries} off the IP allow list of {policy}", entries=removed, policy=policy.name),
                why=text(
                    "inline all mail comes from the gateway, so nothing would be filtered any more; a wider entry goes "
                    "as a whole"
                ),
                before=ExchangeImage(Noun.CONNECTION_FILTER, policy.name, {_LIST: list(entries)}, policy.guid),
                after=ExchangeImage(Noun.CONNECTION_FILTER, policy.name, {_LIST: kept}, policy.guid),
                needs=Milestone.INBOUND_ON,
            )
        )
    return found

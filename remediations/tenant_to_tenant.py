"""Tell whose mail will not be encrypted between the customers of one gateway."""

from __future__ import annotations

from seppcheck.api import Gateway, ManagedDomain, ManagedDomains, Note, Proposal, Site, remediation, text


@remediation("tenant-to-tenant", kind="manual", phases=["readiness", "cutover"])
def tell_the_customers(gateway: Gateway, managed: ManagedDomains, site: Site) -> Proposal:
    """Name the pairs; it cannot be mended."""
    del gateway
    moving = {domain.name for domain in site.domains}
    pairs = [
        text("{sender} -> {receiver}", sender=one.name, receiver=other.name)
        for one in managed.domains
        for other in managed.domains
        if one.customer and other.customer and one.customer != other.customer and _is_inline(one, moving)
    ]
    if not pairs:
        return []
    return [Note(text("mail between these customers is not encrypted once the sender is inline: {pairs}", pairs=pairs))]


def _is_inline(domain: ManagedDomain, moving: set[str]) -> bool:
    return not domain.smarthost and (domain.smarthost is not None or domain.name in moving)

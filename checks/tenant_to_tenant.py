"""Mail between the customers of one gateway."""

from __future__ import annotations

from seppcheck.api import (
    ALL,
    Gateway,
    Inconclusive,
    ManagedDomain,
    ManagedDomains,
    NotApplicable,
    Passed,
    Reason,
    Result,
    Severity,
    Site,
    Warned,
    check,
)


@check("tenant-to-tenant", requirements=["T1"], severity=Severity.ADVICE, phases=ALL)
def customers_know_that_mail_between_them_stays_plain(gateway: Gateway, managed: ManagedDomains, site: Site) -> Result:
    """Mail between customers of the same gateway is not encrypted once the sender is inline.

    Tenant-to-tenant encryption needs a smarthost, and an inline domain has none (guide T1, chapter Moegliche
    Probleme). This cannot be mended; those who rely on it should know before the move. Never a failure.

    To mend:
    - Tell the customers named here that mail between them leaves the gateway unencrypted.

    Sources:
    - The guide, T1: Moegliche Probleme, Internal mail handling ohne outgoing Smarthosts
    """
    moving = {domain.name for domain in site.domains}
    customers = {each.customer for each in managed.domains}
    if len(managed.domains) < 2 or (len(customers) == 1 and "" not in customers):  # noqa: PLR2004 - a pair needs two
        return NotApplicable("the gateway serves one customer", subject=gateway.name)
    if "" in customers:
        return Inconclusive(
            "the customer of {domains} is not known, so it cannot be told whose mail is concerned",
            domains=[each.name for each in managed.domains if not each.customer],
            subject=gateway.name,
            reason=Reason.NOT_COLLECTED,
        )
    senders = [each for each in managed.domains if _is_inline(each, moving)]
    pairs = [
        f"{one.name} -> {other.name}" for one in senders for other in managed.domains if one.customer != other.customer
    ]
    unknown = [each.name for each in managed.domains if each.smarthost is None and each.name not in moving]
    if pairs:
        return Warned(
            "mail is not encrypted from tenant to tenant for {pairs}: these customers should know",
            pairs=pairs,
            subject=gateway.name,
            observed=", ".join(pairs),
        )
    if unknown:
        return Inconclusive("whether {domains} have a smarthost is not known", domains=unknown, subject=gateway.name)
    return Passed("every managed domain has a smarthost", subject=gateway.name)


def _is_inline(domain: ManagedDomain, moving: set[str]) -> bool:
    """Tell whether a domain sends without a smarthost; of one that moves this is so unless it is known otherwise."""
    return domain.smarthost == "" or (domain.smarthost is None and domain.name in moving)

"""The DKIM key of the domain on the gateway."""

from __future__ import annotations

from seppcheck.api import (
    ALL,
    DkimRecord,
    Domain,
    Failed,
    Finding,
    GatewayDkimKey,
    Inconclusive,
    Passed,
    Reason,
    Result,
    Severity,
    Unavailable,
    Warned,
    check,
    dns_fault,
    key_bytes,
)


@check("dkim-gateway-key", requirements=["K2"], severity=Severity.MEDIUM, phases=ALL)
def gateway_signs_with_the_published_key(
    domain: Domain, key: GatewayDkimKey, record: DkimRecord | Unavailable
) -> Result:
    """The gateway has a DKIM key for the domain, and DNS publishes the same key.

    Inline, the gateway is the last to change outgoing mail, so its signature is the one that arrives whole. The guide
    (K2, Hinweis zu DKIM) says a key should be there: none is a warning. A key that differs from the one in DNS is
    worse than none, for every signature then fails.

    To mend:
    - Mail System > Managed Domains > the domain > DKIM Settings: generate a key and enable it. Then Save.
    - Publish the record that the gateway shows there: TXT at the selector, ._domainkey. and the domain.
    - Name the selector in seppcheck.toml: dkim_selector of [[domains]].

    Sources:
    - The guide, K2: Hinweis zu DKIM
    - RFC 6376 section 3.6.1: the key record and its tags
    """
    if not key.present:
        return Warned(
            "the gateway has no DKIM key for {domain}: its outgoing mail is not signed by the gateway",
            domain=domain.name,
            subject=domain.name,
        )
    if isinstance(record, Unavailable):
        return Inconclusive("{why}", why=record.detail, subject=domain.name, reason=record.reason)
    if not record.answer.status.looked:
        return Inconclusive(
            "{name}: {fault}",
            name=record.name,
            fault=dns_fault(record.answer.status, record.answer.detail),
            subject=record.name,
            reason=record.answer.status.reason,
        )
    own = key_bytes(key.public_key)
    if own is None:
        return Inconclusive(
            "the public key on the gateway is not known for {domain}: seppcheck attest --only dkim-gateway-key",
            domain=domain.name,
            subject=domain.name,
            reason=Reason.NOT_COLLECTED,
        )
    return _compared(own, record)


def _compared(own: bytes, record: DkimRecord) -> Finding:
    if not record.keys:
        return Failed(
            "DNS has no key at {name}: every signature of the gateway fails",
            name=record.name,
            subject=record.name,
            expected="v=DKIM1; p=...",
            observed=", ".join(record.answer.values) or record.answer.status.value,
        )
    if len(record.keys) > 1:
        return Failed("DNS has {count} keys at {name}", count=len(record.keys), name=record.name, subject=record.name)
    if key_bytes(record.keys[0]) == own:
        return Passed("DNS publishes the gateway's key at {name}", name=record.name, subject=record.name)
    return Failed(
        "the key at {name} is not the gateway's: every signature of the gateway fails",
        name=record.name,
        subject=record.name,
        observed=record.keys[0] or "(revoked)",
    )

"""The DKIM key of the domain on the gateway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seppcheck.api import (
    ALL,
    DkimRecord,
    DkimVerdict,
    Domain,
    Failed,
    Finding,
    GatewayAddresses,
    GatewayDkimKey,
    Inconclusive,
    MailSample,
    MailSamples,
    Now,
    Passed,
    Reason,
    Result,
    Severity,
    Unavailable,
    Warned,
    check,
    dns_fault,
    host_name,
    key_bytes,
)


@check("dkim-gateway-key", requirements=["K2"], severity=Severity.MEDIUM, phases=ALL)
def gateway_signs_with_the_published_key(
    domain: Domain,
    key: GatewayDkimKey,
    record: DkimRecord | Unavailable,
    samples: MailSamples | Unavailable,
    addresses: GatewayAddresses | Unavailable,
    now: Now,
) -> Result:
    """The gateway has a DKIM key for the domain, and DNS publishes the same key.

    Inline, the gateway is the last to change outgoing mail, so its signature is the one that arrives whole. The guide
    (K2, Hinweis zu DKIM) says a key should be there: none is a warning. A key that differs from the one in DNS is
    worse than none, for every signature then fails.

    A recent message that the domain sent out, as a receiver that you trust took it, shows the key at work: its
    signature with the domain's selector is verified with the key in DNS. One that does not verify is a warning, for
    the message may have been changed by who stored it.

    To mend:
    - Mail System > Managed Domains > the domain > DKIM Settings: generate a key and enable it. Then Save.
    - Publish the record that the gateway shows there: TXT at the selector, ._domainkey. and the domain.
    - Name the selector in seppcheck.toml: dkim_selector of [[domains]].
    - Save messages for [mail] samples as they were received; some programs change them when they save.

    Sources:
    - The guide, K2: Hinweis zu DKIM
    - RFC 6376 section 3.6.1: the key record and its tags
    """
    compared = _judged(domain, key, record)
    sent = (
        ()
        if isinstance(samples, Unavailable)
        else samples.sent_by(domain.name, now.at, () if isinstance(addresses, Unavailable) else addresses.addresses)
    )
    shown = list(_shown(domain, sent, confirming=isinstance(compared, Passed)))
    return [compared, *shown] if shown else compared


def _judged(domain: Domain, key: GatewayDkimKey, record: DkimRecord | Unavailable) -> Finding:
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


def _shown(domain: Domain, sent: Iterable[MailSample], *, confirming: bool) -> Iterator[Finding]:
    mine = domain.name, host_name(domain.dkim_selector)
    for sample in sent:
        about = {"file": sample.file, "selector": mine[1], "subject": sample.file}
        own = [each for each in sample.dkim if (each.domain, each.selector) == mine]
        broken = [each for each in own if each.verdict is DkimVerdict.FAIL]
        if any(each.verdict is DkimVerdict.PASS for each in own):
            if confirming:
                yield Passed("{file}: the signature of the gateway ({selector}) verifies", **about)
        elif broken:
            why = broken[0].detail
            yield Warned("{file}: the signature of the gateway ({selector}) does not verify: {why}", why=why, **about)

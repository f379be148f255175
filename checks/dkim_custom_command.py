"""The custom command that goes with DKIM of Exchange Online."""

from __future__ import annotations

from seppcheck.api import (
    ALL,
    DkimCommand,
    DkimSigningConfigs,
    DkimVerdict,
    Domain,
    Failed,
    Finding,
    GatewayAddresses,
    Inconclusive,
    MailSample,
    MailSamples,
    NotApplicable,
    Now,
    Passed,
    Result,
    Severity,
    Unavailable,
    Warned,
    check,
)

_EXCHANGE = ("selector1", "selector2")
"""Exchange Online's selectors (Get-DkimSigningConfig, Selector1CNAME and Selector2CNAME)."""


@check("dkim-custom-command", requirements=["K1"], severity=Severity.HIGH, phases=ALL)
def signature_of_exchange_is_dealt_with(
    domain: Domain,
    command: DkimCommand | Unavailable,
    signing: DkimSigningConfigs | Unavailable,
    samples: MailSamples | Unavailable,
    addresses: GatewayAddresses | Unavailable,
    now: Now,
) -> Result:
    """If Exchange Online signs with DKIM, the gateway has its custom command for it.

    Exchange Online signs before the gateway changes the message, so that signature arrives broken unless the gateway
    deals with it. The guide (K1, Hinweis zu DKIM) has a custom command for that. Its page is not public: this check
    sees that somebody attests the command's presence, not its text.

    A recent message that the domain sent out, as a receiver that you trust took it, can only contradict: it warns when
    Exchange Online's signature (selector1 or selector2) is broken beside another one of the domain.

    To mend:
    - Mail Processing > Custom macros and commands: add the command of the vendor's DKIM page. Then generate the
      ruleset and write it down: seppcheck attest --only dkim-custom-command.
    - Or switch DKIM off for the domain in Exchange Online, and let the gateway sign.

    Sources:
    - The guide, K1: Hinweis zu DKIM
    - Get-DkimSigningConfig, Enabled
    """
    judged = _judged(domain, command, signing)
    if isinstance(judged, NotApplicable) or isinstance(samples, Unavailable):
        return judged
    own = () if isinstance(addresses, Unavailable) else addresses.addresses
    broken = [_broken(domain, sample) for sample in samples.sent_by(domain.name, now.at, own)]
    contradicting = [finding for finding in broken if finding is not None]
    return [judged, *contradicting] if contradicting else judged


def _broken(domain: Domain, sample: MailSample) -> Finding | None:
    """Warn of a signature of Exchange Online that broke; two of its own, one older than the other, are normal."""
    ours = [each for each in sample.dkim if each.domain == domain.name]
    theirs = [each for each in ours if each.selector in _EXCHANGE]
    broken = [each for each in theirs if each.verdict is DkimVerdict.FAIL]
    if len(theirs) == len(ours) or not broken:
        return None
    return Warned(
        "{file}: the signature of Exchange Online ({selector}) arrives broken beside the gateway's: {why}",
        file=sample.file,
        selector=broken[0].selector,
        why=broken[0].detail,
        subject=sample.file,
    )


def _judged(domain: Domain, command: DkimCommand | Unavailable, signing: DkimSigningConfigs | Unavailable) -> Finding:
    if isinstance(signing, Unavailable):
        return _unread(domain, command, signing)
    rows = [each for each in signing.objects if each.text("Domain").rstrip(".").lower() == domain.name]
    if any(row.flag("Enabled") is None for row in rows):
        return Inconclusive("Exchange Online does not tell whether it signs for {domain}", domain=domain.name)
    if not any(row.flag("Enabled") for row in rows):
        return NotApplicable("Exchange Online does not sign for {domain}", domain=domain.name, subject=domain.name)
    return _needed(domain, command)


def _unread(domain: Domain, command: DkimCommand | Unavailable, signing: Unavailable) -> Finding:
    if not isinstance(command, Unavailable) and command.present:
        return Passed("the custom command is there, whatever Exchange Online does", subject=domain.name)
    return Inconclusive(
        "whether Exchange Online signs for {domain} is not known: {why}",
        domain=domain.name,
        why=signing.detail,
        subject=domain.name,
        reason=signing.reason,
    )


def _needed(domain: Domain, command: DkimCommand | Unavailable) -> Finding:
    if isinstance(command, Unavailable):
        return Inconclusive(
            "Exchange Online signs for {domain}, and the custom command is not attested: {why}",
            domain=domain.name,
            why=command.detail,
            subject=domain.name,
            reason=command.reason,
        )
    if command.present:
        return Passed("Exchange Online signs, and the custom command is there", subject=domain.name)
    return Failed(
        "Exchange Online signs for {domain}, but the custom command is missing on the gateway",
        domain=domain.name,
        subject=domain.name,
    )

"""The smarthost of the managed domain."""

from __future__ import annotations

from seppcheck.api import (
    FROM_CUTOVER,
    Domain,
    Failed,
    Finding,
    Inconclusive,
    MailSample,
    MailSamples,
    Now,
    Passed,
    Result,
    Severity,
    Smarthost,
    Unavailable,
    Warned,
    check,
    text,
)


@check("gateway-smarthost", requirements=["A1"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def outgoing_mail_goes_out_directly(
    domain: Domain, smarthost: Smarthost | Unavailable, samples: MailSamples | Unavailable, now: Now
) -> Result:
    """No smarthost is set for the managed domain: the gateway delivers to the Internet itself.

    In parallel operation the gateway hands outgoing mail back to Exchange Online. In inline operation this field
    has to be empty (guide A1, chapter Migration), or outgoing mail travels in circles.

    A real outgoing message that carries X-SM-smarthost went through a smarthost, whatever the field reads.

    To mend:
    - Mail System > Managed Domains > the domain > Send ALL outgoing mails from this domain to the following SMTP
      server (optional): empty the field. Then Save.

    Sources:
    - The guide, A1: Migration, A
    - SEPPmail REST API: GET /mailsystem/manageddomain, smarthost
    """
    if isinstance(samples, Unavailable):
        return _set(domain, smarthost)
    shown = [_sent(sample) for sample in samples.fresh(now.at) if sample.sender_domain == domain.name]
    failed = [finding.but(observed_alone=True) for finding in shown if finding is not None]
    if failed and not isinstance(smarthost, Unavailable) and not smarthost.host.strip():
        return [*failed, _empty_all_the_same(domain)]
    return failed or _set(domain, smarthost)


def _sent(sample: MailSample) -> Finding | None:
    host = sample.header("X-SM-smarthost")
    if host is None:
        return None
    return Failed(
        "{file} went through the smarthost {host}: empty the field",
        file=sample.file,
        host=host,
        subject=sample.file,
        expected=text("no smarthost"),
        observed=host,
    )


def _empty_all_the_same(domain: Domain) -> Finding:
    return Warned(
        "the field of {domain} reads empty, yet mail went through a smarthost: what was observed counts",
        domain=domain.name,
        subject=domain.name,
    )


def _set(domain: Domain, smarthost: Smarthost | Unavailable) -> Finding:
    if isinstance(smarthost, Unavailable):
        return Inconclusive("{why}", why=smarthost.detail, subject=domain.name, reason=smarthost.reason)
    if not smarthost.listed:
        return Failed(
            "the gateway has no managed domain {domain}",
            domain=domain.name,
            subject=domain.name,
            expected=domain.name,
        )
    host = smarthost.host.strip()
    if not host:
        return Passed("no smarthost is set for {domain}", domain=domain.name, subject=domain.name)
    return Failed(
        "all outgoing mail of {domain} goes to {host}: empty the field",
        domain=domain.name,
        host=host,
        subject=domain.name,
        expected=text("no smarthost"),
        observed=host,
    )

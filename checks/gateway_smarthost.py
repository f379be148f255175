"""The smarthost of the managed domain."""

from __future__ import annotations

from seppcheck.api import FROM_CUTOVER, Domain, Failed, Passed, Result, Severity, Smarthost, check


@check("gateway-smarthost", requirements=["A1"], severity=Severity.BLOCKER, phases=FROM_CUTOVER)
def outgoing_mail_goes_out_directly(domain: Domain, smarthost: Smarthost) -> Result:
    """No smarthost is set for the managed domain: the gateway delivers to the Internet itself.

    In parallel operation the gateway hands outgoing mail back to Exchange Online. In inline operation this field
    has to be empty (guide A1, chapter Migration), or outgoing mail travels in circles.

    To mend:
    - Mail System > Managed Domains > the domain > Send ALL outgoing mails from this domain to the following SMTP
      server (optional): empty the field. Then Save.

    Sources:
    - The guide, A1: Migration, A
    - SEPPmail REST API: GET /mailsystem/manageddomain, smarthost
    """
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
        expected="-",
        observed=host,
    )

"""STARTTLS and the certificate of the gateway on port 25."""

from __future__ import annotations

from seppcheck.api import (
    EARLY_WARNING,
    Gateway,
    GatewayAddresses,
    Now,
    Result,
    Severity,
    SmtpCertificate,
    Unavailable,
    check,
    judge_presented,
    unasked,
)


@check("smtp-certificate", requirements=["O5"], severity=Severity.BLOCKER, phases=EARLY_WARNING)
def certificate_is_one_that_exchange_trusts(
    gateway: Gateway, shown: SmtpCertificate, addresses: GatewayAddresses | Unavailable, now: Now
) -> Result:
    """The gateway offers STARTTLS on port 25 with a certificate that Exchange Online trusts.

    The new outbound connector sends every mail over TLS, and only if the certificate is in order. If it is
    expired, carries another name, or comes without its intermediate certificate, Exchange keeps the mail in
    its queue and gives up after a day. Nobody in the office notices before the first bounce.

    The guide (O5, chapter on the connector from Office 365 to the partner organization) demands "always TLS"
    with a certificate of a trusted authority. This check looks at the gateway's half of it; the connector's
    half is outbound-connector-tls. In readiness it is a warning at worst, because the connector is not there
    yet, but a new certificate may take days.

    At every address the certificate must be in date for 30 days more, carry a name of the gateway (in the
    SAN, or in the CN where there is no SAN; a wildcard covers one label), be meant for servers, and reach a
    root of Mozilla's list with nothing but the chain as it was sent. What this machine alone trusts does not
    count, for Exchange does not know it. Roots of [gateway] extra_roots count, and are named.

    To mend:
    - Order or renew the certificate, with the gateway's name (the one in the MX record) as SAN, from an
      authority that is on Mozilla's list, and import it on the gateway (menu SSL). Run this check again: it
      shows which certificate port 25 really presents.
    - Import the intermediate certificate as well. A chain that browsers complete by themselves is not enough.
    - If STARTTLS is not offered, look at Mail System > SMTP Settings on the gateway, and for a firewall on the
      way that removes the word STARTTLS.

    Sources:
    - The guide, O5: always TLS, trusted certificate authority
    - RFC 3207: SMTP over TLS
    - RFC 6125 section 6.4: how names in a certificate are matched
    - RFC 5280 section 4.2.1.12: what a certificate may be used for
    """
    judged = [finding for each in shown.presented for finding in judge_presented(each, gateway, now)]
    return [*judged, *unasked(gateway, (each.node for each in shown.presented), addresses)]

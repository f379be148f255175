"""Whether the gateway's mail aligns with the domain's DMARC policy."""

from __future__ import annotations

from seppcheck.api import (
    ADVICE,
    DkimRecord,
    DmarcRecord,
    Domain,
    Finding,
    GatewayDkimKey,
    Inconclusive,
    Passed,
    Reason,
    Result,
    Severity,
    SpfEvaluation,
    SpfResult,
    Unavailable,
    Warned,
    check,
    key_bytes,
)


@check("dmarc-alignment", severity=Severity.ADVICE, phases=ADVICE)
def mail_of_the_gateway_aligns(
    domain: Domain,
    dmarc: DmarcRecord,
    spf: SpfEvaluation | Unavailable,
    key: GatewayDkimKey | Unavailable,
    record: DkimRecord | Unavailable,
) -> Result:
    """DMARC is published, and mail from the gateway will align by DKIM or SPF.

    Receivers that honour DMARC want a DKIM signature or an SPF pass under the sender's own domain. Inline, that has
    to be the gateway's signature, or SPF that allows the gateway's addresses. This is advice beyond the guide.

    To mend:
    - Publish a DMARC record: TXT at _dmarc. and the domain, v=DMARC1; p=none; rua=mailto:... to begin with.
    - Give the gateway a DKIM key for the domain (dkim-gateway-key), and add its addresses to SPF (dns-spf-gateway).

    Sources:
    - RFC 9989: DMARC, identifier alignment
    """
    if not dmarc.records:
        return Warned(
            "{domain} publishes no DMARC policy", domain=domain.name, subject=domain.name, expected="v=DMARC1; ..."
        )
    if len(dmarc.records) > 1:
        return Warned(
            "{name} has {count} DMARC records, so receivers use none",
            name=dmarc.found_at,
            count=len(dmarc.records),
            subject=dmarc.found_at,
        )
    return _aligned(domain, spf, _signed(key, record))


def _signed(key: GatewayDkimKey | Unavailable, record: DkimRecord | Unavailable) -> bool | None:
    """Tell whether the gateway's signatures will verify; None = not known."""
    if isinstance(key, Unavailable):
        return None
    if not key.present:
        return False
    if isinstance(record, Unavailable) or not record.answer.status.looked or key_bytes(key.public_key) is None:
        return None
    return key_bytes(key.public_key) in [key_bytes(each) for each in record.keys]


def _aligned(domain: Domain, spf: SpfEvaluation | Unavailable, signed: bool | None) -> Finding:
    if signed:
        return Passed("the gateway's DKIM signature aligns for {domain}", domain=domain.name, subject=domain.name)
    results = () if isinstance(spf, Unavailable) else tuple(verdict.result for verdict in spf.verdicts)
    if results and set(results) == {SpfResult.PASS}:
        return Passed("SPF aligns for every address of the gateway", subject=domain.name)
    if signed is None or not results or SpfResult.TEMPERROR in results:
        return Inconclusive(
            "SPF does not align for {domain}, and whether the gateway's DKIM signature will is not known: configure "
            "dkim_selector and attest the key, seppcheck attest --only dkim-gateway-key",
            domain=domain.name,
            subject=domain.name,
            reason=Reason.NOT_COLLECTED,
        )
    return Warned(
        "neither SPF nor the gateway's DKIM signature aligns for {domain}: its DMARC policy will hit its own mail",
        domain=domain.name,
        subject=domain.name,
    )

"""Whether DANE's records match the certificate that the gateway presents."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.api import (
    ADVICE,
    DnsAnswer,
    Domain,
    Finding,
    Inconclusive,
    Passed,
    Presented,
    Reason,
    Result,
    Severity,
    SmtpCertificate,
    TlsaRecords,
    Unavailable,
    Warned,
    check,
    dns_fault,
    matches_tlsa,
)


@check("dane-tlsa", severity=Severity.ADVICE, phases=ADVICE)
def tlsa_matches_the_certificate(
    domain: Domain, tlsa: TlsaRecords, certificate: SmtpCertificate | Unavailable
) -> Result:
    """There is no TLSA record for the gateway, or one matches the certificate it presents.

    Senders that honour DANE refuse a gateway whose certificate matches none of its TLSA records: a forgotten record
    stops their mail the moment the MX record points there. This is advice beyond the guide.

    To mend:
    - Publish TLSA 3 1 1 with the SHA-256 of the present public key at _25._tcp. and the gateway's name, before each
      change of the key; or remove the record.

    Sources:
    - RFC 7672 sections 2.2 and 3.1: TLSA records for SMTP
    - RFC 6698 section 2.1: usage, selector, matching type
    """
    del domain
    return [finding for node in tlsa.nodes for finding in _judge(node.node, node.answer, certificate)]


def _judge(node: str, answer: DnsAnswer, certificate: SmtpCertificate | Unavailable) -> Iterator[Finding]:
    name = f"_25._tcp.{node}"
    if not answer.status.looked:
        yield Inconclusive(
            "{name}: {fault}",
            name=name,
            fault=dns_fault(answer.status, answer.detail),
            subject=name,
            reason=answer.status.reason,
        )
    elif not answer.values:
        yield Passed("{node} has no TLSA record", node=node, subject=name)
    elif isinstance(certificate, Unavailable):
        yield Inconclusive("{why}", why=certificate.detail, subject=name, reason=certificate.reason)
    else:
        shown = [each for each in certificate.presented if each.node == node]
        yield from (_compared(name, answer.values, each) for each in shown)
        if not shown:
            yield Inconclusive(
                "{node} was not asked for its certificate", node=node, subject=name, reason=Reason.NOT_COLLECTED
            )


def _compared(name: str, records: tuple[str, ...], presented: Presented) -> Finding:
    if not presented.chain:
        why = presented.fault.detail if presented.fault else "STARTTLS"
        return Inconclusive(
            "{address} showed no certificate to compare with {name}: {why}",
            address=presented.address,
            name=name,
            why=why,
            subject=presented.address,
            reason=presented.fault.reason if presented.fault else Reason.TLS_ERROR,
        )
    if any(matches_tlsa(record, presented.chain) for record in records):
        return Passed(
            "a TLSA record matches the certificate of {address}", address=presented.address, subject=presented.address
        )
    return Warned(
        "no TLSA record at {name} matches the certificate of {address}: senders that honour DANE refuse it",
        name=name,
        address=presented.address,
        subject=presented.address,
        expected=", ".join(records),
        observed=presented.chain[0].sha256,
    )

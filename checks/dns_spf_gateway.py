"""SPF of the domain, for mail that the gateway delivers."""

from __future__ import annotations

from ipaddress import ip_address

from seppcheck.api import (
    ADVICE,
    Domain,
    Finding,
    Gateway,
    GatewayAddresses,
    Inconclusive,
    Message,
    Passed,
    Reason,
    Result,
    Severity,
    SpfEvaluation,
    SpfResult,
    SpfVerdict,
    Warned,
    check,
    text,
    unasked,
)


@check("dns-spf-gateway", severity=Severity.ADVICE, phases=ADVICE)
def gateway_may_send_for_the_domain(
    domain: Domain, gateway: Gateway, spf: SpfEvaluation, addresses: GatewayAddresses
) -> Result:
    """SPF allows every address of the gateway to send for the domain.

    In inline mode the gateway delivers to the Internet itself, so receivers check its addresses
    against the domain's SPF record. Without a pass they junk or refuse mail, DMARC has only DKIM left
    to align with, and mail that was forwarded or altered has nothing.

    The record is evaluated as receivers do it: at most ten terms may query DNS, included records
    counted in, and at most two look-ups may find nothing; beyond that the result is an error.
    Where a look-up failed, nothing is concluded.

    To mend:
    - Add the gateway to the TXT record of the domain that begins with v=spf1, before its `all` term: `ip4:` or `ip6:`
      with each address, or `a:` with the gateway's name.
    - Keep one v=spf1 record only, and keep the terms of the other senders, such as include:spf.protection.outlook.com.
    - Over a limit: remove terms of services that no longer send, and those whose names no longer exist; write `ip4:`
      and `ip6:` in place of `a` and `mx`.

    Sources:
    - RFC 7208, Sender Policy Framework, sections 2.6 (results), 4.6.4 (limits) and 5 (mechanisms)
    """
    if not spf.exists:
        return Warned(
            "{domain} does not exist in DNS: nobody can send for it",
            domain=domain.name,
            subject=domain.name,
            expected=text("an SPF record"),
            observed=text("no such domain"),
        )
    if any(verdict.result is SpfResult.NONE for verdict in spf.verdicts):
        return _without_record(domain, spf)
    verdicts = {verdict.address: verdict for verdict in spf.verdicts}
    found = [node.name for node in addresses.nodes if node.addresses]
    judged = [_judged(domain, address, verdicts.get(address)) for address in addresses.addresses]
    return [*judged, *unasked(gateway, found, addresses)]


def _without_record(domain: Domain, spf: SpfEvaluation) -> Finding:
    return Warned(
        "{domain} has no SPF record: publish one with {terms} and every other sender of the domain",
        domain=domain.name,
        terms=" ".join(_term(verdict.address) for verdict in spf.verdicts),
        subject=domain.name,
        expected=text("an SPF record"),
        observed=text("none"),
    )


def _judged(domain: Domain, address: str, verdict: SpfVerdict | None) -> Finding:
    if verdict is None:
        return Inconclusive(
            "SPF of {domain} was not evaluated for {address}; run again",
            domain=domain.name,
            address=address,
            subject=address,
        )
    if verdict.result is SpfResult.PASS:
        return Passed(
            "SPF of {domain} allows {address} by {mechanism}",
            domain=domain.name,
            address=address,
            mechanism=verdict.mechanism,
            subject=address,
            expected="pass",
            observed="pass",
        )
    if verdict.result is SpfResult.TEMPERROR:
        return Inconclusive(
            "SPF of {domain} could not be evaluated for {address}: {problem}; run again, and if it stays look at the "
            "name servers of that name",
            reason=Reason.DNS_ERROR,
            domain=domain.name,
            address=address,
            problem=verdict.problem,
            subject=address,
            expected="pass",
            observed="temperror",
        )
    return _not_allowed(domain, verdict)


def _not_allowed(domain: Domain, verdict: SpfVerdict) -> Finding:
    if verdict.result is SpfResult.PERMERROR:
        return Warned(
            "SPF of {domain} ends in an error for {address}: {problem}; correct the record",
            domain=domain.name,
            address=verdict.address,
            problem=verdict.problem,
            subject=verdict.address,
            expected="pass",
            observed="permerror",
        )
    return Warned(
        "SPF of {domain} does not allow {address}: add {term} to the record, before its all term",
        domain=domain.name,
        address=verdict.address,
        term=_term(verdict.address),
        subject=verdict.address,
        expected="pass",
        observed=_outcome(verdict),
    )


def _outcome(verdict: SpfVerdict) -> Message:
    if verdict.mechanism:
        return text("{result} by {mechanism}", result=verdict.result.value, mechanism=verdict.mechanism)
    return text("{result}: no term matches", result=verdict.result.value)


def _term(address: str) -> str:
    """Return the term that allows an address; SPF counts an IPv4-mapped one as IPv4."""
    given = ip_address(address)
    plain = getattr(given, "ipv4_mapped", None) or given
    return f"ip{plain.version}:{plain}"

"""Let SPF allow the gateway's addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address

from seppcheck.api import (
    Change,
    DnsImage,
    Domain,
    GatewayAddresses,
    ManualStep,
    Message,
    NodeAddresses,
    Note,
    PlanPhase,
    Proposal,
    SpfEvaluation,
    SpfRecords,
    SpfResult,
    SpfVerdict,
    System,
    quoted,
    remediation,
    rrset_of,
    text,
    unquoted,
    with_low_ttl,
    zone_obstacle,
)

_MOST_LOOKUPS, _MOST_VOIDS = 10, 2
"""RFC 7208 section 4.6.4."""
_NOT_ALLOWED = (SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL)
_VERSION = "v=spf1"
_MICROSOFT = "include:spf.protection.outlook.com"


@remediation("dns-spf-gateway", kind="automatic", phases=["readiness", "cutover"])
def allow_the_gateway(
    domain: Domain, spf: SpfRecords, evaluation: SpfEvaluation, addresses: GatewayAddresses, phase: PlanPhase
) -> Proposal:
    """Add the gateway before the `all` term of the one SPF record; whatever else is wrong with it is for people.

    It is advice: in cutover it is only told.
    """
    refused = [each for each in evaluation.verdicts if each.result not in (SpfResult.PASS, SpfResult.TEMPERROR)]
    if not evaluation.exists or not refused:
        return []
    if phase is not PlanPhase.READINESS:
        return [_told(domain, refused)]
    if any(each.result is SpfResult.NONE for each in refused):
        return [_publish(domain, addresses)]
    if (why := zone_obstacle(spf)) is not None:
        return [Note(text("the SPF record of {domain} is not planned yet: {why}", domain=domain.name, why=why))]
    found = rrset_of(domain.name, "TXT", spf.servers)
    change = _changed(found, refused, evaluation, addresses) if found else None
    return [_allow(domain, found, change)] if found and change else [_correct(domain, refused, addresses)]


def _told(domain: Domain, refused: Iterable[SpfVerdict]) -> Note:
    return Note(
        text(
            "SPF of {domain} does not allow {addresses}: receivers may junk or refuse the gateway's mail, see "
            "`seppcheck plan readiness --only dns-spf-gateway`",
            domain=domain.name,
            addresses=[each.address for each in refused],
        )
    )


def _changed(
    found: DnsImage, refused: Sequence[SpfVerdict], evaluation: SpfEvaluation, addresses: GatewayAddresses
) -> DnsImage | None:
    """Return the RRset with the gateway allowed; None where that takes somebody who knows the record.

    So it does when there is not exactly one record, when evaluating it ends in an error, and when another term than
    `all` decided against the gateway.
    """
    own = [value for value in found.values if _is_spf(unquoted(value))]
    plain = all(
        each.result in _NOT_ALLOWED and each.mechanism.lstrip("+-~?").lower() in ("", "all") for each in refused
    )
    if len(own) != 1 or not plain:
        return None
    terms = _terms(refused, evaluation, addresses)
    new = quoted(_with_terms(unquoted(own[0]), terms))
    return replace(found, values=tuple(sorted(new if value == own[0] else value for value in found.values)))


def _is_spf(value: str) -> bool:
    return value.split(" ", 1)[0].lower() == _VERSION


def _with_terms(record: str, terms: Sequence[str]) -> str:
    """Insert terms where they count: before the first `all`, else before `redirect`, else at the end."""
    words = record.split(" ")
    lowered = [word.lower() for word in words]
    ends = [at for at, word in enumerate(lowered) if word.lstrip("+-~?") == "all"]
    ends = ends or [at for at, word in enumerate(lowered) if word.startswith("redirect=")]
    at = ends[0] if ends else len(words)
    return " ".join([*words[:at], *terms, *words[at:]])


def _terms(refused: Iterable[SpfVerdict], evaluation: SpfEvaluation, addresses: GatewayAddresses) -> tuple[str, ...]:
    """Return `a:` with the nodes' names; addresses where a name does not lead to them or costs too many look-ups."""
    wanted = {each.address for each in refused}
    nodes = [node for node in addresses.nodes if wanted & set(node.addresses)]
    named = [node for node in nodes if all(_leads_to(node, address) for address in wanted & set(node.addresses))]
    lookups = max((each.lookups for each in evaluation.verdicts), default=0) + len(named)
    voids = max((each.voids for each in evaluation.verdicts), default=0) + len(named)
    if lookups > _MOST_LOOKUPS or voids > _MOST_VOIDS:
        named = []
    by_address = [a for node in nodes if node not in named for a in node.addresses if a in wanted]
    return (*(f"a:{node.name}" for node in named), *map(_term, by_address))


def _leads_to(node: NodeAddresses, address: str) -> bool:
    return ip_address(address) in map(ip_address, node.lookup.addresses)


def _term(address: str) -> str:
    """Return the term of an address; SPF counts an IPv4-mapped one as IPv4."""
    given = ip_address(address)
    plain = getattr(given, "ipv4_mapped", None) or given
    return f"ip{plain.version}:{plain}"


def _allow(domain: Domain, found: DnsImage, after: DnsImage) -> Change:
    """Return the change; dns-spf-ttl lowers the TTL in the same plan, before it."""
    return Change(
        summary=text("Allow the gateway in the SPF record of {domain}", domain=domain.name),
        why=text("inline, the gateway delivers to the Internet itself, and receivers look for its addresses in SPF"),
        before=with_low_ttl(found),
        after=with_low_ttl(after),
    )


def _publish(domain: Domain, addresses: GatewayAddresses) -> ManualStep:
    """Return the step that makes a first record: only people know who else sends for the domain."""
    record = f"{_VERSION} {' '.join(_names(addresses.nodes))} {_MICROSOFT} ~all"
    return ManualStep(
        summary=text("Publish an SPF record for {domain}", domain=domain.name),
        why=text("inline, the gateway delivers to the Internet itself, and receivers look for its addresses in SPF"),
        system=System.DNS,
        steps=(
            text(
                "Find out who else sends with addresses of {domain}: newsletters, a shop, printers.", domain=domain.name
            ),
            text("In the zone, add one TXT record to {domain}: {record}", domain=domain.name, record=record),
            text(
                "Put the terms of the other senders before ~all. For a national cloud of Microsoft, write the include "
                "of that cloud."
            ),
            _look(),
        ),
        undo=(text("Take the TXT record away again."),),
    )


def _names(nodes: Iterable[NodeAddresses]) -> list[str]:
    return [f"a:{node.name}" for node in nodes]


def _correct(domain: Domain, refused: Sequence[SpfVerdict], addresses: GatewayAddresses) -> ManualStep:
    return ManualStep(
        summary=text("Correct the SPF record of {domain}", domain=domain.name),
        why=_reason(refused[0]),
        system=System.DNS,
        steps=(
            text("In the zone, keep exactly one TXT record of {domain} that begins with v=spf1.", domain=domain.name),
            text(
                "It has to allow the gateway before any term that decides against it: {terms}",
                terms=[_term(address) for address in addresses.addresses],
            ),
            text(
                "At most ten terms may query DNS, included records counted in: take out those of services that no "
                "longer send."
            ),
            _look(),
        ),
        undo=(text("Put back the TXT record that was there before."),),
    )


def _reason(verdict: SpfVerdict) -> Message:
    if verdict.problem:
        return text("evaluating it ends in an error: {problem}", problem=verdict.problem)
    return text(
        "{mechanism} decides against {address}, and only people know why it stands there",
        mechanism=verdict.mechanism or "-",
        address=verdict.address,
    )


def _look() -> Message:
    return text("Look: `seppcheck readiness --only dns-spf-gateway`.")

"""Nodes of the gateway that nobody could talk to: inconclusive, with what to do."""

from __future__ import annotations

from collections.abc import Iterable

from seppcheck.judgement.authority import dns_fault
from seppcheck.model.dns import GatewayAddresses, NodeAddresses
from seppcheck.model.evidence import Unavailable
from seppcheck.model.outcomes import Reason
from seppcheck.model.results import Finding, Inconclusive
from seppcheck.model.smtp import SmtpFault
from seppcheck.model.targets import Gateway
from seppcheck.model.text import text

_ADVICE = {
    Reason.TIMEOUT: text("see that this machine may reach the port, or collect where it is open"),
    Reason.UNREACHABLE: text("see that this machine may reach the port, or collect where it is open"),
    Reason.REFUSED: text("see that the gateway accepts mail from this machine's address"),
    Reason.THROTTLED: text("the gateway asks to come back later; run again in a few minutes"),
    Reason.MALFORMED: text("see that it is the gateway's SMTP service, and no firewall, that answers there"),
    Reason.TLS_ERROR: text(
        "see that the gateway's certificate and key are in order, and that it speaks TLS 1.2 or newer"
    ),
}


def no_dialogue(fault: SmtpFault, address: str) -> Finding:
    """Return the finding for an SMTP dialogue that ended before it told anything."""
    return Inconclusive(
        "{address}: {detail}; {advice}",
        reason=fault.reason,
        address=address,
        detail=fault.detail,
        advice=_ADVICE.get(fault.reason, text("run again")),
        subject=address,
    )


def unresolved(node: NodeAddresses) -> list[Finding]:
    """Return an inconclusive finding where the addresses of a node's name could not all be looked up."""
    fault = node.lookup.fault
    if node.configured or fault is None:
        return []
    return [
        Inconclusive(
            "the addresses of {node} could not be looked up: {fault}; mend the resolver, or configure the addresses",
            reason=fault.status.reason,
            node=node.name,
            fault=dns_fault(fault.status, fault.detail),
            subject=node.name,
        )
    ]


def unasked(gateway: Gateway, asked: Iterable[str], addresses: GatewayAddresses | Unavailable) -> list[Finding]:
    """Return an inconclusive finding for each node that was not asked at all of its addresses.

    Args:
        gateway: whose nodes they are.
        asked: the names of the nodes that were asked.
        addresses: what their names resolved to, where that is known.
    """
    nodes = () if isinstance(addresses, Unavailable) else addresses.nodes
    findings = [finding for node in nodes for finding in unresolved(node)]
    known = {*asked, *(finding.subject for finding in findings)}
    return findings + [
        Inconclusive(
            "{node} has no address that could be asked: see what dns-ptr says of it",
            reason=Reason.DNS_ERROR,
            node=node.name,
            subject=node.name,
        )
        for node in gateway.nodes
        if node.name not in known
    ]

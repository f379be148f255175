"""Publish TLSA records for the certificate that the gateway presents."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Iterator

from seppcheck.api import (
    Certificate,
    Change,
    DnsImage,
    Gateway,
    ManualStep,
    Message,
    NodeTlsa,
    Note,
    PlanPhase,
    Proposal,
    SmtpCertificate,
    System,
    TlsaRecords,
    Unavailable,
    host_name,
    matches_tlsa,
    public_key_of,
    remediation,
    text,
)

_TTL = 3600
"""Seconds. What was there is known from resolvers alone, which count its TTL down."""


@remediation("dane-tlsa", kind="automatic", phases=["readiness", "cutover"])
def add_the_present_key(
    gateway: Gateway, tlsa: TlsaRecords, certificate: SmtpCertificate | Unavailable, phase: PlanPhase
) -> Proposal:
    """Add `3 1 1` with the digest of the present key, beside the records that are there: one that matches is enough.

    It is advice: in cutover it is only told.
    """
    del gateway
    if isinstance(certificate, Unavailable):
        return []
    found = [step for node in tlsa.nodes for step in _node(node, certificate)]
    if phase is PlanPhase.READINESS:
        return found
    return [Note(step.summary) for step in found]


def _node(node: NodeTlsa, certificate: SmtpCertificate) -> Iterator[Change | ManualStep]:
    answer, name = node.answer, f"_25._tcp.{host_name(node.node)}"
    if not answer.status.looked or not answer.values:
        return
    chains = [each.chain for each in certificate.presented if each.node == node.node and each.chain]
    unmatched = [chain for chain in chains if not any(matches_tlsa(record, chain) for record in answer.values)]
    if not unmatched:
        return
    digests = [_digest(chain[0]) for chain in unmatched]
    known = tuple(dict.fromkeys(f"3 1 1 {digest}" for digest in digests if digest))
    if answer.aliases or None in digests:
        yield _by_hand(node, name, known)
        return
    yield Change(
        summary=_summary(node),
        why=text("senders that honour DANE refuse a gateway whose certificate matches none of its TLSA records"),
        before=DnsImage(name, "TLSA", answer.ttl or 0, answer.values),
        after=DnsImage(name, "TLSA", _TTL, (*answer.values, *known)),
    )


def _summary(node: NodeTlsa) -> Message:
    return text("Publish a TLSA record for the certificate that {node} presents", node=node.node)


def _by_hand(node: NodeTlsa, name: str, known: tuple[str, ...]) -> ManualStep:
    return ManualStep(
        summary=_summary(node),
        why=text("senders that honour DANE refuse a gateway whose certificate matches none of its TLSA records"),
        system=System.DNS,
        steps=(
            text("At {name}, or where its alias leads, add: {records}", name=name, records=known or "3 1 1 ..."),
            text("The digest is the SHA-256 of the public key (SubjectPublicKeyInfo) that port 25 presents."),
            text("Look: `seppcheck readiness --only dane-tlsa`."),
        ),
        undo=(text("Take the records that were added away again."),),
    )


def _digest(certificate: Certificate) -> str | None:
    key = public_key_of(b64decode(certificate.der))
    return hashlib.sha256(key).hexdigest() if key else None

"""Publish the gateway's DKIM key in DNS."""

from __future__ import annotations

from base64 import b64encode

from seppcheck.api import (
    Change,
    DkimRecord,
    DnsImage,
    Domain,
    FactImage,
    GatewayDkimKey,
    ManualStep,
    Message,
    Milestone,
    Note,
    PlanPhase,
    Proposal,
    System,
    Unavailable,
    at_menu,
    dns_fault,
    host_name,
    key_bytes,
    observed_steps_at,
    quoted,
    remediation,
    text,
)

_TTL = 3600
"""Seconds. What was there is known from resolvers alone, which count its TTL down."""
_RSA = bytes.fromhex("06092a864886f70d010101")
"""rsaEncryption as it stands in a SubjectPublicKeyInfo (RFC 3279 section 2.3.1)."""


@remediation("dkim-gateway-key", kind="automatic", phases=["readiness", "cutover", "completion"])
def publish_the_key(
    domain: Domain, key: GatewayDkimKey, record: DkimRecord | Unavailable, phase: PlanPhase
) -> Proposal:
    """Publish the key where DNS has another one or none; what else is missing is for people.

    A key that is missing on the gateway is only a warning, so it does not hold up a cutover.
    """
    needs = Milestone.HOLD_OFF if phase is PlanPhase.COMPLETION else None
    if not key.present:
        return [] if phase is PlanPhase.CUTOVER else [_generate(domain, needs)]
    own = key_bytes(key.public_key)
    if own is None:
        return [_unknown(domain)] if phase is PlanPhase.CUTOVER else [_write_down(domain, needs)]
    if isinstance(record, Unavailable):
        told = text(
            "whether DNS has the DKIM key of {domain} is not known: {why}", domain=domain.name, why=record.detail
        )
        return [Note(told)]
    if not record.answer.status.looked:
        return [
            Note(text("{name}: {why}", name=record.name, why=dns_fault(record.answer.status, record.answer.detail)))
        ]
    if [key_bytes(each) for each in record.keys] == [own]:
        return []
    why = _for_people(record, own)
    return [_publish(record, own, needs) if why is None else _by_hand(record, why, needs)]


def _for_people(record: DkimRecord, own: bytes) -> Message | None:
    """Return why a program must not write what seems right."""
    if record.answer.aliases:
        return text("{name} is an alias of {alias}", name=record.name, alias=record.answer.aliases[-1])
    if record.answer.values and not record.keys:
        return text("something else than a key stands at {name}", name=record.name)
    if "" in record.keys:
        return text("the key at {name} was revoked, so the selector must not be used again", name=record.name)
    if _RSA not in own:
        return text("the key on the gateway is no RSA key as DNS publishes them")
    return None


def _publish(record: DkimRecord, own: bytes, needs: Milestone | None) -> Change:
    answer, name = record.answer, host_name(record.name)
    values = answer.rdata or tuple(map(quoted, answer.values))
    value = quoted(f"v=DKIM1; k=rsa; p={b64encode(own).decode('ascii')}")
    return Change(
        summary=text("Publish the gateway's DKIM key at {name}", name=record.name),
        why=text("a signature is checked with the key in DNS: with another one, or none, every signature fails"),
        before=DnsImage(name, "TXT", answer.ttl or 0, tuple(sorted(values))) if values else None,
        after=DnsImage(name, "TXT", _TTL, (value,)),
        needs=needs,
    )


def _menu(domain: Domain) -> Message:
    return text("Mail System > Managed Domains > {domain} > DKIM Settings", domain=domain.name)


def _generate(domain: Domain, needs: Milestone | None) -> ManualStep:
    return ManualStep(
        summary=text("Make a DKIM key for {domain} on the gateway", domain=domain.name),
        why=text(
            "inline, the gateway is the last to change outgoing mail, so its signature is the one that arrives whole"
        ),
        system=System.GATEWAY,
        steps=(
            *observed_steps_at(
                _menu(domain),
                text("Generate a key, and enable signing."),
                check="dkim-gateway-key",
                shown=text("yes, and the public key"),
            ),
            text("Name the selector that the gateway shows there in seppcheck.toml: dkim_selector of [[domains]]."),
            text("Then plan anew: the key is published in DNS by the next plan."),
        ),
        before=FactImage(GatewayDkimKey.kind, domain, {"present": False}),
        after=FactImage(GatewayDkimKey.kind, domain, {"present": True}),
        undo=at_menu(_menu(domain), text("Disable signing.")),
        needs=needs,
    )


def _unknown(domain: Domain) -> Note:
    return Note(
        text(
            "the public key of {domain} on the gateway is not known, so DNS is not compared with it", domain=domain.name
        )
    )


def _write_down(domain: Domain, needs: Milestone | None) -> ManualStep:
    return ManualStep(
        summary=text("Write down the public DKIM key of {domain}", domain=domain.name),
        why=text("without it, nobody can tell whether DNS publishes the gateway's key"),
        system=System.PEOPLE,
        steps=(
            text("On the gateway, open: {menu}", menu=_menu(domain)),
            text("Copy the public key, never the private one: `seppcheck attest --only dkim-gateway-key`."),
            text("Then plan anew: where DNS has another key, the next plan publishes this one."),
        ),
        needs=needs,
    )


def _by_hand(record: DkimRecord, why: Message, needs: Milestone | None) -> ManualStep:
    return ManualStep(
        summary=text("Bring the DKIM key of {domain} and DNS together: {why}", domain=record.domain, why=why),
        why=text("a signature is checked with the key in DNS: with another one, or none, every signature fails"),
        system=System.DNS,
        steps=(
            text(
                "On the gateway, open: Mail System > Managed Domains > {domain} > DKIM Settings. It shows the record "
                "that belongs into DNS.",
                domain=record.domain,
            ),
            text("Publish it at {name}, in place of what stands there, if that is nobody else's.", name=record.name),
            text("Else use a selector of its own for the gateway, and name it in seppcheck.toml: dkim_selector."),
            text("Look: `seppcheck readiness --only dkim-gateway-key`."),
        ),
        undo=(text("Put back the records that were there before."),),
        needs=needs,
    )

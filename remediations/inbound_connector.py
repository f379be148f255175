"""Make the connector from the gateway, mend the one that is there, and switch it on when all mail comes that way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from seppcheck.api import (
    Change,
    Classified,
    Domain,
    Each,
    ExchangeImage,
    FactImage,
    InboundConnectors,
    InlineMode,
    MailFlow,
    ManagedDomains,
    Milestone,
    MxRecords,
    Note,
    Noun,
    PlanPhase,
    Proposal,
    Role,
    SenderCertificate,
    Site,
    Step,
    Tenant,
    Unavailable,
    among_connectors,
    attest_certificate,
    having,
    image_of,
    mended,
    no_free_name,
    remediation,
    sender_domains,
    sender_names,
    text,
    unclear,
    unfinished,
    with_properties,
)

_OFF = {"RestrictDomainsToIPAddresses": False, "SenderIPAddresses": [], "CloudServicesMailEnabled": False}


@remediation("inbound-connector", kind="automatic", phases=["cutover", "completion"])
def take_mail_from_the_gateway(
    tenant: Tenant,
    flow: MailFlow,
    inbound: InboundConnectors,
    certificates: Each[SenderCertificate],
    managed: ManagedDomains | Unavailable,
    mx: Each[MxRecords],
    site: Site,
    phase: PlanPhase,
) -> Proposal:
    """Make the guide's connector disabled, one for each name of the gateway's certificates; enable it at the end.

    Domains whose certificates have the same name share a connector: Exchange looks it up by the certificate. Nothing
    is made or enabled before every domain's certificate is known, for an enabled connector that no certificate matches
    refuses all mail. What is enabled too early, or is for a list of senders, stays: that may be on purpose.
    """
    inline = having(flow.inbound, Role.INLINE)
    doubts = unclear((each for each in having(flow.inbound) if each.role is Role.UNDECIDED), phase)
    if not inline and (doubts or phase is PlanPhase.COMPLETION):
        return doubts or [unfinished(text("inbound connector"))]
    names = sender_names(inline, certificates, managed, site)
    kept = [each for each in inline if each.key not in names.surplus]
    mending = [
        *(step for each in kept for step in _mend(each, kept, site, phase)),
        *(step for each in inline if each not in kept for step in _remove(each, phase)),
    ]
    off = [each for each in kept if each.enabled is False]
    found = [*doubts, *mending, *_left_alone(kept, mx, site)]
    if names.unknown:
        waits = not names.nameless and (off or names.further or not inline)
        return [*found, *(_certificates_first(names.unknown, inline, phase) if waits else ())]
    free = InlineMode(flow, tenant).inbound_names(inbound, len(names.further))
    if len(free) < len(names.further):
        return [*found, no_free_name("inbound_connector", tenant.inbound_connectors, phase)]
    made = [_image(*each, site) for each in zip(free, names.further, strict=True)]
    return [*found, *(_make(image, phase) for image in made), *_switch_on([*made, *map(_switch, off)])]


def _mend(each: Classified, kept: Sequence[Classified], site: Site, phase: PlanPhase) -> Iterator[Step]:
    entry = each.entry
    wanted: dict[str, object] = dict(_OFF)
    if not sender_domains(entry):
        wanted["SenderDomains"] = ["*"]
    elif each is kept[0] and (missing := _uncovered(kept, site)):
        wanted["SenderDomains"] = [*sender_domains(entry), *missing]
    if images := mended(Noun.INBOUND_CONNECTOR, entry, wanted):
        before, after = images
        needs, reaches = among_connectors(phase)
        yield Change(
            summary=text(
                "Mend the inbound connector {name}: {properties}", name=each.name, properties=[*after.properties]
            ),
            why=text("the guide's connector is for every sender, and knows the gateway by its certificate alone"),
            requirements=("I2", "I3"),
            before=before,
            after=after,
            needs=needs,
            reaches=reaches,
        )


def _uncovered(kept: Sequence[Classified], site: Site) -> list[str]:
    """Return the domains that none of several connectors is for."""
    named = {name for each in kept for name in sender_domains(each.entry) or ("*",)}
    alone = not kept[1:] or "*" in named
    return [] if alone else [domain.name for domain in site.domains if domain.name not in named]


def _remove(each: Classified, phase: PlanPhase) -> Iterator[Step]:
    needs, reaches = among_connectors(phase)
    yield Change(
        summary=text("Remove the inbound connector {name}, which only repeats another one", name=each.name),
        why=text("two connectors for the same senders and certificate are one too many: nobody knows which counts"),
        requirements=("I2",),
        before=image_of(Noun.INBOUND_CONNECTOR, each.entry),
        after=None,
        needs=needs,
        reaches=reaches,
    )


def _image(name: str, certificate: str, site: Site) -> ExchangeImage:
    properties: dict[str, object] = {
        "Name": name,
        "ConnectorType": "Partner",
        "Enabled": False,
        "SenderDomains": ["*"],
        "RequireTls": True,
        "RestrictDomainsToCertificate": True,
        "TlsSenderCertificateName": certificate,
        "EFSkipLastIP": True,
        "CloudServicesMailEnabled": False,
        "Comment": f"Inline operation: from {site.gateway.name}. Made by seppcheck.",
    }
    return ExchangeImage(Noun.INBOUND_CONNECTOR, name, properties)


def _make(image: ExchangeImage, phase: PlanPhase) -> Step:
    needs, reaches = among_connectors(phase)
    return Change(
        summary=text(
            "Make the inbound connector {name} for the certificate of {certificate}, disabled",
            name=image.name,
            certificate=image.properties["TlsSenderCertificateName"],
        ),
        why=text("enabled before all mail comes from the gateway it would refuse what others still deliver directly"),
        requirements=("B3", "I1", "I3", "I4"),
        before=None,
        after=image,
        needs=needs,
        reaches=reaches,
    )


def _switch(each: Classified) -> ExchangeImage:
    return ExchangeImage(Noun.INBOUND_CONNECTOR, each.name, {"Enabled": False}, each.entry.guid)


def _switch_on(images: Sequence[ExchangeImage]) -> Iterator[Step]:
    for image in images:
        yield Change(
            summary=text("Enable the inbound connector {name}", name=image.name),
            why=text("from now on Exchange Online refuses what does not come through the gateway, as the guide wants"),
            requirements=("I2",),
            before=image,
            after=with_properties(image, Enabled=True),
            needs=Milestone.MX_SETTLED,
            reaches=Milestone.INBOUND_ON,
        )


def _certificates_first(domains: Sequence[Domain], inline: Sequence[Classified], phase: PlanPhase) -> Iterator[Step]:
    """Yield a step for each domain whose certificate is not known; while there is no connector the check stops it."""
    for domain in domains:
        yield attest_certificate(domain, phase, FactImage(SenderCertificate.kind, domain, {}) if inline else None)


def _left_alone(kept: Sequence[Classified], mx: Each[MxRecords], site: Site) -> Iterator[Note]:
    seen = [each.names_only(site.gateway.names) for _, each in mx.present]
    moved = bool(seen) and not mx.missing and all(seen)
    for each in kept:
        if each.enabled and not moved:
            yield Note(
                text(
                    "{name} is enabled although mail still comes directly, which it refuses until the MX record has "
                    "moved; it is left as it is",
                    name=each.name,
                )
            )
        if "*" not in (listed := sender_domains(each.entry)) and listed:
            yield Note(
                text("{name} is for senders of {domains} alone; it is left as it is", name=each.name, domains=listed)
            )

"""Which domains the gateway manages and for whom, and whether their mail is held back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from seppcheck.api import (
    Attested,
    DeliveryHold,
    Domain,
    ExtendedField,
    Gateway,
    ManagedDomain,
    ManagedDomains,
    Now,
    Reason,
    Session,
    Site,
    Unavailable,
    Voice,
    source,
    text,
)
from seppcheck.model.gateway_api import ApiNode, GatewayApi
from seppcheck.model.gateway_record import HOLD, Answer, GatewayRecord
from seppcheck.model.outcomes import Assurance
from seppcheck.sources.attested import Attestation
from seppcheck.sources.gateway_claims import asked_in_vain


@source("gateway")
async def managed_domains(
    gateway: Gateway,
    record: GatewayRecord | Unavailable,
    api: GatewayApi | Unavailable,
    site: Site,
    session: Session,
    now: Now,
) -> ManagedDomains | Unavailable:
    """Return every managed domain: what the API lists, else the tables of the record and the configured domains."""
    del gateway
    written = Attestation.of(record, session, now)
    if isinstance(api, GatewayApi):
        return _listed(api, written, site)
    return api if asked_in_vain(api) else _written_down(written, site)


def _listed(api: GatewayApi, written: Attestation, site: Site) -> ManagedDomains | Unavailable:
    first, *others = [_owners(node) for node in api.nodes]
    if any(other != first for other in others):
        differing = sorted({name for other in others for name, _ in set(first.items()) ^ set(other.items())})
        detail = text(
            "the machines of the gateway disagree about their managed domains ({names}): look at each of them",
            names=differing,
        )
        return Unavailable(Reason.CONTRADICTION, detail, api.asked)
    domains = tuple(ManagedDomain(each.name, each.customer, each.smarthost) for each in api.nodes[0].domains)
    voice = Voice(Assurance.OBSERVED, api.asked, written.now.at)
    return ManagedDomains(domains, voice, _otherwise(first, _written_down(written, site)))


def _owners(node: ApiNode) -> Mapping[str, str]:
    return {domain.name: domain.customer for domain in node.domains}


def _otherwise(seen: Mapping[str, str], written: ManagedDomains | Unavailable) -> Attested | None:
    """Return what the record says of domains and customers that the gateway says otherwise."""
    if isinstance(written, Unavailable):
        return None
    told = [
        f"{domain.name} ({domain.customer})" if domain.customer else domain.name
        for domain in written.domains
        if domain.name not in seen or (domain.customer and domain.customer != seen[domain.name])
    ]
    return Attested(", ".join(told), written.voice) if told else None


def _written_down(written: Attestation, site: Site) -> ManagedDomains | Unavailable:
    record = written.record
    if isinstance(record, Unavailable):
        return record
    if not record.domains:
        detail = text("{file} lists no managed domain: seppcheck attest --only gateway-smarthost", file=record.file)
        return Unavailable(Reason.NOT_COLLECTED, detail, record.file)
    at = min(_newest(record, name) for name in record.domains)
    if written.now.at - at > written.oldest:
        detail = text(
            "the managed domains in {file} were written down on {at}, over {days} days ago: seppcheck attest",
            file=record.file,
            at=at,
            days=written.oldest.days,
        )
        return Unavailable(Reason.EXPIRED, detail, record.file)
    configured = {domain.name: domain.customer for domain in site.domains}
    domains = tuple(
        ManagedDomain(
            name,
            written.value(str, "domains", name, "customer") or configured.get(name, ""),
            written.value(str, "domains", name, "smarthost"),
        )
        for name in dict.fromkeys((*record.domains, *configured))
    )
    return ManagedDomains(domains, Voice(Assurance.ATTESTED, record.file, at, record.by))


def _newest(record: GatewayRecord, name: str) -> datetime:
    return max((answer.at for answer in record.below("domains", name)), default=record.at)


@source("record")
async def delivery_hold(
    domain: Domain,
    record: GatewayRecord | Unavailable,
    managed: ManagedDomains | Unavailable,
    site: Site,
    session: Session,
    now: Now,
) -> DeliveryHold | Unavailable:
    """Return the hold of a domain, as it stands at its customer and at the domain itself."""
    written = Attestation.of(record, session, now)
    customer = _customer(domain, written, managed)
    at_customer = written.answer("customers", customer, "extended_fields", HOLD) if customer else None
    at_domain = written.answer("domains", domain.name, "extended_fields", HOLD)
    missing = _missing(domain, at_customer, at_domain, written)
    if missing is not None:
        return missing
    answers = [answer for answer in (at_customer, at_domain) if isinstance(answer, Answer)]
    oldest = min(answers, key=lambda answer: answer.at)
    customer_value = str(at_customer.value) if isinstance(at_customer, Answer) else None
    return DeliveryHold(
        customer=customer,
        customer_value=customer_value,
        domain_value=str(at_domain.value) if isinstance(at_domain, Answer) else None,
        groups_override=written.value(bool, "mail_processing", "groups_override_hold"),
        default=_default(written),
        voice=written.voice(oldest),
        also_held=tuple(_also_held(customer, managed, session.domains or [each.name for each in site.domains]))
        if customer_value == "true"
        else (),
    )


def _customer(domain: Domain, written: Attestation, managed: ManagedDomains | Unavailable) -> str:
    """Return the domain's customer: the gateway's own word first, unless it is a collective one such as [default]."""
    listed = () if isinstance(managed, Unavailable) else managed.domains
    told = next((each.customer for each in listed if each.name == domain.name), "")
    noted = written.value(str, "domains", domain.name, "customer") or domain.customer
    return noted if noted and (not told or told.startswith("[")) else told


def _missing(
    domain: Domain, at_customer: Answer | Unavailable | None, at_domain: Answer | Unavailable, written: Attestation
) -> Unavailable | None:
    """Return why the hold is not known: an answer that expired is not made good by another one."""
    parts = [part for part in (at_customer, at_domain) if part is not None]
    missing = [part for part in parts if isinstance(part, Unavailable)]
    expired = next((part for part in missing if part.reason is Reason.EXPIRED), None)
    if expired or len(missing) < len(parts):
        return expired
    if at_customer is None and not isinstance(written.record, Unavailable):
        detail = text(
            "which customer {domain} belongs to is not known, nor is a hold of the domain itself: "
            "seppcheck attest --only delivery-hold",
            domain=domain.name,
        )
        return Unavailable(Reason.NOT_COLLECTED, detail, written.file)
    return missing[0]


def _default(written: Attestation) -> str | None:
    fields = written.value(tuple, "extended_fields") or ()
    return next((field.default for field in fields if isinstance(field, ExtendedField) and field.name == HOLD), None)


def _also_held(customer: str, managed: ManagedDomains | Unavailable, moving: Collection[str]) -> Iterator[str]:
    """Yield the customer's other domains, outside this run's targets: their mail is held as well."""
    listed = () if isinstance(managed, Unavailable) else managed.domains
    return (each.name for each in listed if each.customer == customer and each.name not in moving)

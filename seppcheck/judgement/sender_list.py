"""The list of sender domains of transport rules (guide R7), beside the domains that the gateway manages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from seppcheck.judgement.properties import unknown_property
from seppcheck.model.dns import host_name
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import AcceptedDomains
from seppcheck.model.gateway import ManagedDomains
from seppcheck.model.mailflow import Classified
from seppcheck.model.outcomes import Reason
from seppcheck.model.results import Failed, Finding, Inconclusive, Passed, Warned
from seppcheck.model.targets import Site
from seppcheck.model.text import text

_LIST = "SenderDomainIs"


def judge_senders(
    rule: Classified, managed: ManagedDomains | Unavailable, accepted: AcceptedDomains | Unavailable, site: Site
) -> list[Finding]:
    """Judge the list of one rule: something in it, and nothing that the gateway does not manage."""
    if not rule.entry.knows(_LIST):
        return [unknown_property(rule.entry, _LIST, "R7")]
    listed = listed_domains(rule)
    about: dict[str, Any] = {"name": rule.name, "requirement": "R7", "subject": rule.name}
    if not listed:
        return [Failed("{name} names no sender domain, so that it concerns every sender", **about)]
    known = _managed(managed, site)
    strange = [domain for domain in listed if domain not in known]
    below = [domain for domain in _accepted(accepted) if domain not in (*known, *listed) and _is_below(domain, listed)]
    findings = [*_unmanaged(strange, managed, about), *_covered(below, managed, about)]
    return findings or [Passed("{name} names managed domains alone: {listed}", listed=listed, **about)]


def covered_domains(rules: Sequence[Classified], site: Site) -> list[Finding]:
    """Judge for each domain that one of the inline rules names it."""
    return [_covered_by(domain.name, rules) for domain in site.domains]


def listed_domains(rule: Classified) -> tuple[str, ...]:
    """Return the domains in a rule's list as A-labels, in its order."""
    return tuple(dict.fromkeys(_a_label(host_name(each)) for each in rule.entry.items(_LIST)))


def _a_label(name: str) -> str:
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _managed(managed: ManagedDomains | Unavailable, site: Site) -> set[str]:
    found = () if isinstance(managed, Unavailable) else managed.domains
    return {*(domain.name for domain in site.domains), *(domain.name for domain in found)}


def _accepted(accepted: AcceptedDomains | Unavailable) -> tuple[str, ...]:
    objects = () if isinstance(accepted, Unavailable) else accepted.objects
    return tuple(_a_label(host_name(each.text("DomainName"))) for each in objects)


def _is_below(domain: str, parents: Iterable[str]) -> bool:
    return any(domain.endswith(f".{parent}") for parent in parents)


def _unmanaged(strange: Sequence[str], managed: ManagedDomains | Unavailable, about: dict[str, Any]) -> list[Finding]:
    if not strange:
        return []
    if isinstance(managed, Unavailable):
        return [
            Inconclusive(
                "whether the gateway manages {strange}, which {name} names, is not known: {detail}",
                reason=managed.reason,
                strange=strange,
                detail=managed.detail,
                **about,
            )
        ]
    return [
        Failed(
            "{name} sends mail of {strange} to the gateway, which does not manage it: take it out of the list",
            strange=strange,
            expected=text("managed domains alone"),
            observed=text("{strange}", strange=strange),
            **about,
        )
    ]


def _covered(below: Sequence[str], managed: ManagedDomains | Unavailable, about: dict[str, Any]) -> list[Finding]:
    """Name subdomains that the rule concerns too, because Exchange lets a domain stand for those below it."""
    if not below:
        return []
    if isinstance(managed, Unavailable):
        return [
            Inconclusive(
                "{name} concerns {below} too, and whether the gateway manages it is not known: {detail}",
                reason=managed.reason,
                below=below,
                detail=managed.detail,
                **about,
            )
        ]
    return [
        Warned(
            "{name} concerns {below} too, which the gateway does not manage: manage it there, or except it",
            below=below,
            **about,
        )
    ]


def _covered_by(domain: str, rules: Sequence[Classified]) -> Finding:
    about: dict[str, Any] = {"domain": domain, "requirement": "R7", "subject": domain}
    naming = [rule for rule in rules if domain in listed_domains(rule)]
    if naming:
        return Passed("mail of {domain} is sent by {names}", names=[rule.name for rule in naming], **about)
    unknown = [rule.name for rule in rules if not rule.entry.knows(_LIST)]
    if unknown:
        return Inconclusive(
            "whether {names} concerns {domain} is not known: export it anew, with every property",
            reason=Reason.INCOMPLETE,
            names=unknown,
            **about,
        )
    return Failed(
        "no rule names {domain}, so its mail goes past the gateway: add it to SenderDomainIs",
        expected=text("{domain} in SenderDomainIs", domain=domain),
        observed=text("{names}", names=[name for rule in rules for name in listed_domains(rule)] or text("none")),
        **about,
    )

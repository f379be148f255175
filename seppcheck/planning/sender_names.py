"""Which certificate names the inbound connectors should demand (guide I4), from those of the managed domains (S1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seppcheck.judgement.certificate_name import is_host_or_wildcard, may_be_demanded
from seppcheck.judgement.inline import sender_domains
from seppcheck.model.certificates import exchange_inbound_match
from seppcheck.model.dns import host_name
from seppcheck.model.evidence import Each, Unavailable
from seppcheck.model.gateway import ManagedDomains, SenderCertificate
from seppcheck.model.mailflow import Classified
from seppcheck.model.smtp import Certificate
from seppcheck.model.targets import Domain, Site

_NAME = "TlsSenderCertificateName"


@dataclass(frozen=True, slots=True)
class SenderNames:
    """What inbound connectors should demand, so that Exchange finds one by the certificate of every domain.

    `renamed` holds new names by the key of a connector; `nameless` are the keys of those whose name is wrong while no
    right one is known, `surplus` of those that only repeat another connector. `further` are names that need a
    connector of their own, `unknown` the domains whose certificate is not known, or has no name that Exchange takes.
    """

    unknown: tuple[Domain, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    nameless: frozenset[str] = frozenset()
    surplus: frozenset[str] = frozenset()
    further: tuple[str, ...] = ()


def sender_names(
    inline: Sequence[Classified],
    certificates: Each[SenderCertificate],
    managed: ManagedDomains | Unavailable,
    site: Site,
) -> SenderNames:
    """Work out the names that inbound connectors should demand.

    Exchange looks a connector up by the certificate that is shown, so domains with different certificates need a
    connector each, and those with the same name share one. A connector whose name is acceptable keeps it, unless every
    certificate is known and none finds it. Where a connector's name was not read, nothing can be said.

    Args:
        inline: the inline inbound connectors.
        certificates: the managed domains' own.
        managed: what the gateway lists, or why that is not known.
        site: the gateway, and the domains that move.
    """
    listed = () if isinstance(managed, Unavailable) else managed.domains
    domains = {domain.name for domain in site.domains} | {domain.name for domain in listed}
    accepted = _Accepted(site.gateway.names, domains)
    found = [(target, each.certificate, accepted.name_of(each.certificate)) for target, each in certificates.present]
    silent = (*(target for target, _ in certificates.missing), *(target for target, _, name in found if not name))
    unknown = tuple(target for target in silent if isinstance(target, Domain))
    if not all(each.entry.knows(_NAME) for each in inline):
        return SenderNames(unknown)
    common = {host_name(name) for _, certificate, _ in found for name in certificate.common_names}
    right = [each for each in inline if accepted.takes(_demanded(each)) or _demanded(each) in common - {""}]
    wrong = [each for each in inline if each not in right]
    idle = [] if unknown else [one for one in right if not any(_finds(each, one) for _, each, _ in found)]
    unserved = [name for _, each, name in found if name and not any(_finds(each, one) for one in right)]
    wanted = list(dict.fromkeys(unserved))
    renamed = dict(zip((each.key for each in (*wrong, *idle)), wanted, strict=False))
    further = tuple(wanted[len(renamed) :])
    left = [each.key for each in wrong if each.key not in renamed]
    if not unknown:
        renamed.update(dict.fromkeys(left, site.gateway.name))
    nameless = frozenset(left if unknown else ())
    surplus = frozenset(_repeating((each for each in inline if each.key not in nameless), renamed))
    kept = {key: name for key, name in renamed.items() if key not in surplus}
    return SenderNames(unknown, kept, nameless, surplus, further)


@dataclass(frozen=True, slots=True)
class _Accepted:
    """The names that I4 accepts."""

    gateways: Collection[str]
    domains: Collection[str]

    def takes(self, name: str) -> bool:
        return is_host_or_wildcard(name) and may_be_demanded(name, self.gateways, self.domains)

    def name_of(self, certificate: Certificate) -> str:
        """Return the name to demand of a certificate: its CN, else a SAN that I4 accepts; "" = there is none."""
        common = [name for each in certificate.common_names if is_host_or_wildcard(name := host_name(each))]
        further = [name for each in certificate.dns_names if self.takes(name := host_name(each))]
        return next(iter((*filter(self.takes, common), *common, *further)), "")


def _demanded(connector: Classified) -> str:
    return host_name(connector.entry.text(_NAME).strip())


def _finds(certificate: Certificate, connector: Classified) -> bool:
    """Tell whether Exchange finds a connector by a certificate."""
    names = (*certificate.common_names, *certificate.dns_names)
    return any(exchange_inbound_match(_demanded(connector), host_name(name)) for name in names)


def _repeating(connectors: Iterable[Classified], renamed: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys of connectors that are for the same senders and certificate as one that is kept."""
    kept: set[tuple[frozenset[str], str]] = set()
    for each in sorted(connectors, key=lambda each: (each.key in renamed, each.enabled is not True)):
        senders = frozenset(sender_domains(each.entry) or ("*",))
        sort = senders, renamed.get(each.key) or _demanded(each)
        if sort in kept:
            yield each.key
        kept.add(sort)

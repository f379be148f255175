"""Which connectors lead to the gateway or come from it, and which of them are inline or parallel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from seppcheck.api import Classified, ExchangeObject, Message, Role, covers, host_name, text
from seppcheck.sources.vendor_objects import (
    is_cloud_product,
    is_hybrid,
    is_named_for_hybrid,
    is_named_for_vendor,
    stamp_of,
)

_SUBJECT_CN = re.compile(r"<S>.*?\bCN=([^,]+)", re.IGNORECASE)
_CONFIGURED = text("the configuration names it")


@dataclass(frozen=True, slots=True)
class Ours:
    """What connects an object with this gateway: its names and addresses, the domains and their certificates."""

    names: frozenset[str]
    addresses: frozenset[str]
    addresses_known: bool
    domains: frozenset[str] = frozenset()
    common_names: frozenset[str] = frozenset()

    def is_gateway(self, host: str) -> bool:
        """Tell whether a smart host is the gateway: by name, or by address."""
        return host_name(host) in self.names or _address(host) in self.addresses


def _address(host: str) -> str:
    """Return an address in its canonical form, be it in brackets; "" for a name."""
    try:
        return str(ip_address(host.strip().removeprefix("[").removesuffix("]")))
    except ValueError:
        return ""


def outbound_role(entry: ExchangeObject, ours: Ours, configured: Iterable[str]) -> Classified | None:
    """Classify one outbound connector; None = it has nothing to do with the gateway."""
    hosts, tls = entry.items("SmartHosts"), entry.text("TlsDomain")
    points = any(map(ours.is_gateway, (*hosts, tls)))
    if aside := _set_aside(entry, points=points):
        return aside
    marks = _vendor_marks(entry)
    if points:
        marks.append(text("its smart host or TLS domain is the gateway"))
    if is_configured(entry, configured):
        return by_type(entry, [*marks, _CONFIGURED])
    if points:
        return by_type(entry, marks)
    if _host_unknown(entry) or (any(map(_address, hosts)) and not ours.addresses_known):
        why = text("its smart host, or the gateway's addresses, are not known")
        return Classified(Role.UNDECIDED, entry, (*marks, why), stamp_of(entry))
    if not marks:
        return None
    return _elsewhere(entry, marks) if hosts else by_type(entry, marks)


def _host_unknown(entry: ExchangeObject) -> bool:
    """Tell whether the properties that name the other side are missing; TlsDomain goes with DomainValidation."""
    if not entry.knows("SmartHosts"):
        return True
    may_have_name = not entry.knows("TlsSettings") or entry.text("TlsSettings").lower() == "domainvalidation"
    return may_have_name and not entry.knows("TlsDomain")


def inbound_role(entry: ExchangeObject, ours: Ours, configured: Iterable[str]) -> Classified | None:
    """Classify one inbound connector; None = it has nothing to do with the gateway."""
    name = certificate_name(entry)
    addressed = _holds_gateway(entry, ours)
    if aside := _set_aside(entry, points=addressed or name in ours.names):
        return aside
    vendor = _vendor_marks(entry)
    marks = [*vendor, *_inbound_marks(name, ours, addressed=addressed)]
    on_premises = entry.text("ConnectorType").lower() == "onpremises"
    if is_configured(entry, configured):
        return by_type(entry, [*marks, _CONFIGURED])
    if not marks and _sender_unknown(entry):
        why = text("the certificate name or the addresses that it demands are not known")
        return Classified(Role.UNDECIDED, entry, (why,), None)
    if marks == vendor and _is_foreign_host(name) and on_premises and vendor:
        return _elsewhere(entry, marks)
    wildcard = name.startswith("*.") and name not in ours.common_names
    if wildcard and on_premises and not vendor and not addressed:
        return Classified(Role.WILDCARD, entry, tuple(marks), None) if marks else None
    return by_type(entry, marks) if marks else None


def _sender_unknown(entry: ExchangeObject) -> bool:
    if not entry.knows("TlsSenderCertificateName"):
        return True
    return not entry.text("TlsSenderCertificateName") and not entry.knows("SenderIPAddresses")


def certificate_name(entry: ExchangeObject) -> str:
    """Return the name that an inbound connector demands of the certificate, also out of `<I>issuer<S>subject`."""
    value = entry.text("TlsSenderCertificateName")
    subject = _SUBJECT_CN.search(value)
    return host_name(subject[1] if subject else value)


def _inbound_marks(name: str, ours: Ours, *, addressed: bool) -> list[Message]:
    marks = []
    if name in ours.names:
        marks.append(text("its certificate name is the gateway's"))
    elif name and name in ours.common_names:
        marks.append(text("its certificate name is that of the managed domain's certificate"))
    elif _is_acceptable(name, ours):
        marks.append(text("its certificate name {name} is one that the gateway may show", name=name))
    if addressed:
        marks.append(text("its sender addresses hold the gateway's"))
    return marks


def _is_acceptable(name: str, ours: Ours) -> bool:
    """Tell whether I4 would accept the name: under or equal to a managed domain, or a wildcard of either."""
    under = name.removeprefix("*.")
    if any(under == domain or under.endswith(f".{domain}") for domain in ours.domains):
        return True
    return name.startswith("*.") and (under in ours.names or any(covers(name, own) for own in ours.names))


def _is_foreign_host(name: str) -> bool:
    return bool(name) and not name.startswith(("*", "<"))


def _holds_gateway(entry: ExchangeObject, ours: Ours) -> bool:
    networks = []
    for given in entry.items("SenderIPAddresses"):
        try:
            networks.append(ip_network(given.strip(), strict=False))
        except ValueError:
            continue  # a range in another notation cannot be stored by Exchange
    return any(ip_address(own) in network for own in ours.addresses for network in networks)


def by_type(entry: ExchangeObject, marks: Iterable[Message]) -> Classified:
    """Tell inline from parallel: by the connector's type, never by its name."""
    kind = entry.text("ConnectorType").lower()
    role = {"partner": Role.INLINE, "onpremises": Role.PARALLEL}.get(kind, Role.UNDECIDED)
    if role is Role.UNDECIDED:
        marks = (*marks, text("its ConnectorType is not known"))
    return Classified(role, entry, tuple(marks), stamp_of(entry))


def is_configured(entry: ExchangeObject, configured: Iterable[str]) -> bool:
    """Tell whether the configuration names it; Exchange compares names without case."""
    return entry.name.lower() in {name.lower() for name in configured}


def prefer_configured(found: Iterable[Classified], configured: Iterable[str]) -> tuple[Classified, ...]:
    """Make inline objects that the configuration does not name, while it names others, spare ones."""
    names = tuple(configured)
    return tuple(
        Classified(Role.SPARE, each.entry, each.marks, each.stamp, route=each.route)
        if names and each.role is Role.INLINE and not is_configured(each.entry, names)
        else each
        for each in found
    )


def _vendor_marks(entry: ExchangeObject) -> list[Message]:
    marks = []
    if is_named_for_vendor(entry):
        marks.append(text("it carries the name that the vendor's module gives"))
    if stamp_of(entry):
        marks.append(text("its comment carries the stamp of the vendor's module"))
    return marks


def _set_aside(entry: ExchangeObject, *, points: bool) -> Classified | None:
    """Set aside the cloud product's and the hybrid wizard's; a name alone hides nothing that is the gateway's."""
    if is_cloud_product(entry):
        return Classified(Role.SET_ASIDE, entry, (text("it belongs to SEPPmail.cloud, a different product"),))
    if is_hybrid(entry) or (is_named_for_hybrid(entry) and not points):
        return Classified(Role.SET_ASIDE, entry, (text("it belongs to the hybrid configuration"),))
    return None


def _elsewhere(entry: ExchangeObject, marks: Iterable[Message]) -> Classified:
    return Classified(Role.STRAY, entry, tuple(marks), stamp_of(entry))


def other_host(entry: ExchangeObject) -> str:
    """Return the host that a stray connector points at."""
    hosts = entry.items("SmartHosts")
    return (_address(hosts[0]) or host_name(hosts[0])) if hosts else certificate_name(entry)

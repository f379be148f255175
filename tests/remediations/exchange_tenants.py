"""Tenants of every kind for property tests: parallel mode by any version, faulty inline objects, other people's."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from seppcheck.api import SenderCertificate, SmtpCertificate
from seppcheck.lab.exchange.connectors import check_inbound, check_outbound
from seppcheck.lab.exchange.tenant import Kept
from tests.checks.evidence import MICROSOFT, answer, certificate, mx, presented
from tests.checks.exchange_objects import GATEWAY_ADDRESS, GATEWAY_NAME, INBOUND_NAME, OUTBOUND_NAME, RULE_NAME
from tests.checks.gateway_facts import SEEN
from tests.remediations.exchange_makers import (
    DOMAINS,
    VERSIONS,
    Properties,
    empty,
    make_inbound,
    make_others,
    make_outbound,
    make_parallel_connectors,
    make_parallel_rule,
    make_rule,
    stamp,
)
from tests.remediations.exchange_simulation import ALIAS, GONE, OTHER, World

_OUTBOUND_FAULTS: tuple[Properties, ...] = (
    {"SmartHosts": [OTHER, GATEWAY_NAME]},
    {"SmartHosts": [ALIAS], "TlsSettings": None, "TlsDomain": None, "Comment": stamp("1.2.9")},
    {"SmartHosts": [GONE], "TlsSettings": "EncryptionOnly", "TlsDomain": None, "Comment": stamp("1.2.9")},
    {"TestMode": True},
    {"Enabled": False},
    {"IsTransportRuleScoped": False, "RecipientDomains": ["example.com"]},
    {"TlsSettings": "EncryptionOnly", "TlsDomain": None},
    {"TlsSettings": "CertificateValidation", "TlsDomain": None},
    {"TlsSettings": None, "TlsDomain": None},
    {"TlsSettings": "DomainValidation", "TlsDomain": "host.example.com"},
    {"ValidationRecipients": []},
)
_INBOUND_FAULTS: tuple[Properties, ...] = (
    {"Enabled": False},
    {"SenderDomains": ["smtp:example.com;1"]},
    {"SenderDomains": ["smtp:example.org;1"]},
    {"RestrictDomainsToCertificate": False},
    {"RestrictDomainsToIPAddresses": True, "SenderIPAddresses": [GATEWAY_ADDRESS]},
    {"SenderIPAddresses": [GATEWAY_ADDRESS]},
    {"TlsSenderCertificateName": None, "RequireTls": False},
    {"TlsSenderCertificateName": "foreign.example.com", "RequireTls": True, "Comment": stamp("1.2.9")},
    {"TlsSenderCertificateName": "*.example.org", "RequireTls": True},
    {"TlsSenderCertificateName": "<I>CN=CA<S>CN=secure.example.org", "RequireTls": True},
    {"EFSkipLastIP": False, "EFSkipIPs": ["192.0.2.1"]},
    {"EFUsers": ["one@example.org"]},
)
_RULE_FAULTS: tuple[Properties, ...] = (
    {"Enabled": False},
    {"Mode": "Audit"},
    {"SetAuditSeverity": "DoNotAudit"},
    {"SenderAddressLocation": "HeaderOrEnvelope"},
    {"RuleErrorAction": "Defer"},
    {"SentToScope": None},
    {"FromScope": "NotInOrganization"},
    {"SenderDomainIs": None},
    {"SenderDomainIs": ["example.org"]},
    {"SenderDomainIs": ["example.org", "example.net", "foreign.example.com"]},
    {"SenderDomainIs": ["foreign.example.com"]},
    {"SetHeaderValue": "Outbound"},
    {"ExceptIfSCLOver": 5},
    {"ExceptIfSCLOver": None},
    {"StopRuleProcessing": True},
    {"HeaderContainsMessageHeader": "X-Other", "HeaderContainsWords": ["yes"]},
    {"ExceptIfSubjectContainsWords": ["internal"]},
    {"RouteMessageOutboundRequireTls": True},
    {"ActivationDate": "2027-01-01T00:00:00Z"},
    {"ExpiryDate": "2027-01-01T00:00:00Z"},
    {"ManuallyModified": True},
    {"hidden": "BrandNew"},
)
_OUTBOUND_NAMES = ("Inline out", f"{OUTBOUND_NAME} (INLINE)", OUTBOUND_NAME)
_INBOUND_NAMES = ("Inline in", f"{INBOUND_NAME} (INLINE)", INBOUND_NAME)
_RULE_NAMES = ("Inline rule", "Another inline rule", RULE_NAME)
_HOSTS = st.sampled_from([GATEWAY_NAME, GATEWAY_NAME, ALIAS, GONE])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A tenant in any state, and what else is looked at: certificates, MX records, the configuration's names."""
    world = empty()
    if draw(st.booleans()):
        make_others(world)
    if draw(st.integers(0, 3)):
        _parallel(draw, world)
    connectors = [
        str(make_outbound(world, name)["Name"]) for name in draw(_some(_OUTBOUND_NAMES, world.tenant.outbound))
    ]
    for name in draw(_some(_RULE_NAMES, world.tenant.rules)):
        routes = [*connectors, None] if name == RULE_NAME else connectors
        if routes:
            make_rule(world, name, draw(st.sampled_from(routes)), **_merged(draw, _RULE_FAULTS))
    for name in connectors:
        _spoil_outbound(draw, world, world.tenant.outbound.find(name))
    for name in draw(_some(_INBOUND_NAMES, world.tenant.inbound)):
        _spoil_inbound(draw, make_inbound(world, name))
    return _looked_at(draw, world)


def _merged(draw: st.DrawFn, faults: Sequence[Properties]) -> Properties:
    return {key: value for fault in draw(st.lists(st.sampled_from(faults), max_size=3)) for key, value in fault.items()}


def _some(names: Sequence[str], kept: Kept) -> st.SearchStrategy[list[str]]:
    free = [name for name in names if kept.named(name) is None]
    return st.lists(st.sampled_from(free), max_size=2, unique=True)


def _parallel(draw: st.DrawFn, world: World) -> None:
    """Make the objects of one version, some rules switched off or gone; the host may be another name."""
    version, demands = draw(st.sampled_from(list(VERSIONS))), {}
    if draw(st.booleans()):
        demands = {"SenderIPAddresses": [GATEWAY_ADDRESS]}
    make_parallel_connectors(world, version, draw(_HOSTS), **demands)
    for number in range(len(VERSIONS[version])):
        state = draw(st.sampled_from(["on", "on", "on", "off", "gone"]))
        if state != "gone":
            make_parallel_rule(world, version, number, enabled=state == "on")


def _spoil_outbound(draw: st.DrawFn, world: World, found: Properties) -> None:
    """Give a connector faults; what a rule names stays enabled and for rules, for Exchange lets nobody change that."""
    found.update(_merged(draw, _OUTBOUND_FAULTS))
    if any(rule["RouteMessageOutboundConnector"] == found["Name"] for rule in world.tenant.rules.objects):
        found.update({"Enabled": True, "IsTransportRuleScoped": True, "RecipientDomains": []})
    check_outbound(found)


def _spoil_inbound(draw: st.DrawFn, found: Properties) -> None:
    """Give a connector faults, as far as Exchange stores them."""
    found.update(_merged(draw, _INBOUND_FAULTS))
    if found["TlsSenderCertificateName"] is None or found["RestrictDomainsToIPAddresses"]:
        found["RestrictDomainsToCertificate"] = False
    check_inbound(found)


def _looked_at(draw: st.DrawFn, world: World) -> World:
    names = st.sampled_from(
        [GATEWAY_NAME, GATEWAY_NAME, "*.example.org", "host.example.net", "mx.customer.example", ""]
    )
    common = {domain: draw(names) for domain in DOMAINS}
    world.certificates = {
        domain: SenderCertificate(certificate(common_name=name), SEEN) for domain, name in common.items() if name
    }
    moved = draw(st.booleans())
    world.mx = {domain: mx(answer(f"10 {GATEWAY_NAME if moved else MICROSOFT}.")) for domain in DOMAINS}
    shown = draw(st.sampled_from([GATEWAY_NAME, "*.example.org", "other.example.com", ""]))
    if shown:
        world.shown = SmtpCertificate(25, (presented(certificate(shown, common_name=shown)),))
    if draw(st.integers(0, 3)):
        return world
    return world.named(
        outbound_connectors=draw(st.sampled_from([(), ("Inline out",), ("New", "Inline out")])),
        inbound_connectors=draw(st.sampled_from([(), ("Inline in", "New in", "Newer in", "Newest in")])),
        transport_rules=draw(st.sampled_from([(), ("Inline rule",), (RULE_NAME,)])),
    )

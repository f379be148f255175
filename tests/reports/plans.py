"""Plans made by hand: what the ways to show one are tried with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from seppcheck.model.changes import (
    ChangeKind,
    DnsImage,
    ExchangeImage,
    FactImage,
    Image,
    Milestone,
    PlanPhase,
    System,
)
from seppcheck.model.plans import Backwards, MigrationPlan, PlannedChange, Unseen
from seppcheck.model.targets import Domain, Gateway, Target, Tenant

NOW = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)
GATEWAY, TENANT = "secure.example.org", "example.onmicrosoft.com"
RULE = "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"
OUTBOUND = "[SEPPmail] ExchangeOnline -> Appliance (INLINE)"

OLD_MX = DnsImage("example.org", "MX", 300, ("0 example-org.mail.protection.outlook.com.",))
NEW_MX = DnsImage("example.org", "MX", 300, ("10 secure.example.org.",))
SPF = DnsImage("example.org", "TXT", 3600, ('"google-site-verification=abc"', '"v=spf1 include:x.example " "-all"'))
PARALLEL = ExchangeImage(
    "TransportRule",
    RULE,
    {
        "Name": RULE,
        "State": "Enabled",
        "Mode": "Enforce",
        "RouteMessageOutboundConnector": "[SEPPmail] ExchangeOnline -> Appliance",
        "ExceptIfSenderDomainIs": ["example.onmicrosoft.com"],
        "ExceptIfMessageTypeMatches": "OOF",
        "Priority": 2,
    },
    "11111111-2222-3333-4444-555555555555",
)
RENAMED = replace(PARALLEL, name=f"{RULE} (parallel)", properties={**PARALLEL.properties, "Name": f"{RULE} (parallel)"})
RESTING = replace(RENAMED, properties={**RENAMED.properties, "State": "Disabled"})
INLINE = ExchangeImage(
    "TransportRule",
    RULE,
    {
        "Name": RULE,
        "State": "Enabled",
        "Mode": "Enforce",
        "SenderDomainIs": ["example.org", "example.net"],
        "RouteMessageOutboundConnector": OUTBOUND,
        "ExceptIfSCLOver": 9,
    },
)
SENDING = ExchangeImage(
    "OutboundConnector",
    OUTBOUND,
    {
        "Name": OUTBOUND,
        "Enabled": True,
        "ConnectorType": "Partner",
        "IsTransportRuleScoped": True,
        "UseMXRecord": False,
        "SmartHosts": [GATEWAY],
        "TlsSettings": "CertificateValidation",
        "ValidationRecipients": ["postmaster@example.net"],
        "Comment": "",
    },
)
RECEIVING = ExchangeImage(
    "InboundConnector",
    "[SEPPmail] Appliance -> ExchangeOnline (INLINE)",
    {
        "Name": "[SEPPmail] Appliance -> ExchangeOnline (INLINE)",
        "Enabled": False,
        "ConnectorType": "Partner",
        "SenderDomains": ["*"],
        "RequireTls": True,
        "TlsSenderCertificateName": "*.example.org",
    },
)
ALLOWED = ExchangeImage(
    "HostedConnectionFilterPolicy",
    "Default",
    {"Name": "Default", "IPAllowList": ["203.0.113.25", "192.0.2.7"]},
    "99999999-2222-3333-4444-555555555555",
)


def hold(value: str) -> FactImage:
    """Return what the record shows of the hold."""
    return FactImage("delivery-hold", Domain("example.org"), {"value": value})


def change(identifier: str, before: Image | None, after: Image | None, **more: object) -> PlannedChange:
    """Return an automatic change with its way back, unless it is told otherwise."""
    dns = isinstance(before or after, DnsImage)
    fields: dict[str, object] = {
        "check": "dns-mx" if dns else "transport-rule",
        "requirements": ("C1",) if dns else ("R1", "R2"),
        "system": System.DNS if dns else System.EXCHANGE,
        "kind": ChangeKind.AUTOMATIC,
        "summary": f"Do what step {identifier} does",
        "why": "the guide wants it",
        "target": "example.org" if dns else TENANT,
        "target_kind": "domain" if dns else "tenant",
        "before": before,
        "after": after,
        "inverse": Backwards(after, before),
        **more,
    }
    return PlannedChange(id=identifier, **fields)  # type: ignore[arg-type]  # a test names the change's own fields


def by_hand(identifier: str, **more: object) -> PlannedChange:
    """Return the step that switches the hold on."""
    fields: dict[str, object] = {
        "check": "delivery-hold",
        "requirements": ("A2",),
        "system": System.GATEWAY,
        "kind": ChangeKind.MANUAL,
        "inverse": Backwards(hold("true"), hold("false"), ("Set it back to false.", "Click Save.")),
        "steps": (
            "On the gateway, open: Customers > example > Extended Fields",
            "Enter this as disable_delivery:\ntrue",
            "Click Save.",
        ),
        "target": "example.org",
        "target_kind": "domain",
        **more,
    }
    return replace(change(identifier, hold("false"), hold("true")), **fields)  # type: ignore[arg-type]  # as in change


def wait(identifier: str, **more: object) -> PlannedChange:
    """Return a wait."""
    fields: dict[str, object] = {
        "system": System.PEOPLE,
        "kind": ChangeKind.WAIT,
        "inverse": None,
        "check": "dns-mx",
        "target": "example.org",
        "target_kind": "domain",
        **more,
    }
    return replace(change(identifier, None, None), **fields)  # type: ignore[arg-type]  # as in change


def plan_of(*changes: PlannedChange, **more: object) -> MigrationPlan:
    """Return a plan of some changes."""
    fields: dict[str, object] = {
        "phase": PlanPhase.CUTOVER,
        "language": "en",
        "gateway": GATEWAY,
        "tenant": TENANT,
        "domains": ("example.org", "example.net"),
        "created_at": NOW + timedelta(minutes=1),
        "judged_at": NOW,
        **more,
    }
    return MigrationPlan(changes=changes, **fields)  # type: ignore[arg-type]  # a test names the plan's own fields


def cutover_plan(**more: object) -> MigrationPlan:
    """Return a plan of a cutover with something of everything."""
    fields: dict[str, object] = {
        "notes": ("Tenant-to-tenant encryption does not work from an inline domain.",),
        "unseen": (
            Unseen(check="dns-ptr", target=GATEWAY, reason="timeout", detail="192.0.2.53 did not answer within 5 s"),
            Unseen(check="other", target=GATEWAY, reason="of-a-plugin", detail="it did not say"),
        ),
        **more,
    }
    return plan_of(*cutover_changes(), **fields)


def cutover_changes() -> tuple[PlannedChange, ...]:
    """Return the changes of a cutover, in order, from the TTL to the inbound connector."""
    low = replace(SPF, ttl=300)
    active = replace(RECEIVING, properties={**RECEIVING.properties, "Enabled": True})
    emptied = replace(ALLOWED, properties={"Name": "Default", "IPAllowList": ["192.0.2.7"]})
    return (
        change("1", SPF, low, check="dns-spf-ttl", requirements=("P2",)),
        wait("2", check="dns-ttl-lead-time", until=NOW + timedelta(days=1), needs=("1",)),
        by_hand("3", milestone=Milestone.HOLD_ON, needs=("2",), until=NOW + timedelta(days=2)),
        change("4", None, SENDING, check="outbound-connector", milestone=Milestone.CONNECTORS, needs=("3",)),
        change("5", None, RECEIVING, check="inbound-connector", milestone=Milestone.CONNECTORS, needs=("3",)),
        change("6", PARALLEL, RENAMED, check="parallel-rules", needs=("3", "4", "5")),
        change(
            *("7", None, INLINE),
            milestone=Milestone.RULE_ENABLED,
            needs=("4", "6"),
            breaks="two rules route mail, and it goes round in a circle",
        ),
        change("8", RENAMED, RESTING, milestone=Milestone.PARALLEL_OFF, needs=("6", "7")),
        change("9", OLD_MX, NEW_MX, milestone=Milestone.MX_MOVED, needs=("7", "8"), seconds=3600),
        wait("10", seconds=3600, milestone=Milestone.MX_SETTLED, needs=("9",)),
        change("11", RECEIVING, active, milestone=Milestone.INBOUND_ON, needs=("5", "10")),
        change("12", ALLOWED, emptied, check="ip-allow-list", inverse=None),
    )


def completion_plan() -> MigrationPlan:
    """Return a plan that proves and then clears up, with a step that cannot be taken back."""
    return plan_of(
        by_hand("1", milestone=Milestone.HOLD_OFF),
        by_hand("2", proof=True, inverse=None, before=None, after=None, needs=("1",)),
        change("3", RESTING, None, check="parallel-rules", needs=("1", "2"), inverse=None),
        phase=PlanPhase.COMPLETION,
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
_NOUNS = st.from_regex(r"[A-Z][A-Za-z0-9]{0,12}", fullmatch=True)
_MOMENTS = st.integers(1_700_000_000, 1_900_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT
_TARGETS: st.SearchStrategy[Target] = TEXT.flatmap(lambda n: st.sampled_from([Gateway(n), Domain(n), Tenant(n)]))

DNS_IMAGES = st.builds(
    DnsImage,
    name=TEXT.filter(bool),
    type=st.sampled_from(["MX", "TXT", "TLSA"]),
    ttl=st.integers(0, 2**31 - 1),
    values=st.lists(TEXT.filter(bool), min_size=1, max_size=3).map(tuple),
)
EXCHANGE_IMAGES = st.builds(
    ExchangeImage,
    type=st.sampled_from(["TransportRule", "InboundConnector", "OutboundConnector"]),
    name=TEXT,
    properties=st.dictionaries(_NOUNS, _SCALARS | st.lists(TEXT, max_size=3), max_size=4),
    guid=st.sampled_from(["", "11111111-2222-3333-4444-555555555555"]),
)
FACT_IMAGES = st.builds(
    FactImage,
    kind=_WORDS,
    target=_TARGETS,
    fields=st.dictionaries(TEXT, _SCALARS | st.lists(TEXT, max_size=3).map(tuple), max_size=4),
)
IMAGES: st.SearchStrategy[Image | None] = st.none() | DNS_IMAGES | EXCHANGE_IMAGES | FACT_IMAGES


@st.composite
def plans(draw: st.DrawFn) -> MigrationPlan:
    """Plans of any content that a document can hold."""
    count = draw(st.integers(0, 4))
    return MigrationPlan(
        phase=draw(st.sampled_from(PlanPhase)),
        language=draw(st.sampled_from(["en", "de"])),
        gateway=draw(TEXT),
        tenant=draw(TEXT),
        domains=draw(st.lists(TEXT, max_size=3).map(tuple)),
        created_at=draw(_MOMENTS),
        judged_at=draw(_MOMENTS),
        changes=tuple(draw(_changes(place)) for place in range(count)),
        notes=draw(st.lists(TEXT, max_size=2).map(tuple)),
        unseen=tuple(draw(st.lists(st.builds(Unseen, check=TEXT, target=TEXT, reason=TEXT, detail=TEXT), max_size=2))),
    )


@st.composite
def _changes(draw: st.DrawFn, place: int) -> PlannedChange:
    kind = draw(st.sampled_from(ChangeKind))
    system = draw(st.sampled_from([System.DNS, System.EXCHANGE] if kind is ChangeKind.AUTOMATIC else list(System)))
    before, after = draw(IMAGES), draw(IMAGES)
    if kind is ChangeKind.AUTOMATIC:
        before = draw(DNS_IMAGES if system is System.DNS else EXCHANGE_IMAGES)
        after = draw(st.sampled_from([before, None]))
    texts = st.lists(TEXT, max_size=3).map(tuple)
    return PlannedChange(
        id=str(place),
        check=draw(_WORDS),
        requirements=draw(texts),
        system=system,
        kind=kind,
        summary=draw(TEXT.filter(bool)),
        why=draw(TEXT),
        target=draw(TEXT),
        target_kind=draw(st.sampled_from(["gateway", "domain", "tenant"])),
        before=before,
        after=after,
        inverse=draw(st.none() | st.builds(Backwards, before=IMAGES, after=IMAGES, steps=texts)),
        needs=tuple(draw(st.lists(st.sampled_from(range(place)).map(str), max_size=3))) if place else (),
        until=draw(st.none() | _MOMENTS),
        breaks=draw(st.none() | TEXT),
        steps=draw(texts),
        seconds=draw(st.none() | st.integers(0, 10**6)),
        milestone=draw(st.none() | st.sampled_from(Milestone)),
        proof=draw(st.booleans()),
    )

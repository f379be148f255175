"""What no plan may do, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from seppcheck.errors import UserError
from seppcheck.model.changes import ChangeKind, DnsImage, ExchangeImage, Image, PlanPhase, System
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import ExchangeObject, InboundConnectors, OutboundConnectors, TransportRules
from seppcheck.model.mailflow import Bearing, Classified, Heading, MailFlow, Role
from seppcheck.model.outcomes import Reason
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.targets import Domain, Gateway, Node, Site, Tenant
from seppcheck.model.text import text
from seppcheck.remediate.guards import refuse_forbidden
from seppcheck.remediate.mail_guards import reference_fault

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = Site(
    Gateway("secure.example.org", (Node("secure.example.org", ("203.0.113.25", "2001:db8::25")),)),
    (Domain("kunde.example", dkim_selector="seppmail"),),
    Tenant("example.onmicrosoft.com"),
)
MX = DnsImage("kunde.example", "MX", 300, ("0 kunde.mail.protection.outlook.com.",))
MX_NEW = DnsImage("kunde.example", "MX", 300, ("10 secure.example.org.",))


@dataclass
class World:
    """As much of a look as the guards ask for."""

    flow: object
    objects: dict[str, object]

    class request:  # noqa: N801 - stands for an attribute
        class settings:  # noqa: N801 - stands for an attribute
            site = SITE

    def get(self, kind: str, target: object) -> object:
        return self.flow if kind == "mail-flow" else self.objects.get(kind)


def entry(name: str, guid: str, **properties: object) -> ExchangeObject:
    return ExchangeObject({"Name": name, "Guid": guid, **properties})


INLINE = Classified(Role.INLINE, entry("inline", "g-inline", Enabled=True))
PARALLEL = Classified(Role.PARALLEL, entry("parallel", "g-parallel", Enabled=True))
CLOUD = Classified(Role.SET_ASIDE, entry("[SEPPmail.cloud] x", "g-cloud"))
MENTION = Classified(Role.MENTION, entry("own", "g-mention"))
GONE = Classified(Role.STRAY, entry("gone", "g-gone"), heading=Heading("old.example", Bearing.NOWHERE))
ELSEWHERE = Classified(Role.STRAY, entry("other", "g-other"), heading=Heading("mx.example", Bearing.ELSEWHERE))
FOREIGN = entry("Newsletter", "g-foreign")


def world(flow: object | None = None) -> World:
    sides = (INLINE, PARALLEL, CLOUD, MENTION, GONE, ELSEWHERE)
    objects = tuple(each.entry for each in sides)
    return World(
        flow or MailFlow(sides, sides, sides, "live", NOON),
        {
            "inbound-connectors": InboundConnectors((*objects, FOREIGN), "live", NOON),
            "outbound-connectors": OutboundConnectors((*objects, FOREIGN), "live", NOON),
            "transport-rules": TransportRules((*objects, FOREIGN), "live", NOON),
        },
    )


def change(before: Image | None, after: Image | None, identifier: str = "1") -> PlannedChange:
    dns = isinstance(before or after, DnsImage)
    return PlannedChange(
        id=identifier,
        check="dns-mx",
        requirements=("C1",),
        system=System.DNS if dns else System.EXCHANGE,
        kind=ChangeKind.AUTOMATIC,
        summary="do it",
        why="because",
        target="kunde.example",
        target_kind="domain",
        before=before,
        after=after,
    )


def plan(*changes: PlannedChange) -> MigrationPlan:
    return MigrationPlan(
        phase=PlanPhase.CUTOVER,
        language="en",
        gateway=SITE.gateway.name,
        tenant=SITE.tenant.name,
        domains=("kunde.example",),
        created_at=NOON,
        judged_at=NOON,
        changes=changes,
    )


def refused(*changes: PlannedChange, flow: object | None = None) -> str:
    with pytest.raises(UserError) as error:
        refuse_forbidden(plan(*changes), world(flow))  # type: ignore[arg-type]  # as much of a look as is asked for
    return str(error.value)


def allowed(*changes: PlannedChange) -> None:
    refuse_forbidden(plan(*changes), world())  # type: ignore[arg-type]  # as much of a look as is asked for


def txt(name: str, *values: str, ttl: int = 300) -> DnsImage:
    return DnsImage(name, "TXT", ttl, tuple(f'"{value}"' for value in values))


PTR = DnsImage("25.113.0.203.in-addr.arpa", "PTR", 300, ("secure.example.org.",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MX, MX_NEW),
        (None, MX_NEW),
        (MX, replace(MX, ttl=60)),
        (txt("kunde.example", "v=spf1 -all", "ms=1"), txt("kunde.example", "v=spf1 a:x -all", "ms=1", ttl=60)),
        (None, txt("_dmarc.kunde.example", "v=DMARC1; p=none")),
        (txt("seppmail._domainkey.kunde.example", "p=a"), txt("seppmail._domainkey.kunde.example", "p=b")),
        (txt("_mta-sts.kunde.example", "v=STSv1; id=1"), None),
        (DnsImage("_25._tcp.secure.example.org", "TLSA", 300, ("3 1 1 00",)), None),
        (None, PTR),
    ],
)
def test_the_records_of_the_move_may_be_written(before: DnsImage | None, after: DnsImage | None) -> None:
    allowed(change(before, after))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (MX, None, "never deleted"),
        (MX_NEW, MX, "not the gateway alone"),
        (MX, replace(MX, values=()), "never deleted"),
        (MX, replace(MX, values=("10 secure.example.org.", "20 other.example.")), "not the gateway alone"),
        (MX, replace(MX_NEW, name="other.example"), "none of the records"),
        (None, DnsImage("kunde.example", "A", 300, ("192.0.2.1",)), "none of the records"),
        (None, DnsImage("www.kunde.example", "MX", 300, MX_NEW.values), "none of the records"),
        (None, DnsImage("other._domainkey.kunde.example", "TXT", 300, ('"p=a"',)), "none of the records"),
        (None, replace(PTR, name="26.113.0.203.in-addr.arpa"), "none of the records"),
        (txt("kunde.example", "v=spf1 -all", "ms=1"), txt("kunde.example", "v=spf1 -all"), "no SPF"),
        (txt("kunde.example", "v=spf1 -all", "ms=1"), None, "no SPF"),
        (None, txt("kunde.example", "v=spf10"), "no SPF"),
        (MX, txt("kunde.example", "v=spf1 -all"), "two different"),
    ],
)
def test_other_records_are_refused(before: DnsImage | None, after: DnsImage | None, why: str) -> None:
    assert why in refused(change(before, after))


def rule(guid: str, **properties: object) -> ExchangeImage:
    return ExchangeImage("TransportRule", "a rule", {"Name": "a rule", **properties}, guid)


@pytest.mark.parametrize("guid", ["g-inline", "g-parallel", "g-gone"])
def test_objects_of_the_guide_and_of_parallel_mode_may_be_written(guid: str) -> None:
    allowed(change(rule(guid), rule(guid, State="Disabled")))


def test_what_is_kept_for_the_way_back_is_removed_by_a_completion_alone_and_after_its_proof() -> None:
    removal, proof = (
        change(rule("g-parallel"), None, "2"),
        replace(change(MX, None, "1"), kind=ChangeKind.MANUAL, proof=True),
    )
    assert "before the proof" in refused(removal)
    completion = replace(plan(removal), phase=PlanPhase.COMPLETION)
    with pytest.raises(UserError, match="before the proof"):
        refuse_forbidden(completion, world())  # type: ignore[arg-type]  # as much of a look as is asked for
    proven = replace(plan(proof, removal), phase=PlanPhase.COMPLETION)
    refuse_forbidden(proven, world())  # type: ignore[arg-type]  # as much of a look as is asked for


@pytest.mark.parametrize(
    ("guid", "why"),
    [
        ("g-cloud", "not the gateway's"),
        ("g-mention", "not the gateway's"),
        ("g-other", "not the gateway's"),
        ("g-foreign", "nothing to do with the gateway"),
    ],
)
def test_objects_of_others_are_refused(guid: str, why: str) -> None:
    assert why in refused(change(rule(guid), None))


def test_letters_of_a_guid_do_not_open_the_guard() -> None:
    assert "not the gateway's" in refused(change(rule("G-CLOUD"), None))


def test_where_one_list_could_not_be_read_its_objects_are_not_touched() -> None:
    gone = Unavailable(Reason.TIMEOUT, text("silent"))
    flow = MailFlow((INLINE,), (INLINE,), gone, "live", NOON)
    assert "cannot be seen" in refused(change(rule("g-inline"), None), flow=flow)


def test_a_rule_of_the_name_does_not_stand_for_a_connector() -> None:
    victim = ExchangeImage("InboundConnector", "a rule", {"Name": "a rule"})
    assert "without a Guid" in refused(change(None, OWN_RULE, "1"), change(victim, None, "2"))


def test_nothing_is_touched_where_whose_it_is_cannot_be_seen() -> None:
    assert "cannot be seen" in refused(change(rule("g-inline"), None), flow="unknown")


CONNECTOR = ExchangeImage(
    "OutboundConnector",
    "out",
    {"Name": "out", "ConnectorType": "Partner", "SmartHosts": ["Secure.example.org"], "Enabled": True},
)
OWN_RULE = rule("", RouteMessageOutboundConnector="out", State="Enabled", SenderDomainIs=["kunde.example"])


@pytest.mark.parametrize("image", [CONNECTOR, OWN_RULE])
def test_the_guides_objects_may_be_made(image: ExchangeImage) -> None:
    allowed(change(None, image))


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (replace(CONNECTOR, properties={**CONNECTOR.properties, "ConnectorType": "OnPremises"}), "type Partner"),
        (replace(CONNECTOR, properties={**CONNECTOR.properties, "SmartHosts": ["evil.example"]}), "nobody else"),
        (rule(""), "guide gives rule 200"),
        (rule("", RouteMessageOutboundConnector="out", BlindCopyTo=["spy@evil.example"]), "guide gives rule 200"),
        (ExchangeImage("Mailbox", "anna", {"Name": "anna"}), "does not write"),
        (ExchangeImage("HostedConnectionFilterPolicy", "Default", {"IPAllowList": []}), "neither made nor removed"),
    ],
)
def test_other_objects_are_not_made(image: ExchangeImage, why: str) -> None:
    assert why in refused(change(None, image))


def test_an_object_that_the_plan_makes_may_be_changed_by_name() -> None:
    allowed(change(None, CONNECTOR, "1"), change(CONNECTOR, CONNECTOR, "2"))


def test_an_object_known_by_name_alone_that_the_plan_does_not_make_is_refused() -> None:
    assert "without a Guid" in refused(change(CONNECTOR, None))
    assert "without a Guid" in refused(change(None, OWN_RULE, "1"), change(CONNECTOR, None, "2"))


def test_a_change_from_one_object_to_another_is_refused() -> None:
    assert refused(change(rule("g-inline"), rule("g-foreign")))


def policy(*entries: str) -> ExchangeImage:
    return ExchangeImage(
        "HostedConnectionFilterPolicy", "Default", {"Name": "Default", "IPAllowList": list(entries)}, "g-p"
    )


@pytest.mark.parametrize("entry", ["203.0.113.25", "203.0.113.0/24", "203.0.113.20-203.0.113.30"])
def test_entries_that_hold_the_gateway_may_leave_the_allow_list(entry: str) -> None:
    allowed(change(policy(entry, "198.51.100.1"), policy("198.51.100.1")))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (policy("198.51.100.1"), policy()),
        (policy(), policy("203.0.113.25")),
        (policy("nonsense"), policy()),
    ],
)
def test_other_entries_of_the_allow_list_stay(before: ExchangeImage, after: ExchangeImage) -> None:
    assert "allow list" in refused(change(before, after))


def test_what_people_do_is_theirs() -> None:
    by_hand = replace(change(MX, None), kind=ChangeKind.MANUAL)
    allowed(by_hand)


LIVE = ExchangeImage("OutboundConnector", "Out", {"Name": "Out", "Enabled": True}, "g")
OFF = ExchangeImage("OutboundConnector", "Out", {"Name": "Out", "Enabled": False}, "g")
ROUTING = rule("r", RouteMessageOutboundConnector="out", State="Enabled")


@pytest.mark.parametrize(
    ("before", "after", "rules", "kept"),
    [
        (LIVE, None, [ROUTING], True),
        (LIVE, OFF, [ROUTING], True),
        (LIVE, LIVE, [ROUTING], False),
        (LIVE, None, [rule("r", RouteMessageOutboundConnector="out", State="Disabled")], False),
        (LIVE, None, [rule("r", RouteMessageOutboundConnector="other", State="Enabled")], False),
        (OFF, None, [ROUTING], False),
        (None, LIVE, [ROUTING], False),
        (LIVE, replace(LIVE, properties={"TlsSettings": "CertificateValidation"}), [ROUTING], False),
        (replace(LIVE, properties={"Name": "Out"}), None, [ROUTING], True),
        (LIVE, None, [rule("r", RouteMessageOutboundConnector="out")], True),
        (LIVE, None, [rule("r", RouteMessageOutboundConnector="G", State="Enabled")], True),
        (LIVE, None, [rule("r", RouteMessageOutboundConnector="CN=Out,CN=x", State="Enabled")], True),
    ],
)
def test_a_connector_in_use_is_neither_disabled_nor_removed(
    before: ExchangeImage | None, after: ExchangeImage | None, rules: list[ExchangeImage], kept: bool
) -> None:
    fault = reference_fault(before, after, rules)
    assert (fault is not None) is kept
    if fault is not None:
        assert "neither disabled nor removed" in str(fault)


def test_every_fault_is_told_with_its_change() -> None:
    told = refused(change(MX, None, "7"), change(rule("g-foreign"), None, "8"))
    assert "change 7" in told
    assert "change 8" in told

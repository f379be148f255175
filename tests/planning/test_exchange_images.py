"""Images of Exchange's objects: what they hold, when two of them are the same, and that Exchange takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.exchange.objects import normalised
from seppcheck.lab.exchange.service import ExchangeOnline
from seppcheck.lab.world import running
from seppcheck.model.changes import ExchangeImage
from seppcheck.model.exchange import ExchangeObject
from seppcheck.planning.exchange_commands import creation
from seppcheck.planning.exchange_images import Noun, comparable, differences, image_of, is_unset, with_properties

RULE_PROPERTIES = (
    *("State", "Mode", "Comments", "Priority", "SentToScope", "SenderDomainIs", "ExceptIfSCLOver", "RemoveHeader"),
    *("HeaderContainsMessageHeader", "HeaderContainsWords", "StopRuleProcessing", "RecipientAddressType", "RegexSize"),
    *("SetHeaderName", "SetHeaderValue", "WhenChanged", "Conditions", "ANewCondition"),
)
CONNECTOR_PROPERTIES = (
    *("Enabled", "Comment", "ConnectorSource", "SenderDomains", "SmartHosts", "TlsDomain", "RequireTls", "UseMXRecord"),
    *("RecipientDomains", "EFSkipIPs", "IPAllowList", "IsValidated", "EFTestMode", "AdminDisplayName"),
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
HOSTS = st.text("abcXYZ019.*-", min_size=1, max_size=6)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-1, 9), TEXTS, st.lists(TEXTS, max_size=3))


def objects(*names: str) -> st.SearchStrategy[ExchangeObject]:
    properties = st.dictionaries(st.sampled_from(names), VALUES)
    fixed = st.fixed_dictionaries({"Name": TEXTS, "Guid": st.uuids().map(str)})
    return st.builds(lambda more, own: ExchangeObject({**more, **own}), properties, fixed)


OBJECTS: st.SearchStrategy[tuple[Noun, ExchangeObject]] = st.one_of(
    st.tuples(st.just(Noun.TRANSPORT_RULE), objects(*RULE_PROPERTIES)),
    st.tuples(
        st.sampled_from([noun for noun in Noun if noun is not Noun.TRANSPORT_RULE]), objects(*CONNECTOR_PROPERTIES)
    ),
)


def rule(**properties: object) -> ExchangeImage:
    return ExchangeImage(Noun.TRANSPORT_RULE, "r", properties)


def outbound(**properties: object) -> ExchangeImage:
    return ExchangeImage(Noun.OUTBOUND_CONNECTOR, "c", properties)


def found(one: ExchangeImage, other: ExchangeImage) -> list[str]:
    return [name for name, _, _ in differences(one, other)]


@given(OBJECTS)
def test_an_object_is_as_itself(case: tuple[Noun, ExchangeObject]) -> None:
    assert not found(image_of(*case), image_of(*case))


@given(st.sampled_from(["SenderDomainIs", "SmartHosts", "IPAllowList", "EFSkipIPs"]), st.lists(HOSTS))
def test_lists_have_no_order_and_hosts_no_case(name: str, hosts: list[str]) -> None:
    turned = [host.upper() for host in reversed(hosts)]
    assert not found(outbound(**{name: hosts}), outbound(**{name: turned}))
    assert not found(rule(**{name: hosts}), rule(**{name: turned}))


@given(OBJECTS, st.sampled_from(["Comments", "Comment", "TlsDomain", "RemoveHeader"]), TEXTS, TEXTS)
def test_what_is_changed_differs_and_changed_back_is_the_same(
    case: tuple[Noun, ExchangeObject], name: str, first: str, second: str
) -> None:
    image = with_properties(image_of(*case), **{name: first})
    other = with_properties(image, **{name: second})
    assert found(other, image) == ([] if comparable(name, first) == comparable(name, second) else [name])
    assert not found(with_properties(other, **{name: first}), image)
    assert (other.guid, other.type) == (image.guid, image.type)


@given(objects(*RULE_PROPERTIES))
def test_a_rules_image_holds_nothing_that_is_not_set_or_cannot_be(entry: ExchangeObject) -> None:
    properties = image_of(Noun.TRANSPORT_RULE, entry).properties
    assert not any(is_unset(value) for value in properties.values())
    assert not {"WhenChanged", "Conditions", "Guid", "RegexSize"} & properties.keys()
    assert ("ANewCondition" in properties) is not is_unset(entry.properties.get("ANewCondition"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rule(Mode="Enforce", State="Enabled"), rule()),
        (rule(RuleErrorAction="ignore"), rule(RuleErrorAction="Ignore")),
        (rule(HeaderMatchesPatterns="yes"), rule(HeaderMatchesPatterns=["yes"])),
        (rule(ExceptIfSCLOver=9), rule(ExceptIfSCLOver="9")),
        (rule(Priority=1), rule(Priority=7)),
        (rule(Comments="a\r\nb"), rule(Comments="a\nb")),
        (rule(RouteMessageOutboundConnector="[SEPPMAIL] out"), rule(RouteMessageOutboundConnector="[SEPPmail] Out")),
        (outbound(SmartHosts=["[203.0.113.5]"]), outbound(SmartHosts=["203.0.113.5"])),
        (outbound(SmartHosts="a.example"), outbound(SmartHosts=["A.example"])),
        (outbound(SenderDomains=["*"]), outbound(SenderDomains=["smtp:*;1"])),
        (outbound(ConnectorSource="Default"), outbound(ConnectorSource="AdminUI")),
        (outbound(TlsDomain=None, Comment=""), outbound(TlsDomain="", Comment=None)),
        (outbound(Comment="x"), outbound(Comment="x", Enabled=False)),
    ],
)
def test_these_are_the_same(one: ExchangeImage, other: ExchangeImage) -> None:
    assert not found(one, other)


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (rule(State="Disabled"), rule(), "State"),
        (rule(Mode="Audit"), rule(Mode="Enforce"), "Mode"),
        (rule(), rule(SubjectContainsWords=["x"]), "SubjectContainsWords"),
        (rule(SetHeaderValue="outbound"), rule(SetHeaderValue="Outbound"), "SetHeaderValue"),
        (rule(SetSCL=0), rule(), "SetSCL"),
        (rule(MessageContainsDataClassifications=[""]), rule(), "MessageContainsDataClassifications"),
        (outbound(Enabled=False), outbound(), "Enabled"),
        (outbound(SmartHosts=["a", "b"]), outbound(SmartHosts=["a"]), "SmartHosts"),
        (outbound(), ExchangeImage(Noun.OUTBOUND_CONNECTOR, "C", {}), "Name"),
    ],
)
def test_these_are_not(one: ExchangeImage, other: ExchangeImage, name: str) -> None:
    assert found(one, other) == [name]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeOnline]:
    with running("cutover", tmp_path_factory.mktemp("lab") / "cutover") as lab:
        assert lab.exchange is not None
        yield lab.exchange


@pytest.mark.parametrize("noun", [Noun.INBOUND_CONNECTOR, Noun.OUTBOUND_CONNECTOR, Noun.TRANSPORT_RULE])
def test_exchange_takes_every_image_of_an_object_that_it_has(exchange: ExchangeOnline, noun: Noun) -> None:
    for record in exchange.run(f"Get-{noun}"):
        image = image_of(noun, normalised(record))
        command = creation(with_properties(image, Name=f"{image.name[:50]} again"))
        (made,) = exchange.run(command.cmdlet, **command.parameters)
        left = set(found(image, image_of(noun, normalised(made))))
        assert left <= {"Name", "ValidationRecipients"}
        exchange.run(f"Remove-{noun}", Identity=made["Guid"])


def test_a_real_rule_has_the_image_of_what_was_set() -> None:
    record: dict[str, Any] = {
        "Priority@data.type": "System.Int32",
        "Priority": 0,
        "DlpPolicy": None,
        "Comments": None,
        "Size": 382,
        "DlpPolicyId": "00000000-0000-0000-0000-000000000000",
        "CreatedBy": "x",
        "ManuallyModified": False,
        "RegexSize": 0,
        "UseLegacyRegex": False,
        "RuleSubType": "None",
        "RecipientAddressType": "Resolved",
        "State": "Enabled",
        "Mode": "Enforce",
        "RuleErrorAction": "Ignore",
        "SenderAddressLocation": "Header",
        "FromScope": "NotInOrganization",
        "PrependSubject": "EXTERNAL: ",
        "HasSenderOverride": False,
        "RuleConfigurationUnsupportedReason": "",
        "IsRuleConfigurationSupported": True,
        "ObjectState": "Unchanged",
        "RuleVersion": {"Major": 14, "Minor": 0, "Build": 0, "Revision": 0},
        "OrganizationId": "x",
        "IsValid": True,
        "Name": "g2o-test",
        "Identity": "g2o-test",
        "Guid": "0AB1E768-08b0-4768-81e2-64d6f990c552",
    }
    image = image_of(Noun.TRANSPORT_RULE, normalised(record))
    assert image.guid == "0ab1e768-08b0-4768-81e2-64d6f990c552"
    assert image.properties == {
        "Name": "g2o-test",
        "Priority": 0,
        "State": "Enabled",
        "Mode": "Enforce",
        "RuleErrorAction": "Ignore",
        "SenderAddressLocation": "Header",
        "FromScope": "NotInOrganization",
        "PrependSubject": "EXTERNAL: ",
    }

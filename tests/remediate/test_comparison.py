"""What counts as the same, and in which words a difference is told."""

from __future__ import annotations

import pytest

from seppcheck.model.changes import DnsImage, ExchangeImage
from seppcheck.remediate.comparison import difference, is_between
from seppcheck.remediate.worlds import Writable

MX = DnsImage("kunde.example", "MX", 300, ("0 Kunde.Mail.Protection.Outlook.com.",))
RULE = ExchangeImage(
    "TransportRule", "200", {"Name": "200", "State": "Enabled", "SentToScope": "NotInOrganization"}, "g1"
)


def connector(**properties: object) -> ExchangeImage:
    found = {"Name": "out", "Enabled": True, "SmartHosts": ["a.example", "b.example"], **properties}
    return ExchangeImage("OutboundConnector", "out", found, "g2")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, None),
        (MX, DnsImage("kunde.example", "MX", 300, ("0 kunde.mail.protection.outlook.com",))),
        (
            DnsImage("kunde.example", "TXT", 300, ('"v=spf1 -all"', '"other"')),
            DnsImage("kunde.example", "TXT", 300, ('"other"', '"v=spf1 " "-all"')),
        ),
        (RULE, RULE),
        (
            RULE,
            ExchangeImage("TransportRule", "200", {**RULE.properties, "Priority": 7, "SubjectContainsWords": []}, "g1"),
        ),
        (connector(), connector(SmartHosts=["B.example", "a.example"])),
    ],
)
def test_the_same_is_no_difference(wanted: Writable | None, found: Writable | None) -> None:
    assert difference(wanted, found) is None


@pytest.mark.parametrize(
    ("wanted", "found", "words"),
    [
        (None, MX, "there should be none"),
        (MX, None, "there is none"),
        (MX, DnsImage("kunde.example", "MX", 3600, MX.values), "3600"),
        (MX, DnsImage("kunde.example", "MX", 300, (*MX.values, "10 other.example.")), "other.example"),
        (
            RULE,
            ExchangeImage("TransportRule", "200", {**RULE.properties, "State": "Disabled"}, "g1"),
            "State should be Enabled",
        ),
        (
            RULE,
            ExchangeImage("TransportRule", "200", {**RULE.properties, "ExceptIfSCLOver": 9}, "g1"),
            "ExceptIfSCLOver",
        ),
        (connector(), connector(Enabled=False), "Enabled should be true"),
    ],
)
def test_a_difference_is_told_with_both_sides(wanted: Writable | None, found: Writable | None, words: str) -> None:
    assert words in str(difference(wanted, found))


def test_a_property_that_exchange_did_not_tell_is_not_as_wanted() -> None:
    lacking = ExchangeImage("OutboundConnector", "out", {"Name": "out"}, "g2")
    assert difference(connector(), lacking) is not None


def test_an_object_between_two_commands_of_one_change_is_on_its_way() -> None:
    before, after = connector(Comment="old", TestMode=True), connector(Comment="new", TestMode=False)
    assert is_between(connector(Comment="new", TestMode=True), before, after)
    assert not is_between(connector(Comment="somebody's", TestMode=True), before, after)


def test_an_object_just_made_may_still_lack_what_only_set_takes() -> None:
    after = connector(ValidationRecipients=["postmaster@kunde.example"])
    assert is_between(connector(ValidationRecipients=[]), None, after)
    assert not is_between(connector(ValidationRecipients=[], SmartHosts=["other.example"]), None, after)


def test_a_record_is_never_on_its_way() -> None:
    assert not is_between(MX, MX, DnsImage("kunde.example", "MX", 300, ("10 secure.example.org.",)))

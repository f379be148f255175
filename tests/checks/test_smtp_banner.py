from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.smtp_banner import greeting_names_the_gateway
from seppcheck.api import (
    BannerSetting,
    DnsStatus,
    Greeting,
    Outcome,
    Reason,
    Result,
    SmtpFault,
    SmtpGreeting,
    Unavailable,
    text,
)
from tests.checks.evidence import (
    CLUSTER,
    GATEWAY,
    IPV4,
    IPV6,
    NAME,
    addresses,
    answer,
    findings,
    greeting,
    host,
    no,
    outcome,
    outcomes,
    reasons,
    sentences,
)
from tests.checks.gateway_facts import WRITTEN

NOTHING_WRITTEN = Unavailable(Reason.NOT_CONFIGURED, text("there is no record"))


def judge(*greetings: Greeting, setting: BannerSetting | Unavailable = NOTHING_WRITTEN) -> Result:
    return greeting_names_the_gateway(GATEWAY, SmtpGreeting(25, greetings), addresses(), setting)


def test_the_right_name_passes() -> None:
    (finding,) = findings(judge(greeting()))
    assert finding.outcome is Outcome.PASSED
    assert (finding.subject, str(finding.expected), str(finding.observed)) == (IPV4, NAME, NAME)


@pytest.mark.parametrize("line", [f"{NAME}. ESMTP", "SECURE.Example.Org", f"  {NAME}\tready"])
def test_case_dot_and_white_space_do_not_matter(line: str) -> None:
    assert outcome(judge(greeting(line))) == "passed"


@pytest.mark.parametrize("line", ["ESMTP ready", "mail.example.net ESMTP", "example.org", f"x{NAME}", "<script>"])
def test_another_first_word_fails(line: str) -> None:
    assert outcome(judge(greeting(line))) == "failed"


@pytest.mark.parametrize("line", ["", "   "])
def test_no_word_fails(line: str) -> None:
    result = judge(greeting(line))
    assert outcome(result) == "failed"
    assert "without a name" in sentences(result)


@pytest.mark.parametrize(
    ("early", "expected"),
    [
        (f"{NAME} please wait", "passed"),
        ("Welcome to us", "passed"),
        ("Wait... please", "passed"),
        ("", "passed"),
        ("firewall.example.net ESMTP", "warned"),
        ("firewall.example.net. ESMTP", "warned"),
    ],
)
def test_only_another_host_name_in_an_earlier_line_is_a_warning(early: str, expected: str) -> None:
    assert outcome(judge(greeting(early, f"{NAME} ESMTP"))) == expected


def test_a_right_name_in_an_earlier_line_does_not_count() -> None:
    assert outcome(judge(greeting(f"{NAME} ESMTP", "ESMTP ready"))) == "failed"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_whatever_is_said_it_passes_only_with_the_gateways_name(last: str, early: list[str]) -> None:
    words = last.split()
    right = bool(words) and words[0].lower().rstrip(".") == NAME
    assert (outcome(judge(greeting(*early, last))) in ("passed", "warned")) is right


@pytest.mark.parametrize("reason", ["refused", "throttled", "timeout", "malformed", "unreachable"])
def test_a_dialogue_that_ended_early_is_inconclusive_with_its_reason(reason: str) -> None:
    fault = SmtpFault(Reason(reason), text("it went wrong"), 421)
    result = judge(greeting(), Greeting(NAME, IPV6, fault=fault))
    assert outcomes(result) == ["passed", "inconclusive"]
    assert reasons(result) == {reason}
    assert "it went wrong" in sentences(result)


def test_a_greeting_that_was_not_heard_is_inconclusive() -> None:
    assert outcome(judge(Greeting(NAME, IPV4, 220))) == "inconclusive"


def test_each_node_is_held_against_its_own_name() -> None:
    second = greeting(f"{NAME} ESMTP", node="secure2.example.org", address="192.0.2.26")
    assert outcomes(judge(greeting(), second)) == ["passed", "failed"]


def test_a_node_that_was_not_asked_is_inconclusive() -> None:
    result = greeting_names_the_gateway(
        CLUSTER, SmtpGreeting(25, (greeting(),)), Unavailable(Reason.NOT_COLLECTED, text("no")), NOTHING_WRITTEN
    )
    assert outcomes(result) == ["passed", "inconclusive"]


def test_addresses_that_could_not_be_looked_up_are_not_forgotten() -> None:
    known = addresses(host(NAME, answer(IPV4), no(DnsStatus.SERVFAIL)), configured=False)
    result = greeting_names_the_gateway(GATEWAY, SmtpGreeting(25, (greeting(),)), known, NOTHING_WRITTEN)
    assert outcomes(result) == ["passed", "inconclusive"]
    assert reasons(result) == {"dns-error"}


def test_configured_addresses_need_no_look_up() -> None:
    known = addresses(host(NAME, no(DnsStatus.SERVFAIL), no(DnsStatus.SERVFAIL)))
    result = greeting_names_the_gateway(GATEWAY, SmtpGreeting(25, (greeting(),)), known, NOTHING_WRITTEN)
    assert outcomes(result) == ["passed"]


def test_nobody_asked_is_inconclusive() -> None:
    assert outcome(judge()) == "inconclusive"


@pytest.mark.parametrize("banner", [NAME, f"{NAME.upper()}. ESMTP", f" {NAME} ready"])
def test_a_record_that_says_the_same_adds_nothing(banner: str) -> None:
    result = judge(greeting(), setting=BannerSetting(banner, WRITTEN))
    assert outcomes(result) == ["passed"]
    assert [finding.observed_alone for finding in findings(result)] == [True]


@pytest.mark.parametrize("banner", ["old.example.org ESMTP", ""])
def test_a_record_that_says_otherwise_is_a_warning_and_the_greeting_decides(banner: str) -> None:
    result = judge(greeting(), setting=BannerSetting(banner, WRITTEN))
    assert outcomes(result) == ["passed", "warned"]
    assert "A. Admin" in sentences(result)
    assert outcomes(judge(greeting("old.example.org"), setting=BannerSetting("old.example.org", WRITTEN))) == ["failed"]


def test_a_record_cannot_contradict_what_nobody_heard() -> None:
    fault = SmtpFault(Reason.TIMEOUT, text("silence"))
    result = judge(Greeting(NAME, IPV4, fault=fault), setting=BannerSetting("old.example.org", WRITTEN))
    assert outcomes(result) == ["inconclusive"]

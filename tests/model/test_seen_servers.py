"""What is remembered of a server's answer, and when its silence is only noted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.model.dns import DnsAnswer, DnsStatus, ServerAnswer, host_name, mail_exchanger
from seppcheck.model.history import SeenServer
from seppcheck.model.microsoft import MAIL_HOSTS, is_microsoft

HEARD = SeenServer("ns1.example.org", "192.0.2.1", 300, ("10 mx.example.org.",))


def of(status: DnsStatus, *values: str, ttl: int | None = None) -> SeenServer:
    return SeenServer.of(ServerAnswer("ns1.example.org", "192.0.2.1", DnsAnswer(status, values, ttl)))


def test_an_answer_is_remembered_with_its_ttl() -> None:
    assert of(DnsStatus.ANSWER, "10 mx.example.org.", ttl=300) == HEARD


@pytest.mark.parametrize("status", list(DnsStatus))
def test_silence_has_a_reason_and_no_record_has_none(status: DnsStatus) -> None:
    seen = of(status)
    assert seen.ttl is None
    assert bool(seen.reason) is not status.looked


@pytest.mark.parametrize(
    ("reason", "noted"),
    [("timeout", True), ("unreachable", True), ("dns-error", False), ("malformed", False), ("refused", False)],
)
def test_silence_is_noted_only_where_the_same_server_answered_elsewhere(reason: str, noted: bool) -> None:
    same = SeenServer("ns1.example.org", "2001:db8::1", None, (), reason)
    other = SeenServer("ns2.example.org", "192.0.2.2", None, (), reason)
    assert same.noted([HEARD, same]) is noted
    assert not other.noted([HEARD, other])


def test_a_missing_route_is_always_noted_and_an_answer_never() -> None:
    away = of(DnsStatus.NO_ROUTE)
    assert away.noted([away])
    assert not HEARD.noted([HEARD])


@given(st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,3}", fullmatch=True), st.integers(0, 65535))
def test_the_host_of_an_mx_record_is_found_whatever_its_form(name: str, preference: int) -> None:
    assert mail_exchanger(f"{preference} {name.upper()}.") == name == host_name(f"{name}.")


def test_a_null_mx_has_no_host() -> None:
    assert mail_exchanger("0 .") == ""


@pytest.mark.parametrize("zone", sorted({zone for cloud in MAIL_HOSTS.values() for zone in cloud}))
def test_only_whole_labels_make_a_host_microsofts(zone: str) -> None:
    assert is_microsoft(f"example-org.{zone.upper()}.")
    assert not is_microsoft(f"example-org{zone}")
    assert not is_microsoft(f"{zone}.example.org")

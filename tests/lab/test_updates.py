"""The real `nsupdate` against a running lab, and what a test can let go wrong."""

from __future__ import annotations

from collections.abc import Callable

import dns.exception
import dns.query
import dns.rcode
import dns.update
import pytest

from seppcheck.lab import Lab
from seppcheck.scenarios.zones import MX_AT_GATEWAY, mx_at_microsoft
from tests.lab.nsupdate import nsupdate

Dig = Callable[..., str]
MX_AT_MICROSOFT = mx_at_microsoft("kunde.test")


def moved(*prerequisites: str) -> list[str]:
    return [*prerequisites, "update delete kunde.test MX", f"update add kunde.test 5 MX {MX_AT_GATEWAY}"]


def exchangers(lab: Lab, dig: Dig) -> list[str]:
    return [dig(lab, "kunde.test", "MX", "+short", server=server).strip() for server in lab.name_servers]


@pytest.mark.parametrize("transport", ["", "-v"], ids=["UDP", "TCP"])
def test_an_administrator_moves_the_mx_and_sees_it_on_every_server(own_lab: Lab, dig: Dig, transport: str) -> None:
    done = nsupdate(own_lab, *moved(f"prereq yxrrset kunde.test MX {MX_AT_MICROSOFT}"), transport=transport)
    assert (done.returncode, done.stderr) == (0, "")
    assert exchangers(own_lab, dig) == [MX_AT_GATEWAY, MX_AT_GATEWAY]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("praxis.test", "TXT", '"v=spf1 " "a:secure.secmail365.test -all"'),
        ("seppmail._domainkey.kunde.test", "TXT", '"v=DKIM1; p="'),
        ("1.0.0.127.in-addr.arpa", "PTR", "mail.secmail365.test."),
        ("_25._tcp.secure.secmail365.test", "TLSA", "3 1 1 " + "AB" * 32),
    ],
)
def test_every_zone_of_the_world_takes_updates(own_lab: Lab, dig: Dig, name: str, kind: str, value: str) -> None:
    done = nsupdate(own_lab, f"update delete {name} {kind}", f"update add {name} 60 {kind} {value}")
    assert (done.returncode, done.stderr) == (0, "")
    assert dig(own_lab, name, kind, "+short", "+nosplit").strip() == value


def test_a_zone_that_changed_in_between_is_left_alone(own_lab: Lab, dig: Dig) -> None:
    own_lab.names.replace("kunde.test", "MX", "10 elsewhere.test.")
    done = nsupdate(own_lab, *moved(f"prereq yxrrset kunde.test MX {MX_AT_MICROSOFT}"))
    assert done.returncode == 2
    assert "NXRRSET" in done.stderr
    assert exchangers(own_lab, dig) == ["10 elsewhere.test."] * 2


def test_a_wrong_key_is_refused(own_lab: Lab, dig: Dig) -> None:
    done = nsupdate(own_lab, *moved(), secret="d3Jvbmd3cm9uZ3dyb25nd3JvbmcxMjM0NTY3ODkwMTI=")
    assert done.returncode == 2
    assert "BADSIG" in done.stderr
    assert exchangers(own_lab, dig) == [MX_AT_MICROSOFT] * 2


def test_a_zone_that_the_lab_does_not_serve_is_refused(own_lab: Lab) -> None:
    done = nsupdate(own_lab, "zone elsewhere.example", "update add elsewhere.example 5 TXT new")
    assert "NOTAUTH" in done.stderr


def send(lab: Lab, *, tcp: bool = False) -> dns.rcode.Rcode:
    """Move the MX with dnspython's client, a second at most."""
    message = dns.update.UpdateMessage("kunde.test", keyring=lab.updates.key)
    message.replace("kunde.test.", 5, "MX", MX_AT_GATEWAY)
    ask = dns.query.tcp if tcp else dns.query.udp
    return ask(message, lab.name_servers["ns1.lab.test"][0], port=lab.dns_port, timeout=1).rcode()


def test_the_next_updates_can_be_refused(own_lab: Lab, dig: Dig) -> None:
    own_lab.updates.refuse = 2
    assert [send(own_lab), send(own_lab)] == [dns.rcode.REFUSED] * 2
    assert exchangers(own_lab, dig) == [MX_AT_MICROSOFT] * 2
    assert send(own_lab) == dns.rcode.NOERROR
    assert exchangers(own_lab, dig) == [MX_AT_GATEWAY] * 2


@pytest.mark.parametrize("tcp", [False, True])
def test_the_next_request_can_get_lost(own_lab: Lab, dig: Dig, tcp: bool) -> None:
    own_lab.updates.lose_requests = 1
    with pytest.raises((dns.exception.Timeout, EOFError)):
        send(own_lab, tcp=tcp)
    assert (own_lab.updates.done, exchangers(own_lab, dig)) == (0, [MX_AT_MICROSOFT] * 2)
    assert send(own_lab, tcp=tcp) == dns.rcode.NOERROR


@pytest.mark.parametrize("tcp", [False, True])
def test_the_next_answer_can_get_lost_after_the_update_took_effect(own_lab: Lab, dig: Dig, tcp: bool) -> None:
    own_lab.updates.lose_answers = 1
    with pytest.raises((dns.exception.Timeout, EOFError)):
        send(own_lab, tcp=tcp)
    assert (own_lab.updates.done, exchangers(own_lab, dig)) == (1, [MX_AT_GATEWAY] * 2)
    assert send(own_lab, tcp=tcp) == dns.rcode.NOERROR

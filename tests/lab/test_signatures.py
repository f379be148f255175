"""Requests that are not signed, or wrongly, and how they are refused (RFC 8945 section 5.2)."""

from __future__ import annotations

import time
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.rrset
import dns.tsig
import dns.update
import pytest

from seppcheck.lab.answers import reply
from seppcheck.lab.signatures import KEY_NAME, invented_key
from seppcheck.lab.updates import Updates
from seppcheck.lab.zones import Names, build
from seppcheck.scenarios import READY

SERVERS = {"ns1.lab.test": ("127.0.0.1",), "ns2.lab.test": ("127.0.0.2",)}


def world() -> Updates:
    zones = build(READY.zones, SERVERS, 1)
    return Updates(Names({"ns1.lab.test": zones}), invented_key())


def update() -> dns.update.UpdateMessage:
    message = dns.update.UpdateMessage("kunde.test")
    message.delete("kunde.test.", "MX")
    return message


def answered(updates: Updates, message: dns.message.Message) -> dns.message.Message:
    wire = reply(message.to_wire(), updates.names.servers["ns1.lab.test"], datagram=True, updates=updates)
    assert wire is not None
    return dns.message.from_wire(wire, keyring=False)


def signature(answer: dns.message.Message) -> Any:
    assert answer.tsig
    return answer.tsig[0]


def signed_at(moment: int, key: dns.tsig.Key) -> dns.update.UpdateMessage:
    message = update()
    rdata = dns.rdtypes.ANY.TSIG.TSIG(
        dns.rdataclass.ANY, dns.rdatatype.TSIG, key.algorithm, moment, 300, b"", message.id, 0, b""
    )
    made, _ = dns.tsig.sign(message.to_wire(), key, rdata, moment)  # type: ignore[no-untyped-call] # dnspython says no types there
    message.tsig = dns.rrset.from_rdata(key.name, 0, made)
    return message


def test_an_update_that_is_not_signed_is_refused() -> None:
    updates = world()
    answer = answered(updates, update())
    assert answer.rcode() == dns.rcode.REFUSED
    assert not answer.had_tsig
    assert updates.done == 0


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (dns.tsig.Key("other.", b"x" * 32), dns.rcode.BADKEY),
        (dns.tsig.Key(KEY_NAME, b"x" * 64, "hmac-sha512"), dns.rcode.BADKEY),
        (dns.tsig.Key(KEY_NAME, b"x" * 32), dns.rcode.BADSIG),
    ],
)
def test_an_unknown_key_and_a_wrong_signature_are_told_apart_and_the_answer_is_not_signed(
    key: dns.tsig.Key, error: dns.rcode.Rcode
) -> None:
    updates, message = world(), update()
    message.use_tsig(key)
    answer = answered(updates, message)
    assert message.is_response(answer)
    assert answer.rcode() == dns.rcode.NOTAUTH
    assert (signature(answer).error, signature(answer).mac) == (error, b"")
    assert updates.done == 0


@pytest.mark.parametrize("late", [-301, 301])
def test_a_signature_of_another_time_is_told_the_servers_time_in_a_signed_answer(late: int) -> None:
    updates = world()
    moment = int(time.time()) + (late if late < 0 else late + 60)
    message = signed_at(moment, updates.key)
    answer = answered(updates, message)
    found = signature(answer)
    assert (answer.rcode(), found.error, found.time_signed) == (dns.rcode.NOTAUTH, dns.rcode.BADTIME, moment)
    assert abs(int.from_bytes(found.other) - time.time()) < 60
    answer.tsig = None
    expected, _ = dns.tsig.sign(answer.to_wire(), updates.key, found, moment, signature(message).mac)  # type: ignore[no-untyped-call] # dnspython says no types there
    assert found.mac == expected.mac
    assert updates.done == 0


def test_a_signature_of_a_few_minutes_ago_holds() -> None:
    updates = world()
    assert answered(updates, signed_at(int(time.time()) - 240, updates.key)).rcode() == dns.rcode.NOERROR
    assert updates.done == 1


def test_a_signed_question_gets_a_signed_answer() -> None:
    updates = world()
    query = dns.message.make_query("kunde.test", "MX", flags=0)
    query.use_tsig(updates.key)
    wire = reply(query.to_wire(), updates.names.servers["ns1.lab.test"], datagram=True, updates=updates)
    assert wire is not None
    answer = dns.message.from_wire(wire, keyring=updates.key, request_mac=query.mac)
    assert answer.had_tsig
    assert answer.answer


def test_without_a_key_every_signature_is_unknown() -> None:
    updates, query = world(), dns.message.make_query("kunde.test", "MX")
    query.use_tsig(updates.key)
    wire = reply(query.to_wire(), updates.names.servers["ns1.lab.test"], datagram=True)
    assert wire is not None
    answer = dns.message.from_wire(wire, keyring=False)
    assert (answer.rcode(), signature(answer).error) == (dns.rcode.NOTAUTH, dns.rcode.BADKEY)
    assert not answer.answer


def test_every_lab_has_a_key_of_its_own() -> None:
    assert len({invented_key().secret for _ in range(3)}) == 3

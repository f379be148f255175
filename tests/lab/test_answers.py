"""Answers without sockets: what needs zones that the lab's scenarios do not have, and hostile bytes."""

import dns.flags
import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.lab.answers import reply
from seppcheck.lab.zones import Zones, build
from seppcheck.scenarios import READY
from seppcheck.scenarios.shape import ZoneData

SERVERS = {"ns1.lab.test": ("127.0.0.1",), "ns2.lab.test": ("127.0.0.2",)}
DATA = (
    ZoneData(
        "example.test",
        """
cut       NS   ns.cut
cut       NS   ns.elsewhere.test.
ns.cut    A    192.0.2.1
*.wild    MX   5 mx
mx        A    192.0.2.2
there.wild A   192.0.2.3
""",
    ),
)
ZONES = build(DATA, SERVERS, 1)
WORLD = build(READY.zones, SERVERS, 1)


def ask(name: str, rdtype: str, *, rd: bool = False, zones: Zones = ZONES) -> dns.message.Message:
    query = dns.message.make_query(name, rdtype, flags=dns.flags.RD if rd else 0)
    wire = reply(query.to_wire(), zones, datagram=True)
    assert wire is not None
    response = dns.message.from_wire(wire)
    assert query.is_response(response)
    return response


def test_below_a_cut_the_answer_is_a_referral_with_glue_and_without_authority() -> None:
    response = ask("www.cut.example.test", "A")
    assert response.rcode() == dns.rcode.NOERROR
    assert not response.flags & dns.flags.AA
    assert not response.answer
    assert [str(rrset.name) for rrset in response.authority] == ["cut.example.test."]
    assert [str(rrset) for rrset in response.additional] == ["ns.cut.example.test. 300 IN A 192.0.2.1"]


def test_at_a_cut_the_ds_record_is_the_parents_own() -> None:
    response = ask("cut.example.test", "DS")
    assert response.flags & dns.flags.AA
    assert str(response.authority[0].name) == "example.test."


def test_a_resolver_that_cannot_go_beyond_a_cut_fails() -> None:
    assert ask("www.cut.example.test", "A", rd=True).rcode() == dns.rcode.SERVFAIL


@pytest.mark.parametrize("rd", [True, False])
def test_a_name_of_no_zone_is_refused(rd: bool) -> None:
    assert ask("elsewhere.example", "A", rd=rd).rcode() == dns.rcode.REFUSED


def test_a_wildcard_stands_for_names_that_do_not_exist_alone() -> None:
    assert [str(rrset) for rrset in ask("x.y.wild.example.test", "MX").answer] == [
        "x.y.wild.example.test. 300 IN MX 5 mx.example.test."
    ]
    assert not ask("there.wild.example.test", "MX").answer
    assert ask("there.wild.example.test", "MX").rcode() == dns.rcode.NOERROR


def test_a_response_gets_no_answer() -> None:
    query = dns.message.make_query("example.test", "MX")
    query.flags |= dns.flags.QR
    assert reply(query.to_wire(), ZONES, datagram=True) is None


def test_an_update_is_not_implemented() -> None:
    query = dns.message.make_query("example.test", "SOA")
    query.set_opcode(4)
    wire = reply(query.to_wire(), ZONES, datagram=True)
    assert wire is not None
    assert dns.message.from_wire(wire).rcode() == dns.rcode.NOTIMP


@given(st.binary(max_size=200))
def test_any_bytes_get_a_small_answer_or_none(wire: bytes) -> None:
    answer = reply(wire, ZONES, datagram=True)
    assert answer is None or (answer[:2] == wire[:2] and len(answer) <= 1232)


@given(st.binary(max_size=60))
def test_any_bytes_behind_a_sound_header_get_an_answer(tail: bytes) -> None:
    answer = reply(b"\x12\x34\0\0\0\x01\0\0\0\0\0\0" + tail, ZONES, datagram=True)
    assert answer is not None
    assert answer[:2] == b"\x12\x34"


@given(st.sampled_from(sorted({str(name) for zone in WORLD for name in zone.nodes})), st.booleans())
def test_every_name_of_the_world_has_an_answer(name: str, rd: bool) -> None:
    assert ask(name, "SOA", rd=rd, zones=WORLD).rcode() == dns.rcode.NOERROR

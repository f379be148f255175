"""Every form of prerequisite and of update (RFC 2136 sections 2.4 and 2.5), message by message, without sockets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.update
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.lab.answers import reply
from seppcheck.lab.signatures import invented_key
from seppcheck.lab.updates import Updates
from seppcheck.lab.zones import Names, build
from seppcheck.scenarios.shape import ZoneData

SERVERS = {"ns1.lab.test": ("127.0.0.1",), "ns2.lab.test": ("127.0.0.2",)}
DATA = (
    ZoneData(
        "example.test",
        """
@      MX    10 mx
@      MX    20 mx2
@      TXT   "v=spf1 -all"
mx     A     192.0.2.1
alias  CNAME mx
""",
    ),
    ZoneData("other.test", "@ MX 5 mx.example.test.\n"),
)
APEX, MX, ALIAS, ABSENT = "example.test.", "mx.example.test.", "alias.example.test.", "absent.example.test."
Fill = Callable[[dns.update.UpdateMessage], object]


def world(overlay: Sequence[ZoneData] = ()) -> Updates:
    return Updates(
        Names({"ns1.lab.test": build(DATA, SERVERS, 1), "ns2.lab.test": build(DATA, SERVERS, 1, overlay)}),
        invented_key(),
    )


def send(updates: Updates, *fill: Fill, zone: str = APEX, server: str = "ns1.lab.test") -> str:
    """Send an update to one of the servers; return the answer's code."""
    message = dns.update.UpdateMessage(zone, keyring=updates.key)
    for each in fill:
        each(message)
    wire = reply(message.to_wire(), updates.names.servers[server], datagram=True, updates=updates)
    assert wire is not None
    answer = dns.message.from_wire(wire, keyring=updates.key, request_mac=message.mac)
    assert message.is_response(answer)
    assert answer.had_tsig
    return dns.rcode.to_text(answer.rcode())


def found(updates: Updates, name: str, rdtype: str, server: str = "ns1.lab.test") -> tuple[int, set[str]] | None:
    """TTL and values of an RRset."""
    zone = updates.names.servers[server].of(dns.name.from_text(APEX))
    assert zone is not None
    rdataset = zone.get_rdataset(dns.name.from_text(name), rdtype)
    return (rdataset.ttl, {str(value) for value in rdataset}) if rdataset else None


def serials(updates: Updates) -> set[int]:
    values = [found(updates, APEX, "SOA", server) for server in updates.names.servers]
    return {int(text.split()[2]) for _, texts in filter(None, values) for text in texts}


@pytest.mark.parametrize(
    ("prerequisite", "code"),
    [
        (lambda m: m.present(APEX, "MX"), "NOERROR"),
        (lambda m: m.present(APEX, "AAAA"), "NXRRSET"),
        (lambda m: m.present(ABSENT, "MX"), "NXRRSET"),
        (lambda m: m.present(APEX, "MX", "10 mx", "20 mx2"), "NOERROR"),
        (lambda m: m.present(APEX, "MX", "20 MX2", "10 Mx"), "NOERROR"),
        (lambda m: m.present(APEX, "MX", "10 mx"), "NXRRSET"),
        (lambda m: m.present(APEX, "MX", "10 mx", "20 mx2", "30 mx3"), "NXRRSET"),
        (lambda m: m.present(ABSENT, "MX", "10 mx"), "NXRRSET"),
        (lambda m: m.absent(ABSENT, "MX"), "NOERROR"),
        (lambda m: m.absent(APEX, "AAAA"), "NOERROR"),
        (lambda m: m.absent(APEX, "MX"), "YXRRSET"),
        (lambda m: m.present(MX), "NOERROR"),
        (lambda m: m.present(ABSENT), "NXDOMAIN"),
        (lambda m: m.absent(ABSENT), "NOERROR"),
        (lambda m: m.absent(MX), "YXDOMAIN"),
        (lambda m: m.present("mx.other.test."), "NOTZONE"),
    ],
)
def test_a_prerequisite_that_does_not_hold_is_told_by_its_code_and_nothing_changes(
    prerequisite: Fill, code: str
) -> None:
    updates = world()
    assert send(updates, prerequisite, lambda m: m.add(ABSENT, 5, "TXT", '"new"')) == code
    assert (found(updates, ABSENT, "TXT") is not None) is (code == "NOERROR")
    assert serials(updates) == {2 if code == "NOERROR" else 1}


@pytest.mark.parametrize(
    ("fill", "name", "rdtype", "left"),
    [
        (lambda m: m.add(ABSENT, 5, "TXT", '"a"', '"b"'), ABSENT, "TXT", (5, {'"a"', '"b"'})),
        (lambda m: m.add(APEX, 7, "MX", "30 mx3"), APEX, "MX", (7, {f"10 {MX}", f"20 mx2.{APEX}", f"30 mx3.{APEX}"})),
        (lambda m: m.add(APEX, 7, "MX", "10 mx"), APEX, "MX", (7, {f"10 {MX}", f"20 mx2.{APEX}"})),
        (lambda m: m.add(ALIAS, 9, "CNAME", "mx2"), ALIAS, "CNAME", (9, {f"mx2.{APEX}"})),
        (lambda m: m.delete(APEX, "MX"), APEX, "MX", None),
        (lambda m: m.delete(APEX, "MX", "10 mx"), APEX, "MX", (300, {f"20 mx2.{APEX}"})),
        (lambda m: m.delete(APEX, "MX", "10 mx", "20 mx2"), APEX, "MX", None),
        (lambda m: m.delete(MX), MX, "A", None),
        (lambda m: m.replace(APEX, 5, "MX", "1 mx3"), APEX, "MX", (5, {f"1 mx3.{APEX}"})),
        (lambda m: m.delete(APEX), APEX, "MX", None),
    ],
)
def test_an_update_is_done_on_every_server_and_raises_the_serial(
    fill: Fill, name: str, rdtype: str, left: tuple[int, set[str]] | None
) -> None:
    updates = world()
    assert send(updates, fill, server="ns2.lab.test") == "NOERROR"
    assert [found(updates, name, rdtype, server) for server in updates.names.servers] == [left, left]
    assert serials(updates) == {2}
    assert updates.done == 1


@pytest.mark.parametrize(
    "fill",
    [
        lambda m: m.add(APEX, 300, "MX", "10 mx"),
        lambda m: m.delete(ABSENT),
        lambda m: m.delete(ABSENT, "TXT"),
        lambda m: m.delete(APEX, "MX", "30 mx3"),
        lambda m: m.delete(APEX, "SOA"),
        lambda m: m.delete(APEX, "NS"),
        lambda m: m.add(ALIAS, 5, "A", "192.0.2.9"),
        lambda m: m.add(MX, 5, "CNAME", "mx2"),
        lambda m: m.add(APEX, 5, "SOA", "ns1.lab.test. hostmaster.lab.test. 1 2 3 4 5"),
        lambda m: m.add(MX, 5, "SOA", "ns1.lab.test. hostmaster.lab.test. 9 2 3 4 5"),
    ],
    ids=range(10),
)
def test_what_changes_nothing_or_must_not_be_is_passed_over_without_a_new_serial(fill: Fill) -> None:
    updates = world()
    before = [zone.to_text() for zone in updates.names.servers["ns1.lab.test"]]
    assert send(updates, fill) == "NOERROR"
    assert [zone.to_text() for zone in updates.names.servers["ns1.lab.test"]] == before


def test_the_last_name_server_of_a_zone_cannot_be_deleted() -> None:
    updates = world()
    assert send(updates, lambda m: m.delete(APEX, "NS", "ns1.lab.test.", "ns2.lab.test.")) == "NOERROR"
    assert found(updates, APEX, "NS") == (300, {"ns2.lab.test."})


def test_a_serial_that_the_update_sets_itself_is_kept() -> None:
    updates = world()
    soa = "ns1.lab.test. hostmaster.lab.test. 70 2 3 4 5"
    assert send(updates, lambda m: m.add(APEX, 5, "SOA", soa), lambda m: m.delete(APEX, "MX")) == "NOERROR"
    assert serials(updates) == {70}


def test_names_of_another_zone_spoil_the_whole_update() -> None:
    updates = world()
    fills = (lambda m: m.delete(APEX, "MX"), lambda m: m.add("mx.other.test.", 5, "A", "192.0.2.7"))
    assert send(updates, *fills) == "NOTZONE"
    assert found(updates, APEX, "MX") is not None


@pytest.mark.parametrize("zone", ["mx.example.test.", "elsewhere.", "test."])
def test_a_zone_that_is_not_served_is_not_ours(zone: str) -> None:
    assert send(world(), lambda m: m.add(zone, 5, "TXT", '"new"'), zone=zone) == "NOTAUTH"


def record(rdtype: str, *, deleting: dns.rdataclass.RdataClass | None, ttl: int) -> dns.rrset.RRset:
    made = dns.rrset.RRset(dns.name.from_text(APEX), dns.rdataclass.IN, dns.rdatatype.from_text(rdtype))
    made.deleting = deleting
    made.add(dns.rdata.GenericRdata(dns.rdataclass.IN, made.rdtype, b"\0\x0a\2mx\0"), ttl)
    return made


@pytest.mark.parametrize(
    "fill",
    [
        lambda m: m.update.append(record("MX", deleting=dns.rdataclass.NONE, ttl=5)),
        lambda m: m.update.append(record("AXFR", deleting=None, ttl=5)),
        lambda m: m.update.append(record("ANY", deleting=None, ttl=5)),
        lambda m: m.prerequisite.append(record("MX", deleting=None, ttl=5)),
        lambda m: m.zone.clear(),
    ],
    ids=range(5),
)
def test_a_message_that_no_update_can_be_is_a_format_error(fill: Fill) -> None:
    updates = world()
    message = dns.update.UpdateMessage(APEX, keyring=updates.key)
    fill(message)
    wire = reply(message.to_wire(), updates.names.servers["ns1.lab.test"], datagram=True, updates=updates)
    assert wire is not None
    assert dns.message.from_wire(wire, keyring=updates.key, request_mac=message.mac).rcode() == dns.rcode.FORMERR
    assert updates.done == 0


def test_a_server_that_was_behind_has_the_same_afterwards() -> None:
    updates = world([ZoneData("example.test", "@ 3600 MX 99 old\n")])
    assert send(updates, lambda m: m.replace(APEX, 5, "MX", "1 mx3")) == "NOERROR"
    assert found(updates, APEX, "MX", "ns2.lab.test") == (5, {f"1 mx3.{APEX}"})


def test_what_is_asked_of_a_server_that_is_behind_is_held_against_its_own_zone() -> None:
    updates = world([ZoneData("example.test", "@ 3600 MX 99 old\n")])
    seen = (lambda m: m.present(APEX, "MX", "10 mx", "20 mx2"), lambda m: m.replace(APEX, 5, "MX", "1 mx3"))
    assert send(updates, *seen, server="ns2.lab.test") == "NXRRSET"
    assert send(updates, *seen, server="ns1.lab.test") == "NOERROR"


@given(st.binary(max_size=80), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_any_bytes_behind_the_header_of_an_update_get_an_answer_and_change_nothing(
    tail: bytes, zones: int, prerequisites: int, changes: int
) -> None:
    updates = world()
    counts = b"".join(count.to_bytes(2) for count in (zones, prerequisites, changes, 0))
    answer = reply(
        b"\x12\x34\x28\0" + counts + tail, updates.names.servers["ns1.lab.test"], datagram=True, updates=updates
    )
    assert answer is not None
    assert answer[:2] == b"\x12\x34"
    assert answer[3] & 0xF in (dns.rcode.FORMERR, dns.rcode.REFUSED, dns.rcode.NOTAUTH)
    assert updates.done == 0

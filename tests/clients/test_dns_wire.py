"""Reading and writing DNS messages, compared with dnspython's own."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.clients.dns_reading import parent_of, read_answer, within
from seppcheck.clients.dns_wire import MX, TXT, question, read
from seppcheck.model.dns import DnsStatus

labels = st.binary(min_size=1, max_size=63)
names = st.lists(labels, min_size=1, max_size=3).map(lambda parts: dns.name.Name([*parts, b""]))


def reply_to(name: str, rdtype: str, *values: str, ttl: int = 300) -> dns.message.Message:
    message = dns.message.make_response(dns.message.make_query(name, rdtype))
    message.flags |= dns.flags.AA
    message.answer.append(dns.rrset.from_text(f"{name}.", ttl, "IN", rdtype, *values))
    return message


def test_a_question_is_the_one_that_dnspython_would_send() -> None:
    ours = dns.message.from_wire(question("www.example.test", "MX", recursive=True).message(4711))

    assert ours.id == 4711
    assert ours.question == dns.message.make_query("www.example.test", "MX").question
    assert (ours.edns, ours.payload) == (0, 1232)
    assert ours.flags == dns.flags.RD


@given(names)
def test_any_name_survives_being_asked_for(name: dns.name.Name) -> None:
    asked = question(name.to_text(), "A", recursive=False).message(1)

    assert dns.message.from_wire(asked).question[0].name == name


@given(st.binary(max_size=300))
def test_reading_any_bytes_raises_nothing(data: bytes) -> None:
    assert read(data).fault or len(data) >= 12


@given(st.data())
def test_reading_a_damaged_reply_raises_nothing(data: st.DataObject) -> None:
    wire = bytearray(reply_to("example.test", "MX", "10 a.example.test.", "20 b.example.test.").to_wire())
    for _ in range(data.draw(st.integers(1, 6))):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))

    read(bytes(wire), rdtype=MX)


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=4))
def test_strings_of_a_txt_record_are_joined_without_loss(strings: list[bytes]) -> None:
    message = reply_to("example.test", "TXT", " ".join('"' + "".join(f"\\{b:03}" for b in s) + '"' for s in strings))

    answer = read_answer(read(message.to_wire()), "example.test", TXT).answer

    assert answer.values == (b"".join(strings).decode("ascii", "backslashreplace"),)


@given(st.lists(st.lists(st.binary(max_size=255), min_size=1, max_size=4), min_size=1, max_size=4, unique_by=tuple))
def test_a_txt_rrset_is_kept_whole_as_master_file_text_with_its_strings_apart(records: list[list[bytes]]) -> None:
    records = [*records, [b"verification=1"]]
    texts = [dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings).to_text() for strings in records]
    message = reply_to("example.test", "TXT", *texts)

    answer = read_answer(read(message.to_wire()), "example.test", TXT).answer

    assert answer.rdata == tuple(sorted(set(texts)))


def test_only_txt_records_have_master_file_text() -> None:
    message = reply_to("example.test", "MX", "10 mx.example.test.")

    assert read_answer(read(message.to_wire()), "example.test", MX).answer.rdata == ()


def test_mx_records_are_ordered_by_preference_and_the_ttl_is_the_rrsets() -> None:
    message = reply_to("example.test", "MX", "100 B.example.test.", "20 a.example.test.", ttl=77)

    answer = read_answer(read(message.to_wire()), "example.test", MX).answer

    assert (answer.status, answer.ttl) == (DnsStatus.ANSWER, 77)
    assert answer.values == ("20 a.example.test.", "100 b.example.test.")


def test_the_longest_ttl_on_the_way_through_aliases_counts() -> None:
    message = reply_to("example.test", "CNAME", "other.test.", ttl=3600)
    message.answer.append(dns.rrset.from_text("other.test.", 60, "IN", "TXT", '"x"'))

    answer = read_answer(read(message.to_wire()), "example.test", TXT).answer

    assert (answer.ttl, answer.aliases) == (3600, ("other.test",))


def test_an_uncommon_type_is_text_as_in_a_zone_file() -> None:
    message = reply_to("_25._tcp.example.test", "TLSA", "3 1 1 " + "ab" * 32)
    tlsa = int(dns.rdatatype.TLSA)

    assert read_answer(read(message.to_wire(), rdtype=tlsa), "_25._tcp.example.test", tlsa).answer.values == (
        "3 1 1 " + "ab" * 32,
    )


def test_a_zone_holds_its_own_name_and_those_below_not_those_that_end_alike() -> None:
    assert within("a.example.test", "example.test")
    assert within("example.test", "example.test")
    assert within("example.test", ".")
    assert not within("anexample.test", "example.test")
    assert (parent_of("a.b"), parent_of("b"), parent_of(".")) == ("b", ".", ".")

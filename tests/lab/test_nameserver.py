"""The real `dig` against the lab's name servers."""

import re
import socket
from collections.abc import Callable

import dns.message
import dns.query
import pytest

from seppcheck.lab.world import Lab

Dig = Callable[..., str]
MICROSOFT = "kunde-test.mail.protection.outlook.com."


def status(output: str) -> str:
    found = re.search(r"status: (\w+)", output)
    return found[1] if found else ""


def flags(output: str) -> set[str]:
    found = re.search(r"^;; flags: ([\w ]+);", output, re.MULTILINE)
    return set(found[1].split()) if found else set()


def section(output: str, name: str) -> list[list[str]]:
    found = re.search(rf"^;; {name} SECTION:\n(.*?)\n\n", output, re.MULTILINE | re.DOTALL)
    return [line.split() for line in found[1].splitlines()] if found else []


@pytest.mark.parametrize("server", ["ns1.lab.test", "ns2.lab.test"])
@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_each_server_answers_with_authority_when_recursion_is_not_desired(
    lab: Lab, dig: Dig, server: str, transport: str
) -> None:
    output = dig(lab, "kunde.test", "MX", "+norecurse", transport, server=server)
    assert status(output) == "NOERROR"
    assert "aa" in flags(output)
    assert "ra" not in flags(output)
    assert section(output, "ANSWER") == [["kunde.test.", "5", "IN", "MX", "0", MICROSOFT]]


def test_a_question_with_recursion_desired_is_answered_as_by_a_resolver(lab: Lab, dig: Dig) -> None:
    output = dig(lab, "secure.secmail365.test", "A")
    assert {"rd", "ra"} <= flags(output)
    assert "aa" not in flags(output)
    assert section(output, "ANSWER") == [["secure.secmail365.test.", "300", "IN", "A", "127.0.0.1"]]


def test_a_name_that_does_not_exist_and_one_without_the_type_are_told_apart_each_with_its_soa(
    lab: Lab, dig: Dig
) -> None:
    absent = dig(lab, "nobody.kunde.test", "A", "+norecurse")
    empty = dig(lab, "kunde.test", "AAAA", "+norecurse")
    assert (status(absent), status(empty)) == ("NXDOMAIN", "NOERROR")
    for output in (absent, empty):
        assert section(output, "ANSWER") == []
        assert section(output, "AUTHORITY")[0][:4] == ["kunde.test.", "60", "IN", "SOA"]


def test_a_name_with_nothing_but_names_below_it_exists(lab: Lab, dig: Dig) -> None:
    assert status(dig(lab, "protection.outlook.com", "A", "+norecurse")) == "NOERROR"


def test_the_parent_names_the_servers_of_the_child_and_the_root_those_of_the_parent(lab: Lab, dig: Dig) -> None:
    for zone in (".", "test", "kunde.test"):
        servers = {record[-1] for record in section(dig(lab, zone, "NS", "+norecurse"), "ANSWER")}
        assert servers == {"ns1.lab.test.", "ns2.lab.test."}


def test_names_are_compared_without_case_and_come_back_as_they_were_asked(lab: Lab, dig: Dig) -> None:
    assert section(dig(lab, "KuNdE.tEsT", "MX"), "ANSWER")[0][0] == "KuNdE.tEsT."


def test_loopback_addresses_resolve_back_to_the_gateway(lab: Lab, dig: Dig) -> None:
    for address in lab.smtp_addresses:
        assert section(dig(lab, "-x", address), "ANSWER")[0][-1] == "secure.secmail365.test."


@pytest.mark.parametrize("question", [("kunde.test", "ANY"), ("-c", "CH", "version.bind", "TXT")])
def test_what_no_zone_is_for_is_refused(lab: Lab, dig: Dig, question: tuple[str, ...]) -> None:
    assert status(dig(lab, *question)) == "REFUSED"


def test_a_zone_transfer_is_refused(lab: Lab, dig: Dig) -> None:
    assert "Transfer failed" in dig(lab, "kunde.test", "AXFR")


def test_an_answer_too_large_for_udp_is_truncated_and_whole_over_tcp(own_lab: Lab, dig: Dig) -> None:
    own_lab.names.replace("kunde.test", "TXT", *(f'"{number:0200}"' for number in range(8)))
    assert "tc" in flags(dig(own_lab, "kunde.test", "TXT", "+ignore", "+notcp"))
    followed = dig(own_lab, "kunde.test", "TXT")
    assert "tc" not in flags(followed)
    assert len(section(followed, "ANSWER")) == 8


def test_without_edns_an_answer_is_at_most_512_octets(own_lab: Lab) -> None:
    own_lab.names.replace("kunde.test", "TXT", *(f'"{number:0200}"' for number in range(4)))
    query = dns.message.make_query("kunde.test", "TXT", use_edns=False)
    answer = dns.query.udp(query, own_lab.name_servers["ns1.lab.test"][0], port=own_lab.dns_port, timeout=5)
    assert len(answer.to_wire()) <= 512


def test_an_unknown_edns_version_is_told_so(lab: Lab, dig: Dig) -> None:
    assert status(dig(lab, "kunde.test", "MX", "+edns=1", "+noednsnegotiation")) == "BADVERS"


def test_a_change_is_seen_at_once_on_one_server_alone(own_lab: Lab, dig: Dig) -> None:
    own_lab.names.replace("kunde.test", "MX", f"0 {MICROSOFT}", ttl=3600, server="ns2.lab.test")
    first, second = (
        section(dig(own_lab, "kunde.test", "MX", server=server), "ANSWER")[0][1] for server in own_lab.name_servers
    )
    assert (first, second) == ("5", "3600")


def test_the_serial_number_grows_with_a_change(own_lab: Lab, dig: Dig) -> None:
    before = section(dig(own_lab, "kunde.test", "SOA"), "ANSWER")[0][6]
    own_lab.names.remove("kunde.test", "TXT")
    after = section(dig(own_lab, "kunde.test", "SOA"), "ANSWER")[0][6]
    assert int(after) > int(before)


def test_a_resolver_follows_an_alias_into_another_zone(own_lab: Lab, dig: Dig) -> None:
    own_lab.names.replace("mx.kunde.test", "CNAME", "secure.secmail365.test.")
    answer = section(dig(own_lab, "mx.kunde.test", "A"), "ANSWER")
    assert [(record[3], record[4]) for record in answer] == [
        ("CNAME", "secure.secmail365.test."),
        ("A", "127.0.0.1"),
    ]


def test_a_loop_of_aliases_ends(own_lab: Lab, dig: Dig) -> None:
    own_lab.names.replace("a.kunde.test", "CNAME", "b.kunde.test.")
    own_lab.names.replace("b.kunde.test", "CNAME", "a.kunde.test.")
    assert status(dig(own_lab, "a.kunde.test", "A")) == "SERVFAIL"


def test_noise_is_survived(lab: Lab, dig: Dig) -> None:
    address = (lab.name_servers["ns1.lab.test"][0], lab.dns_port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for noise in (b"", b"\0", b"\xff" * 12, b"\0" * 600, b"GET / HTTP/1.1\r\n\r\n"):
            sock.sendto(noise, address)
    with socket.create_connection(address, timeout=5) as sock:
        sock.sendall(b"\xff\xff\0")
    assert status(dig(lab, "kunde.test", "MX")) == "NOERROR"

"""The DNS client against real name servers: losing packets, TCP, limits, names."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import subprocess
import sys

import pytest

from seppcheck.api import DnsStatus
from seppcheck.clients.dns import DnsClient, dns_client
from seppcheck.clients.dns_faults import fault_of
from seppcheck.settings import Settings
from tests.peers.dns_world import FIRST, LAME, NOBODY, PARENT, RESOLVER, SILENT, DnsWorld


def client_of(dns: DnsWorld, *resolvers: str, timeout: float = 1.0) -> DnsClient:
    return dns_client(dns.settings(*resolvers, timeout=timeout))


async def test_an_answer_too_big_for_udp_comes_over_tcp_joined(dns: DnsWorld) -> None:
    client = client_of(dns)
    answer = await client.ask(FIRST, "big.texts.test", "TXT")
    await client.aclose()

    assert answer.status is DnsStatus.ANSWER
    assert len(answer.values[0]) == 9 * 201


async def test_bytes_beyond_ascii_stay_visible(dns: DnsWorld) -> None:
    client = client_of(dns)
    answer = await client.lookup("bytes.texts.test", "TXT")
    await client.aclose()

    assert answer.values == ("caf\\xc3\\xa9 \x1b[31m<script>",)


async def test_a_lost_query_is_sent_once_more(dns: DnsWorld) -> None:
    client = client_of(dns)
    dns.first.drop = 1
    answer = await client.ask(FIRST, "example.test", "MX")
    await client.aclose()

    assert answer.status is DnsStatus.ANSWER


async def test_an_answer_without_authority_is_lame(dns: DnsWorld) -> None:
    client = client_of(dns)
    referral, cached = await client.ask(PARENT, "example.test", "MX"), await client.ask(RESOLVER, "example.test", "MX")
    await client.aclose()

    assert (referral.status, referral.detail) == (DnsStatus.LAME, "refers to the servers of example.test")
    assert (cached.status, cached.values) == (DnsStatus.LAME, ())


async def test_statuses_of_real_servers_stay_apart(dns: DnsWorld) -> None:
    client = client_of(dns, timeout=0.3)
    questions = {
        (FIRST, "missing.example.test"): DnsStatus.NXDOMAIN,
        (FIRST, "secure.example.test"): DnsStatus.NODATA,
        (FIRST, "broken.test"): DnsStatus.SERVFAIL,
        (LAME, "example.test"): DnsStatus.REFUSED,
        (SILENT, "example.test"): DnsStatus.TIMEOUT,
        (NOBODY, "example.test"): DnsStatus.UNREACHABLE,
    }
    answers = await asyncio.gather(*(client.ask(address, name, "MX") for address, name in questions))
    await client.aclose()

    assert [answer.status for answer in answers] == list(questions.values())


async def test_a_host_that_refused_once_is_asked_anew_and_refuses_again(dns: DnsWorld) -> None:
    client = client_of(dns)
    answers = [await client.ask(NOBODY, "example.test", "MX") for _ in range(2)]
    await client.aclose()

    assert [answer.status for answer in answers] == [DnsStatus.UNREACHABLE] * 2


async def test_without_configured_resolvers_the_systems_are_asked() -> None:
    client = dns_client(Settings())
    await client.aclose()

    assert all(ipaddress.ip_address(address.partition("%")[0]) for address in client.resolvers)


async def test_case_and_trailing_dot_make_no_difference(dns: DnsWorld) -> None:
    client = client_of(dns)
    names = ("Secure.EXAMPLE.test.", "secure.example.test")
    answers = [await client.lookup(name, "A") for name in names]
    await client.aclose()

    assert answers[0] == answers[1]
    assert answers[0].values == ("192.0.2.25",)


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".test", "a." * 130 + "test"])
async def test_what_is_no_name_is_malformed_and_never_sent(dns: DnsWorld, name: str) -> None:
    client = client_of(dns)
    answer = await client.lookup(name, "A")
    await client.aclose()

    assert answer.status is DnsStatus.MALFORMED


async def test_an_uncommon_type_is_read_too(dns: DnsWorld) -> None:
    client = client_of(dns)
    answer = await client.lookup("old.example.test", "DNAME")
    await client.aclose()

    assert answer.values == ("example.test.",)


async def test_no_resolver_at_all_is_unreachable() -> None:
    client = DnsClient((), port=53, authoritative_port=53, timeout=1)
    answer = await client.lookup("example.test", "A")
    await client.aclose()

    assert (answer.status, answer.detail) == (DnsStatus.UNREACHABLE, "there is no resolver to ask")


async def test_an_address_that_never_answers_does_not_hold_up_many_questions(dns: DnsWorld) -> None:
    client = client_of(dns, timeout=0.3)
    async with asyncio.timeout(2):
        answers = await asyncio.gather(*(client.ask(SILENT, f"n{n}.test", "MX") for n in range(2000)))
    await client.aclose()

    assert {answer.status for answer in answers} == {DnsStatus.TIMEOUT}
    assert "was not asked" in answers[-1].detail


async def test_many_questions_are_all_answered_over_few_sockets(dns: DnsWorld) -> None:
    client = client_of(dns, timeout=5)
    answers = await asyncio.gather(*(client.ask(FIRST, f"n{n}.example.test", "MX") for n in range(1000)))
    sockets = len(client._resolvers.transport._open)
    await client.aclose()

    assert {answer.status for answer in answers} == {DnsStatus.NXDOMAIN}
    assert sockets <= 3


async def test_one_who_is_cancelled_leaves_the_question_to_the_others(dns: DnsWorld) -> None:
    client = client_of(dns)
    first = asyncio.ensure_future(client.lookup("secure.example.test", "A"))
    second = asyncio.ensure_future(client.lookup("secure.example.test", "A"))
    await asyncio.sleep(0)
    first.cancel()
    answer = await second
    await client.aclose()

    assert answer.status is DnsStatus.ANSWER


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_no_route_of_this_machine_is_no_route_and_a_routers_word_is_unreachable(number: int) -> None:
    error = OSError(number, "no way")

    assert fault_of(error).status is DnsStatus.NO_ROUTE
    assert fault_of(error, local=False).status is DnsStatus.UNREACHABLE


def test_every_exception_that_dnspython_can_raise_here_has_a_meaning() -> None:
    code = """
import dns.exception, dns.rdtypes.ANY.TLSA
from seppcheck.clients import dns as client
from seppcheck.clients.dns_faults import meaning_of
def below(kind):
    for child in kind.__subclasses__():
        yield child
        yield from below(child)
found = list(below(dns.exception.DNSException))
print(len(found), *(f"{k.__module__}.{k.__qualname__}" for k in found if meaning_of(k) is None))
"""
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    count, *unmapped = run.stdout.split()

    assert int(count) > 20
    assert unmapped == []


def test_only_the_dnspython_modules_that_are_needed_are_imported() -> None:
    code = (
        "import sys; from seppcheck.clients import dns; print(*sorted(m for m in sys.modules if m.startswith('dns.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert not {"dns.resolver", "dns.query", "dns.asyncquery", "dns.message"} & set(run.stdout.split())

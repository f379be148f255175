"""The examples of RFC 7208: appendix A, and the macros of section 7.4."""

from __future__ import annotations

import pytest

from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.sources.spf_evaluation import Identity, check_host
from seppcheck.sources.spf_macros import domain_spec, expand
from seppcheck.sources.spf_questions import Lookup

# The zones of appendix A: the domain, a related one, their reverse zone, and one that lies.
APPENDIX_A = {
    ("example.com", "MX"): ("10 mail-a.example.com.", "20 mail-b.example.com."),
    ("example.com", "A"): ("192.0.2.10", "192.0.2.11"),
    ("amy.example.com", "A"): ("192.0.2.65",),
    ("bob.example.com", "A"): ("192.0.2.66",),
    ("mail-a.example.com", "A"): ("192.0.2.129",),
    ("mail-b.example.com", "A"): ("192.0.2.130",),
    ("www.example.com", "A"): ("192.0.2.10", "192.0.2.11"),
    ("example.org", "MX"): ("10 mail-c.example.org.",),
    ("mail-c.example.org", "A"): ("192.0.2.140",),
    ("10.2.0.192.in-addr.arpa", "PTR"): ("example.com.",),
    ("11.2.0.192.in-addr.arpa", "PTR"): ("example.com.",),
    ("65.2.0.192.in-addr.arpa", "PTR"): ("amy.example.com.",),
    ("66.2.0.192.in-addr.arpa", "PTR"): ("bob.example.com.",),
    ("129.2.0.192.in-addr.arpa", "PTR"): ("mail-a.example.com.",),
    ("130.2.0.192.in-addr.arpa", "PTR"): ("mail-b.example.com.",),
    ("140.2.0.192.in-addr.arpa", "PTR"): ("mail-c.example.org.",),
    ("4.0.0.10.in-addr.arpa", "PTR"): ("bob.example.com.",),
}
HOSTS = (
    "192.0.2.10",
    "192.0.2.11",
    "192.0.2.65",
    "192.0.2.66",
    "192.0.2.129",
    "192.0.2.130",
    "192.0.2.140",
    "10.0.0.4",
)


def lookup_in(table: dict[tuple[str, str], tuple[str, ...]]) -> Lookup:
    async def lookup(name: str, rdtype: str) -> DnsAnswer:
        found = table.get((name.lower(), rdtype), ())
        return DnsAnswer(DnsStatus.ANSWER if found else DnsStatus.NXDOMAIN, found)

    return lookup


async def passing(record: str, hosts: tuple[str, ...] = HOSTS) -> set[str]:
    lookup = lookup_in({**APPENDIX_A, ("example.com", "TXT"): (record,)})
    verdicts = [await check_host(host, Identity("example.com", "h.example.com"), lookup) for host in hosts]
    assert {verdict.result for verdict in verdicts} <= {"pass", "fail"}
    return {verdict.address for verdict in verdicts if verdict.result == "pass"}


@pytest.mark.parametrize(
    ("record", "addresses"),
    [
        ("v=spf1 +all", set(HOSTS)),
        ("v=spf1 a -all", {"192.0.2.10", "192.0.2.11"}),
        ("v=spf1 a:example.org -all", set()),
        ("v=spf1 mx -all", {"192.0.2.129", "192.0.2.130"}),
        ("v=spf1 mx:example.org -all", {"192.0.2.140"}),
        ("v=spf1 mx mx:example.org -all", {"192.0.2.129", "192.0.2.130", "192.0.2.140"}),
        ("v=spf1 mx/30 mx:example.org/30 -all", {"192.0.2.129", "192.0.2.130", "192.0.2.140"}),
        ("v=spf1 ptr -all", {*HOSTS} - {"192.0.2.140", "10.0.0.4"}),
        ("v=spf1 ip4:192.0.2.128/28 -all", {"192.0.2.129", "192.0.2.130", "192.0.2.140"}),
    ],
)
async def test_appendix_a_1_simple_examples(record: str, addresses: set[str]) -> None:
    assert await passing(record) == addresses


@pytest.mark.parametrize(("last", "passes"), [(127, False), (128, True), (131, True), (132, False), (143, True)])
async def test_appendix_a_1_networks_around_mail_hosts(last: int, passes: bool) -> None:
    address = f"192.0.2.{last}"

    assert await passing("v=spf1 mx/30 mx:example.org/30 -all", (address,)) == ({address} if passes else set())


@pytest.mark.parametrize(
    ("domain", "address", "result"),
    [
        ("example.org", "192.0.2.129", "pass"),
        ("example.org", "192.0.2.7", "pass"),
        ("example.org", "203.0.113.1", "fail"),
        ("la.example.org", "192.0.2.129", "pass"),
        ("la.example.org", "203.0.113.1", "fail"),
        ("sf.example.org", "192.0.2.7", "pass"),
    ],
)
async def test_appendix_a_2_several_domains_share_one_policy(domain: str, address: str, result: str) -> None:
    lookup = lookup_in(
        {
            **APPENDIX_A,
            ("example.org", "TXT"): ("v=spf1 include:example.com include:example.net -all",),
            ("la.example.org", "TXT"): ("v=spf1 redirect=example.org",),
            ("sf.example.org", "TXT"): ("v=spf1 redirect=example.org",),
            ("example.com", "TXT"): ("v=spf1 mx -all",),
            ("example.net", "TXT"): ("v=spf1 ip4:192.0.2.7 -all",),
        }
    )

    assert (await check_host(address, Identity(domain, "h.example.com"), lookup)).result == result


@pytest.mark.parametrize(
    ("local", "address", "result"),
    [
        ("mary", "203.0.113.1", "pass"),
        ("fred", "203.0.113.1", "pass"),
        ("joel", "192.168.15.15", "pass"),
        ("joel", "203.0.113.1", "fail"),
        ("amy", "192.0.2.129", "pass"),
        ("amy", "203.0.113.1", "fail"),
    ],
)
async def test_appendix_a_3_senders_are_listed_as_in_a_dnsbl(local: str, address: str, result: str) -> None:
    lookup = lookup_in(
        {
            **APPENDIX_A,
            ("example.com", "TXT"): ("v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all",),
            ("mobile-users._spf.example.com", "TXT"): ("v=spf1 exists:%{l1r+}.%{d}",),
            ("remote-users._spf.example.com", "TXT"): ("v=spf1 exists:%{ir}.%{l1r+}.%{d}",),
            ("mary.mobile-users._spf.example.com", "A"): ("127.0.0.2",),
            ("fred.mobile-users._spf.example.com", "A"): ("127.0.0.2",),
            ("15.15.168.192.joel.remote-users._spf.example.com", "A"): ("127.0.0.2",),
        }
    )

    assert (await check_host(address, Identity("example.com", "h.example.com", local), lookup)).result == result


@pytest.mark.parametrize(("address", "result"), [("192.0.2.65", "pass"), ("192.0.2.140", "fail"), ("10.0.0.4", "fail")])
async def test_appendix_a_4_several_requirements_must_hold(address: str, result: str) -> None:
    lookup = lookup_in(
        {
            **APPENDIX_A,
            ("example.com", "TXT"): ("v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all",),
            ("ip4._spf.example.com", "TXT"): ("v=spf1 -ip4:192.0.2.0/24 +all",),
            ("ptr._spf.example.com", "TXT"): ("v=spf1 -ptr:example.com +all",),
        }
    )

    assert (await check_host(address, Identity("example.com", "h.example.com"), lookup)).result == result


SENDER = {
    "s": "strong-bad@email.example.com",
    "l": "strong-bad",
    "o": "email.example.com",
    "d": "email.example.com",
    "i": "192.0.2.3",
    "v": "in-addr",
    "h": "mx.example.org",
    "p": "mx.example.org",
}
IPV6 = "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1"


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ],
)
def test_section_7_4_macros_for_ipv4(spec: str, name: str) -> None:
    assert expand(domain_spec(spec), SENDER) == name


def test_section_7_4_macros_for_ipv6() -> None:
    values = {**SENDER, "i": IPV6, "v": "ip6"}

    assert expand(domain_spec("%{ir}.%{v}._spf.%{d2}"), values) == (
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    )

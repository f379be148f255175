"""check_host() of RFC 7208: every mechanism, every limit, every way to fail."""

from __future__ import annotations

import pytest

from seppcheck.model.dns import DnsAnswer, DnsStatus, SpfResult, SpfVerdict
from seppcheck.sources.spf_evaluation import MOST_TRACE_LINES, Identity, check_host
from seppcheck.sources.spf_questions import MOST_QUESTIONS

V4, V6 = "192.0.2.25", "2001:db8::25"
DOMAIN = "example.org"
Table = dict[tuple[str, str], tuple[str, ...] | DnsStatus]


class Zone:
    """Answers from a table. A name of which it holds nothing does not exist."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, name: str, rdtype: str) -> DnsAnswer:
        self.asked.append((name, rdtype))
        found = self.table.get((name.lower(), rdtype), ())
        if isinstance(found, DnsStatus):
            return DnsAnswer(found)
        if found:
            return DnsAnswer(DnsStatus.ANSWER, found, 300)
        known = any(name.lower() == owner for owner, _ in self.table)
        return DnsAnswer(DnsStatus.NODATA if known else DnsStatus.NXDOMAIN)


async def judge(record: str, table: Table | None = None, address: str = V4, **identity: str) -> SpfVerdict:
    zone = Zone({(DOMAIN, "TXT"): (record,), **(table or {})})
    return await check_host(address, Identity(**{"domain": DOMAIN, "helo": "gw.example.org", **identity}), zone)


@pytest.mark.parametrize(
    ("record", "result", "mechanism"),
    [
        ("v=spf1 +all", "pass", "+all"),
        ("v=spf1 all", "pass", "all"),
        ("v=spf1 -all", "fail", "-all"),
        ("v=spf1 ~all", "softfail", "~all"),
        ("v=spf1 ?all", "neutral", "?all"),
        ("v=spf1", "neutral", ""),
        ("v=spf1 ", "neutral", ""),
        ("V=SPF1   -ALL  ", "fail", "-ALL"),
        ("v=spf1 ip4:192.0.2.25 -all", "pass", "ip4:192.0.2.25"),
        ("v=spf1 IP4:192.0.2.0/24 -all", "pass", "IP4:192.0.2.0/24"),
        ("v=spf1 ip4:192.0.2.24/32 -all", "fail", "-all"),
        ("v=spf1 ip4:0.0.0.0/0 -all", "pass", "ip4:0.0.0.0/0"),
        ("v=spf1 -ip4:192.0.2.25 +all", "fail", "-ip4:192.0.2.25"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail", "-all"),
        ("v=spf1 ip6:::/0 -all", "fail", "-all"),
    ],
)
async def test_terms_without_dns_need_no_question(record: str, result: str, mechanism: str) -> None:
    verdict = await judge(record)

    assert (verdict.result, verdict.mechanism) == (result, mechanism)
    assert (verdict.lookups, verdict.voids, verdict.problem) == (0, 0, "")


@pytest.mark.parametrize("term", ["ip6:2001:db8::25", "ip6:2001:DB8:0:0:0:0:0:25", "ip6:2001:db8::/32", "ip6:::/0"])
async def test_an_ipv6_address_matches_ip6(term: str) -> None:
    assert (await judge(f"v=spf1 {term} -all", address=V6)).result is SpfResult.PASS


async def test_a_mapped_address_counts_as_ipv4() -> None:
    verdict = await judge("v=spf1 ip4:192.0.2.25 -all", address="::ffff:192.0.2.25")

    assert verdict.result is SpfResult.PASS
    assert verdict.address == "::ffff:192.0.2.25"


@pytest.mark.parametrize(
    ("term", "address", "result"),
    [
        ("a", V4, "pass"),
        ("a:mail.example.org", V4, "fail"),
        ("a:mail.example.org/24", V4, "pass"),
        ("a:mail.example.org/24//128", V4, "pass"),
        ("a:mail.example.org//0", V4, "fail"),
        ("a/0", "198.51.100.1", "pass"),
        ("a:MAIL.example.org.", "192.0.2.9", "pass"),
        ("a:mail.example.org", V6, "fail"),
        ("a:mail.example.org//64", V6, "pass"),
        ("a:mail.example.org/0//64", "2001:db8:1::1", "fail"),
        ("mx", "192.0.2.9", "pass"),
        ("mx", V4, "fail"),
        ("mx/24", V4, "pass"),
        ("mx//64", V6, "pass"),
        ("mx:example.org", "192.0.2.9", "pass"),
        ("mx:mail.example.org", "192.0.2.9", "fail"),
        ("exists:mail.example.org", V4, "pass"),
        ("exists:mail.example.org", V6, "pass"),
        ("exists:nothing.example.org", V4, "fail"),
    ],
)
async def test_terms_that_ask_dns_match_by_address(term: str, address: str, result: str) -> None:
    table: Table = {
        (DOMAIN, "A"): (V4,),
        (DOMAIN, "MX"): ("10 mail.example.org.", "20 mail.example.org."),
        ("mail.example.org", "A"): ("192.0.2.9",),
        ("mail.example.org", "AAAA"): ("2001:db8::9",),
    }

    verdict = await judge(f"v=spf1 {term} -all", table, address)

    assert (verdict.result, verdict.lookups) == (result, 1)


async def test_a_null_mx_matches_nothing_and_asks_no_address() -> None:
    zone = Zone({(DOMAIN, "TXT"): ("v=spf1 mx -all",), (DOMAIN, "MX"): ("0 .",)})

    verdict = await check_host(V4, Identity(DOMAIN, "h"), zone)

    assert verdict.result is SpfResult.FAIL
    assert zone.asked == [(DOMAIN, "TXT"), (DOMAIN, "MX")]


REVERSE = "25.2.0.192.in-addr.arpa"


@pytest.mark.parametrize(
    ("term", "names", "result"),
    [
        ("ptr", ("gw.example.org.",), "pass"),
        ("ptr", ("GW.Example.ORG.",), "pass"),
        ("ptr:example.com", ("gw.example.org.",), "fail"),
        ("ptr", ("liar.example.org.",), "fail"),
        ("ptr", ("notexample.org.",), "fail"),
        ("ptr", ("liar.example.org.", "gw.example.org."), "pass"),
        ("ptr", (*(f"x{i}.example.com." for i in range(10)), "gw.example.org."), "fail"),
    ],
)
async def test_ptr_takes_the_first_ten_confirmed_names(term: str, names: tuple[str, ...], result: str) -> None:
    table: Table = {
        (REVERSE, "PTR"): names,
        ("gw.example.org", "A"): (V4,),
        ("liar.example.org", "A"): ("203.0.113.1",),
        ("notexample.org", "A"): (V4,),
        **{(f"x{i}.example.com", "A"): (V4,) for i in range(10)},
    }

    assert (await judge(f"v=spf1 {term} -all", table)).result == result


async def test_ptr_works_for_ipv6() -> None:
    reverse = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    table: Table = {(reverse, "PTR"): ("gw.example.org.",), ("gw.example.org", "AAAA"): (V6,)}

    assert (await judge("v=spf1 ptr -all", table, V6)).result is SpfResult.PASS


@pytest.mark.parametrize("missing", [(REVERSE, "PTR"), ("gw.example.org", "A")])
async def test_a_ptr_that_could_not_be_looked_up_is_never_a_pass(missing: tuple[str, str]) -> None:
    table: Table = {(REVERSE, "PTR"): ("gw.example.org.",), missing: DnsStatus.SERVFAIL}

    assert (await judge("v=spf1 -ptr +all", table)).result is SpfResult.TEMPERROR


async def test_one_confirmed_name_is_enough_for_ptr() -> None:
    table: Table = {
        (REVERSE, "PTR"): ("slow.example.org.", "gw.example.org."),
        ("slow.example.org", "A"): DnsStatus.TIMEOUT,
        ("gw.example.org", "A"): (V4,),
    }

    assert (await judge("v=spf1 ptr -all", table)).result is SpfResult.PASS


@pytest.mark.parametrize(
    ("inner", "result"),
    [
        ("v=spf1 +all", "pass"),
        ("v=spf1 -all", "neutral"),
        ("v=spf1 ~all", "neutral"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("v=spf1 nonsense", "permerror"),
        ("unrelated", "permerror"),
        (DnsStatus.TIMEOUT, "temperror"),
        (DnsStatus.NXDOMAIN, "permerror"),
    ],
)
async def test_include_follows_the_table_of_section_5_2(inner: str | DnsStatus, result: str) -> None:
    table: Table = {("inner.example", "TXT"): inner if isinstance(inner, DnsStatus) else (inner,)}

    assert (await judge("v=spf1 include:inner.example ?all", table)).result == result


@pytest.mark.parametrize(
    ("inner", "result"),
    [
        ("v=spf1 -all", "fail"),
        ("v=spf1 a -all", "pass"),
        ("v=spf1", "neutral"),
        ("v=spf1 include:", "permerror"),
        (DnsStatus.NXDOMAIN, "permerror"),
        (DnsStatus.NODATA, "permerror"),
        (DnsStatus.REFUSED, "temperror"),
    ],
)
async def test_redirect_takes_the_result_of_the_other_record(inner: str | DnsStatus, result: str) -> None:
    table: Table = {
        ("other.example", "TXT"): inner if isinstance(inner, DnsStatus) else (inner,),
        ("other.example", "A"): (V4,),
    }

    assert (await judge("v=spf1 ip4:192.0.2.1 redirect=other.example", table)).result == result


async def test_redirect_is_ignored_where_all_stands_and_is_no_lookup_then() -> None:
    verdict = await judge("v=spf1 redirect=nothing.example ?all")

    assert (verdict.result, verdict.lookups) == (SpfResult.NEUTRAL, 0)


async def test_an_explanation_is_neither_fetched_nor_counted() -> None:
    verdict = await judge("v=spf1 -all exp=explain._spf.%{d}")

    assert (verdict.result, verdict.lookups) == (SpfResult.FAIL, 0)


@pytest.mark.parametrize(
    "status",
    [
        DnsStatus.SERVFAIL,
        DnsStatus.REFUSED,
        DnsStatus.LAME,
        DnsStatus.TIMEOUT,
        DnsStatus.TRUNCATED,
        DnsStatus.UNREACHABLE,
        DnsStatus.MALFORMED,
        DnsStatus.NO_ROUTE,
    ],
)
@pytest.mark.parametrize(
    ("record", "question"),
    [
        ("v=spf1 +all", (DOMAIN, "TXT")),
        ("v=spf1 -a +all", (DOMAIN, "A")),
        ("v=spf1 -mx +all", (DOMAIN, "MX")),
        ("v=spf1 -mx:mx.example +all", ("host.example", "A")),
        ("v=spf1 -exists:e.example +all", ("e.example", "A")),
        ("v=spf1 -include:i.example +all", ("i.example", "TXT")),
        ("v=spf1 -exists:%{p}.example +all", (REVERSE, "PTR")),
    ],
)
async def test_a_question_without_an_answer_is_a_temperror(
    record: str, question: tuple[str, str], status: DnsStatus
) -> None:
    verdict = await judge(record, {("mx.example", "MX"): ("10 host.example.",), question: status})

    assert verdict.result is SpfResult.TEMPERROR
    assert question[0] in str(verdict.problem)
    assert status.value in str(verdict.problem)


@pytest.mark.parametrize(
    ("texts", "result"),
    [
        ((), "none"),
        (("something else",), "none"),
        (("v=spf10 -all", "v=spf1; -all", "v=spf2.0/pra -all", " v=spf1 -all"), "none"),
        (("v=spf1 -all", "v=spf2.0/pra +all"), "fail"),
        (("v=spf1 -all", "v=spf1 -all"), "permerror"),
        (("v=spf1", "V=SPF1 +all"), "permerror"),
    ],
)
async def test_a_record_is_chosen_among_the_texts(texts: tuple[str, ...], result: str) -> None:
    verdict = await check_host(V4, Identity(DOMAIN, "h"), Zone({(DOMAIN, "TXT"): texts}))

    assert verdict.result == result


@pytest.mark.parametrize("domain", ["", "localhost", "a..example", ".example", "x" * 64 + ".example", "a." * 130 + "b"])
async def test_a_domain_that_cannot_be_one_has_no_result_and_is_not_asked_for(domain: str) -> None:
    zone = Zone({})

    assert (await check_host(V4, Identity(domain, "h"), zone)).result is SpfResult.NONE
    assert zone.asked == []


async def test_ten_terms_may_ask_and_the_eleventh_is_an_error() -> None:
    table: Table = {("h.example", "A"): ("203.0.113.1",), ("other.example", "TXT"): ("v=spf1 +all",)}
    ten = "a:h.example " * 9

    allowed = await judge(f"v=spf1 {ten} redirect=other.example", table)
    beyond = await judge(f"v=spf1 {ten} exists:h.nowhere redirect=other.example", table)

    assert (allowed.result, allowed.lookups) == (SpfResult.PASS, 10)
    assert beyond.result is SpfResult.PERMERROR
    assert DOMAIN in str(beyond.problem)


async def test_terms_behind_the_one_that_matches_are_not_counted() -> None:
    verdict = await judge("v=spf1 a " + "include:nothing.example " * 20, {(DOMAIN, "A"): (V4,)})

    assert (verdict.result, verdict.lookups) == (SpfResult.PASS, 1)


async def test_terms_of_included_records_count() -> None:
    table: Table = {
        ("i.example", "TXT"): ("v=spf1 " + "a:h.example " * 8,),
        ("h.example", "A"): ("203.0.113.1",),
    }

    assert (await judge("v=spf1 include:i.example a:h.example ?all", table)).lookups == 10
    assert (await judge("v=spf1 include:i.example a:h.example a:h.example ?all", table)).result is SpfResult.PERMERROR


@pytest.mark.parametrize(
    ("terms", "result", "voids"),
    [
        ("a:n1.example a:n2.example", "fail", 2),
        ("a:n1.example mx:n2.example exists:n3.example", "permerror", 3),
        ("a:n1.example a:n1.example a:n1.example", "permerror", 3),
        ("mx:mx.example", "permerror", 3),
    ],
)
async def test_two_lookups_may_find_nothing(terms: str, result: str, voids: int) -> None:
    table: Table = {("mx.example", "MX"): ("10 m1.example.", "20 m2.example.", "30 m3.example.")}

    verdict = await judge(f"v=spf1 {terms} -all", table)

    assert (verdict.result, verdict.voids) == (result, voids)


async def test_ten_mx_records_are_allowed_and_eleven_are_not() -> None:
    hosts = [f"10 m{i}.example." for i in range(11)]
    table: Table = {(f"m{i}.example", "A"): ("203.0.113.1",) for i in range(11)}

    ten = await judge("v=spf1 mx -all", {**table, (DOMAIN, "MX"): tuple(hosts[:10])})
    eleven = await judge("v=spf1 mx -all", {**table, (DOMAIN, "MX"): tuple(hosts)})

    assert (ten.result, eleven.result) == (SpfResult.FAIL, SpfResult.PERMERROR)


@pytest.mark.parametrize("record", ["v=spf1 include:example.org -all", "v=spf1 redirect=example.org"])
async def test_a_loop_ends_at_the_limit(record: str) -> None:
    verdict = await judge(record)

    assert (verdict.result, verdict.lookups) == (SpfResult.PERMERROR, 11)


async def test_a_chain_of_includes_ends_at_the_limit() -> None:
    table: Table = {(f"c{i}.example", "TXT"): (f"v=spf1 include:c{i + 1}.example",) for i in range(1000)}

    assert (await judge("v=spf1 include:c0.example", table)).result is SpfResult.PERMERROR


async def test_a_macro_bomb_stays_within_bounds() -> None:
    names = tuple(f"n{i}.example." for i in range(5000))
    table: Table = {
        (REVERSE, "PTR"): names,
        **{(name.removesuffix("."), "A"): ("203.0.113.1",) for name in names},
    }
    bomb = "exists:" + "%{p}%{d}%{s9999999999999999}" * 1500
    zone = Zone({(DOMAIN, "TXT"): (f"v=spf1 {bomb} ?all",), **table})

    verdict = await check_host(V4, Identity(DOMAIN, "h"), zone)

    assert verdict.result is SpfResult.NEUTRAL
    assert len(zone.asked) <= MOST_QUESTIONS
    assert all(len(name) <= 253 for name, _ in zone.asked)
    assert all(len(line) < 400 for line in verdict.trace)


async def test_the_costliest_record_stays_below_the_cap() -> None:
    table: Table = {(REVERSE, "PTR"): tuple(f"n{i}.example." for i in range(50))}
    table |= {(f"n{i}.example", "A"): ("203.0.113.1",) for i in range(50)}
    table |= {(f"d{i}.example", "TXT"): (f"v=spf1 exists:%{{p}}.x include:d{i + 1}.example",) for i in range(9)}
    table |= {("unknown.x", "A"): ("127.0.0.2",)}
    zone = Zone({(DOMAIN, "TXT"): ("v=spf1 -ptr -include:d0.example +all",), **table})

    await check_host(V4, Identity(DOMAIN, "h"), zone)

    assert len(zone.asked) < MOST_QUESTIONS


async def test_a_record_of_thousands_of_terms_has_a_short_trace() -> None:
    verdict = await judge("v=spf1 " + "ip4:203.0.113.1 " * 4000 + "-all")

    assert verdict.result is SpfResult.FAIL
    assert len(verdict.trace) == MOST_TRACE_LINES


async def test_a_record_that_no_server_can_send_is_refused() -> None:
    assert (await judge("v=spf1 " + "a" * 3_000_000)).result is SpfResult.PERMERROR


async def test_macros_see_sender_helo_and_the_current_domain() -> None:
    table: Table = {
        ("inner.example", "TXT"): ("v=spf1 exists:%{l}.%{o}.%{d}.%{h}.%{v}.%{ir}.x.example",),
        ("postmaster.example.org.inner.example.gw.example.org.in-addr.25.2.0.192.x.example", "A"): ("127.0.0.2",),
    }

    assert (await judge("v=spf1 include:inner.example -all", table)).result is SpfResult.PASS


@pytest.mark.parametrize(
    ("names", "expansion"),
    [
        (("a.example.", "gw.example.org.", "example.org."), "example.org"),
        (("a.example.", "gw.example.org."), "gw.example.org"),
        (("a.example.",), "a.example"),
        (("liar.example.",), "unknown"),
    ],
)
async def test_the_p_macro_prefers_the_domain_then_names_below_it(names: tuple[str, ...], expansion: str) -> None:
    confirmed: Table = {(name, "A"): (V4,) for name in ("a.example", "gw.example.org", "example.org")}
    table: Table = {(REVERSE, "PTR"): names, ("liar.example", "A"): ("203.0.113.1",), **confirmed}
    table[f"{expansion}.p.example", "A"] = ("127.0.0.2",)

    assert (await judge("v=spf1 exists:%{p}.p.example -all", table)).result is SpfResult.PASS


async def test_an_expansion_that_is_no_name_matches_nothing_and_is_not_asked_for() -> None:
    zone = Zone({(DOMAIN, "TXT"): ("v=spf1 a:%{l}..example.org exists:%_.%{d} a:x\\046y.%{d} -all",)})

    verdict = await check_host(V4, Identity(DOMAIN, "h"), zone)

    assert (verdict.result, verdict.voids) == (SpfResult.FAIL, 0)
    assert zone.asked == [(DOMAIN, "TXT")]


async def test_the_trace_tells_every_term_in_order() -> None:
    table: Table = {("i.example", "TXT"): ("v=spf1 ip4:203.0.113.1 -all",)}

    verdict = await judge("v=spf1 include:i.example ip4:192.0.2.0/24 -all", table)

    assert verdict.trace == (
        "i.example: ip4:203.0.113.1 does not match",
        "i.example: -all matches",
        "example.org: include:i.example does not match",
        "example.org: ip4:192.0.2.0/24 matches",
    )

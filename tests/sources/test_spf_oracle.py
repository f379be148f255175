"""A second opinion: our SPF evaluation and pyspf's agree on made-up zones.

They differ on purpose in these points, and the zones are made so that they do not meet them:

* pyspf expands every term of a record before it evaluates the first, so `%{p}` costs look-ups that
  RFC 7208 would never make, `redirect=` counts even where a mechanism matches, and a record that
  includes itself is an error even where an earlier term matches.
* pyspf refuses an unknown modifier that stands there twice; section 6 refuses only `redirect` and `exp`.
* pyspf knows modifiers, and the `r` of a macro, in lower case only; ABNF strings have no case.
* pyspf reads `%{d0}` as `%{d}`; section 7.3 wants a number that is not zero.
* pyspf drops one label of an expansion that is too long; section 7.3 drops as many as it needs.
* pyspf joins parts with the character that split them, other than for `%{s}` and `%{l}`; section 7.3
  joins with dots always.
* pyspf gives up at the first PTR name that cannot be looked up; section 5.5 goes on to the next.
"""

from __future__ import annotations

import asyncio
import contextlib
from ipaddress import ip_address

import pytest
import spf
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from seppcheck.model.dns import DnsAnswer, DnsStatus
from seppcheck.sources.spf_evaluation import Identity, check_host
from seppcheck.sources.spf_macros import SpfSyntaxError, domain_spec, expand, is_queryable, macro_string
from seppcheck.sources.spf_questions import Lookup

NAMES = ("example.org", "a.example.org", "b.example.org", "example.com", "x.example.com")
CLIENTS = ("192.0.2.25", "192.0.2.99", "2001:db8::25")
HELO = "gw.example.org"

Table = dict[tuple[str, str], tuple[str, ...] | None]
"""What a name holds by type; None is a server that does not answer."""


def lookup_in(table: Table) -> Lookup:
    async def lookup(name: str, rdtype: str) -> DnsAnswer:
        found = table.get((name.lower(), rdtype), ())
        if found is None:
            return DnsAnswer(DnsStatus.SERVFAIL)
        return DnsAnswer(DnsStatus.ANSWER if found else DnsStatus.NXDOMAIN, found)

    return lookup


def ours(table: Table, client: str) -> str:
    return asyncio.run(check_host(client, Identity("example.org", HELO), lookup_in(table))).result.value


def pyspfs(table: Table, client: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    def lookup(name: str, rdtype: str, *_: object) -> list[tuple[tuple[str, str], object]]:
        found = table.get((name.lower(), rdtype), ())
        if found is None:
            raise spf.TempError("SERVFAIL")
        return [((name, rdtype), _rdata(rdtype, value)) for value in found]

    monkeypatch.setattr(spf, "DNSLookup", lookup)
    result, _, explanation = spf.query(i=client, s="postmaster@example.org", h=HELO).check()
    return result, explanation


def _rdata(rdtype: str, value: str) -> object:
    if rdtype == "MX":
        preference, host = value.split()
        return int(preference), host.removesuffix(".")
    if rdtype == "TXT":
        return (value.encode(),)
    return value.removesuffix(".")


names = st.sampled_from(NAMES)
specs = st.one_of(
    names, st.sampled_from(["%{d}", "%{o}", "a.%{d2}", "%{ir}.%{v}.x.example.com", "%{h}", "no.example.net"])
)
cidrs = st.sampled_from(["", "", "", "/24", "/0", "//64", "/28//126", "/32", "//128"])
networks = st.sampled_from(
    ["ip4:192.0.2.0/24", "ip4:192.0.2.25", "ip4:203.0.113.1", "ip6:2001:db8::/32", "ip6:2001:db8::99", "ip4:0.0.0.0/0"]
)
broken = st.sampled_from(
    [
        "ip4:192.0.2",
        "ip4:192.0.2.1/33",
        "ip6:zz",
        "a:",
        "a/33",
        "a//129",
        "mx:nodot",
        "all:x",
        "all/8",
        "foo",
        "=a",
        "include",
        "exists",
        "a:%{x}.com",
        "a:x.12",
        "ptr/24",
        "include:example.com/24",
        "ip4",
        "a:%.com",
    ]
)


@st.composite
def mechanisms(draw: st.DrawFn, own: str) -> str:
    spec = draw(specs)
    other = draw(names.filter(lambda name: name != own))
    term = draw(
        st.one_of(
            networks,
            st.builds("a{}".format, cidrs),
            st.builds(lambda cidr: f"a:{spec}{cidr}", cidrs),
            st.builds("mx{}".format, cidrs),
            st.builds(lambda cidr: f"mx:{spec}{cidr}", cidrs),
            st.just(f"include:{other}"),
            st.just(f"exists:{spec}"),
            st.just("ptr"),
            st.just(f"ptr:{spec}"),
            st.just("all"),
        )
    )
    return draw(st.sampled_from(["", "", "+", "-", "~", "?"])) + draw(st.sampled_from([term, term, term.upper()]))


@st.composite
def records(draw: st.DrawFn, own: str) -> str:
    terms = draw(st.lists(mechanisms(own), max_size=5))
    terms += draw(
        st.one_of(st.just([]), st.just([]), names.map(lambda name: [f"redirect={name}"]), st.just(["x=%{d}"]))
    )
    terms += draw(st.sampled_from([[]] * 15 + [["bad"]])) and [draw(broken)]
    return " ".join(["v=spf1", *draw(st.permutations(terms))])


@st.composite
def zones(draw: st.DrawFn) -> Table:
    table: Table = {}
    v4 = st.lists(st.sampled_from(["192.0.2.25", "192.0.2.26", "203.0.113.7"]), max_size=2, unique=True)
    v6 = st.lists(st.sampled_from(["2001:db8::25", "2001:db8::26", "2001:db9::1"]), max_size=2, unique=True)
    exchanges = st.lists(names.map("10 {}.".format), max_size=3, unique=True)
    silent = st.sampled_from([False] * 15 + [True])
    for name in NAMES:
        others = st.sampled_from([(), ("v=spf1 a", "v=spf1 mx")]) if name != "example.org" else st.nothing()
        alone = records(name).map(lambda record: (record,))
        texts = draw(st.one_of(alone, alone, alone, others))
        table[name, "TXT"] = None if draw(silent) else texts
        table[name, "A"] = tuple(draw(v4))
        table[name, "AAAA"] = tuple(draw(v6))
        table[name, "MX"] = None if draw(silent) else tuple(draw(exchanges))
    for client in CLIENTS:
        pointers = st.lists(names.map("{}.".format), max_size=2, unique=True)
        table[ip_address(client).reverse_pointer, "PTR"] = tuple(draw(pointers))
    return table


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=zones(), client=st.sampled_from(CLIENTS))
def test_we_and_pyspf_agree_on_made_up_zones(table: Table, client: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        theirs, explanation = pyspfs(table, client, monkeypatch)
    redirects = any(
        "redirect=" in text for (_, rdtype), texts in table.items() if rdtype == "TXT" for text in texts or ()
    )
    assume(not (redirects and "Too many DNS lookups" in explanation))

    assert ours(table, client) == theirs, explanation


transformers = st.builds("{}{}".format, st.sampled_from(["", "", "1", "2", "3", "99"]), st.sampled_from(["", "r"]))
delimiters = st.sampled_from(["", "", "-", ".", "+-", ",", "/_", "="])
macros = st.one_of(
    st.builds("%{{{}{}}}".format, st.sampled_from("oOdDiIvVhHpP"), transformers),
    st.builds("%{{{}{}{}}}".format, st.sampled_from("sSlL"), transformers, delimiters),
)
specs_of_macros = st.lists(
    st.one_of(macros, st.sampled_from(["%%", "%_", "%-", "a", ".", "x-y.", "_spf."])), min_size=1, max_size=6
).map(lambda parts: "".join(parts) + ".example.org")


@given(spec=specs_of_macros, local=st.sampled_from(["strong-bad", "a+b=c", "x_y/z", "postmaster"]))
def test_we_and_pyspf_expand_macros_alike(spec: str, local: str) -> None:
    query = spf.query(i="192.0.2.3", s=f"{local}@email.example.com", h="mx.example.org")
    query.p = "mail.example.com"
    theirs = query.expand(spec)
    assume(len(theirs) <= 200)

    values = {
        "s": f"{local}@email.example.com",
        "l": local,
        "o": "email.example.com",
        "d": "email.example.com",
        "i": "192.0.2.3",
        "p": "mail.example.com",
        "v": "in-addr",
        "h": "mx.example.org",
    }
    assert expand(domain_spec(spec), values) == theirs


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (macro_string, domain_spec):
        with contextlib.suppress(SpfSyntaxError):
            tokens = read(text)
            assert all(ord(c) < 127 for c in text)
            assert len(expand(tokens, dict.fromkeys("slodipvh", "v" * 40 + ".w"))) <= 253


@given(st.text(max_size=300))
def test_a_name_that_may_be_asked_is_short_and_visible(name: str) -> None:
    if is_queryable(name):
        assert len(name) <= 253
        assert name.isascii()
        assert name.isprintable()
        assert not {" ", "\\"} & set(name)
        assert all(0 < len(label) < 64 for label in name.split("."))

"""SPF records and macros as they are read: what the grammar allows, and how a fault is named."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.model.dns import SpfResult
from seppcheck.sources.spf_macros import Macro, SpfSyntaxError, domain_spec, expand, macro_string
from seppcheck.sources.spf_record import parse, spf_records

VALUES = {letter: f"{letter}.example.com" for letter in "slodipvh"}


@pytest.mark.parametrize(
    "term",
    [
        "-all:example.org",
        "all/24",
        "a:",
        "a:/24",
        "a:localhost",
        "a:example.123",
        "a:example.-org",
        "a:example.org-",
        "a:example.org/33",
        "a:example.org/024",
        "a/24//129",
        "a//24/24",
        "a/",
        "a//",
        "mx:example.org:25",
        "mx:ex ample.org",
        "include",
        "include:",
        "include/24",
        "include:example.org/24",
        "exists",
        "ptr/24",
        "ptr:",
        "ip4",
        "ip4:",
        "ip4:192.0.2",
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.01",
        "ip4:192.0.2.1//32",
        "ip4:192.0.2.1/024",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip6:2001:db8::1/129",
        "ip6:fe80::1%eth0",
        "ip6:2001:db8:::1",
        "moo",
        "moo:example.org",
        "=a",
        "--all",
        "a,",
        "-redirect=example.org",
        "redirect=",
        "redirect=localhost",
        "redirect=a.example redirect=b.example",
        "REDIRECT=a.example redirect=b.example",
        "exp=a.example exp=b.example",
        "exp=",
        "moo=%",
        "moo=%{x}",
        "a:%(d).example.org",
        "a:%{d",
        "a:%{d0}",
        "a:%{c}.example.org",
        "a:%{r}.example.org",
        "a:%{t}.example.org",
        "a:%{d!}.example.org",
        "a:%{}.example.org",
        "a:%{d}.",
        "a:m\u00fcller.example",
        "a:\u017fpf.example",
        "\u017fa",
        "a\t-all",
        "ip4:192.0.2.1\n",
        "1x=y",
    ],
)
def test_a_fault_anywhere_voids_the_record(term: str) -> None:
    with pytest.raises(SpfSyntaxError):
        parse(f"v=spf1 +all {term}")


@pytest.mark.parametrize(
    "term",
    [
        "moo=",
        "moo=%{d}%%%_%-x",
        "match.sub-domains_9=yes",
        "moo=1 moo=2",
        "a=b",
        "exp=explain.%{d}",
        "redirect=_spf.%{d}",
        "a:a.b.c.example.org.",
        "a:xn--mller-kva.example",
        "a:x.a-1",
        "a:%{d}/24//64",
        "exists:%{i}.%{s1}.100/86400.rate.%{d}",
        "mx:%%%_/.example.de/27",
        "include:_spf%-%{h}",
    ],
)
def test_what_the_grammar_allows_is_read(term: str) -> None:
    assert parse(f"v=spf1 {term}")


def test_a_term_carries_qualifier_domain_and_prefix_lengths() -> None:
    (mechanism,) = parse("v=spf1 ~MX:%{d2}.example.org/24//64").mechanisms

    assert (mechanism.name, mechanism.result) == ("mx", SpfResult.SOFTFAIL)
    assert (mechanism.prefix4, mechanism.prefix6) == (24, 64)
    assert mechanism.domain == (Macro("d", keep=2), ".example.org")


def test_modifiers_may_stand_anywhere() -> None:
    record = parse("v=spf1 redirect=r.example a exp=e.example mx")

    assert [mechanism.name for mechanism in record.mechanisms] == ["a", "mx"]
    assert (record.redirect, record.explanation) == (("r.example",), ("e.example",))


def test_only_version_one_is_a_record() -> None:
    texts = ("v=spf1", "V=spf1 -all", "v=spf1\t-all", "v=spf10", "v=spf2.0/pra", '"v=spf1"', "")

    assert spf_records(texts) == ("v=spf1", "V=spf1 -all")


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("%{L}.example.org", "a%2Fb%20c.example.org"),
        ("%{l/}.example.org", "a.b c.example.org"),
        ("x%-y%_z%%.example.org", "x%20y z%.example.org"),
        ("%{d}.example.org.", "D.example.com.example.org"),
        ("%{D}", "D.example.com"),
    ],
)
def test_macros_are_escaped_split_and_stripped(spec: str, name: str) -> None:
    assert expand(domain_spec(spec), {**VALUES, "l": "a/b c", "d": "D.example.com"}) == name


def test_a_long_expansion_loses_whole_labels_on_the_left() -> None:
    labels = [f"label{i:03}" for i in range(60)]

    name = expand(domain_spec("%{d}.example.org"), {"d": ".".join(labels)})

    assert len(name) <= 253 < len(name) + len("label000.")
    assert ".".join([*labels, "example", "org"]).endswith("." + name)


@given(st.lists(st.text("abc.-", max_size=40), max_size=20))
def test_an_expansion_is_always_the_end_of_the_whole_and_fits(parts: list[str]) -> None:
    whole = "".join(parts) + ".example.org"

    name = expand(("".join(parts), ".example.org"), {})

    assert whole.endswith(name)
    assert len(name) <= 253


@given(st.text(max_size=200))
def test_any_text_behind_the_version_is_read_or_refused(text: str) -> None:
    try:
        record = parse(f"v=spf1 {text}")
    except SpfSyntaxError as error:
        message = str(error)
    else:
        message = f"{len(record.mechanisms)} terms"
    assert len(message) < 400


@pytest.mark.parametrize(
    "text",
    [
        "a:" + "a" * 60000 + "!",
        "a:" + "a." * 30000,
        "a:" + "%{d}" * 15000 + "x",
        "a:x." + "a-" * 30000,
        "a" + "/1" * 30000,
        "exists:%{d" + "." * 60000 + "}",
        "x" * 60000 + "=",
        "ip4:" + "1." * 30000,
        "ip6:" + ":" * 60000,
        "a:%{d" + "9" * 60000 + "}",
    ],
)
def test_a_hostile_record_is_read_in_no_time(text: str) -> None:
    began = time.perf_counter()
    try:
        parse(f"v=spf1 {text}")
    except SpfSyntaxError as error:
        assert len(str(error)) < 400  # noqa: PT017 - it may as well be read
    assert time.perf_counter() - began < 1


def test_a_number_of_many_digits_keeps_every_part() -> None:
    assert expand(macro_string("%{d" + "9" * 5000 + "}"), {"d": "a.b.c"}) == "a.b.c"

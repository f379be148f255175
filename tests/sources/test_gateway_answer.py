"""Answers of the gateway's API, in every spelling that is known of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.model.gateway_api import ApiDomain
from seppcheck.sources.gateway_answer import NonsenseError, domains_of, has_collective, repaired


def one(entry: Any) -> ApiDomain:
    (domain,) = domains_of({"kunde": [entry]})
    return domain


def test_a_whole_domain_is_read() -> None:
    entry = {
        "domainName": "Example.ORG",
        "forwarding": {"host": "example-org.mail.protection.outlook.com", "noMXLookup": True, "port": 25},
        "smarthost": {"host": "mail.smart.example", "port": 587},
        "tls": {"level": "secure", "fingerprints": []},
        "dkim": {"enabled": True, "publicKey": "MIIBIjAN"},
        "postmaster": "p@example.org",
    }
    host = "example-org.mail.protection.outlook.com"
    expected = ApiDomain("example.org", "kunde", "mail.smart.example", host, False, "secure", True, "MIIBIjAN")
    assert one(entry) == expected


@pytest.mark.parametrize(
    "smarthost",
    [
        {},
        {"smarthost": None},
        {"smarthost": {}},
        {"smarthost": ""},
        {"smarthost": {"host": ""}},
        {"smarthost": {"host": None}},
    ],
)
def test_a_smarthost_that_is_absent_or_empty_is_empty(smarthost: dict[str, Any]) -> None:
    assert one({"domainName": "example.org", **smarthost}).smarthost == ""


def test_what_is_left_out_is_unknown() -> None:
    assert one({"domainName": "example.org"}) == ApiDomain("example.org", "kunde", "")


def test_a_name_alone_says_nothing_of_the_smarthost() -> None:
    assert one("example.org") == ApiDomain("example.org", "kunde")


def test_the_case_of_keys_does_not_matter() -> None:
    entry = {
        "DomainName": "example.org",
        "smartHost": {"Host": "x.example"},
        "DKIM": {"Enabled": "on"},
        "TLS": {"LEVEL": "May"},
    }
    domain = one(entry)
    assert (domain.smarthost, domain.dkim_enabled, domain.tls_level) == ("x.example", True, "may")


def test_every_customer_is_searched() -> None:
    found = domains_of({"a": ["one.example"], "b": None, "c": [], "d": {"domainName": "two.example"}})
    assert [(domain.name, domain.customer) for domain in found] == [("one.example", "a"), ("two.example", "d")]
    assert domains_of({}) == ()


def test_collective_customers_are_replaced_by_the_one_that_lists_the_domain() -> None:
    managed = {"[default]": ["one.example", "two.example"], "own": ["three.example"]}
    customers = {"kunde": {"MailRoutes": ["ONE.example", 7]}, "other": None, "[none]": {"mailRoutes": ["two.example"]}}
    found = {domain.name: domain.customer for domain in domains_of(managed, customers)}
    assert found == {"one.example": "kunde", "two.example": "[default]", "three.example": "own"}
    assert has_collective(managed)
    assert not has_collective({"own": []})
    assert not has_collective([])


def test_names_that_came_misread_are_repaired() -> None:
    misread = "Müller GmbH".encode().decode("latin-1")
    (domain,) = domains_of({misread: [{"domainName": "müller.example".encode().decode("latin-1")}]})
    assert (domain.customer, domain.name) == ("Müller GmbH", "xn--mller-kva.example")


@given(st.text())
def test_text_is_repaired_exactly_where_it_was_misread(meant: str) -> None:
    try:
        octets = meant.encode("utf-8")
    except UnicodeEncodeError:
        octets = b""
        meant = ""
    assert repaired(octets.decode("latin-1")) == meant


@pytest.mark.parametrize("right", ["plain", "Müller", "日本", ""])
def test_text_that_came_right_stays(right: str) -> None:
    assert repaired(right) == right


def test_a_private_key_in_the_field_of_the_public_one_is_dropped() -> None:
    entry = {"domainName": "example.org", "dkim": {"enabled": True, "publicKey": "-----BEGIN PRIVATE KEY-----CANARY"}}
    assert one(entry).dkim_public_key is None


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        "text",
        7,
        {"k": "text"},
        {"k": 7},
        {"k": [7]},
        {"k": [None]},
        {"k": [{}]},
        {"k": [{"domainName": ""}]},
        {"k": [{"domainName": 7}]},
        {"k": [{"domainName": "a.example", "smarthost": ["x"]}]},
        {"k": [{"domainName": "a.example", "smarthost": False}]},
        {"k": [{"domainName": "a.example", "smarthost": {"host": {"x": 1}}}]},
        {"k": [{"domainName": "a.example", "dkim": {"enabled": "perhaps"}}]},
        {"k": [{"domainName": "a.example", "tls": {"level": 7}}]},
        {"errorCode": 7, "errorMessage": "no"},
    ],
)
def test_nonsense_is_refused(nonsense: Any) -> None:
    with pytest.raises(NonsenseError):
        domains_of(nonsense)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["domainName", "smarthost", "host", "dkim", "enabled", "x"]), inner, max_size=4
        )
    ),
    max_leaves=15,
)


@given(JSON, JSON)
def test_whatever_comes_it_is_read_or_refused(managed: Any, customers: Any) -> None:
    try:
        found = domains_of(managed, customers)
    except NonsenseError:
        return
    assert all(domain.name for domain in found)

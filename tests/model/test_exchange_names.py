from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.api import exchange_inbound_match, exchange_outbound_match

LABEL = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
NAME = st.lists(LABEL, min_size=2, max_size=5).map(".".join)


@pytest.mark.parametrize(
    ("tls_domain", "name", "met"),
    [
        ("host.example.org", "host.example.org", True),
        ("host.example.org", "HOST.example.org.", True),
        ("host.example.org", "*.example.org", True),
        ("host.example.org", "*.host.example.org", True),
        ("host.example.org", "example.org", False),
        ("a.host.example.org", "*.example.org", False),
        ("*.example.org", "*.example.org", True),
        ("*.example.org", "example.org", True),
        ("*.example.org", "host.example.org", True),
        ("*.example.org", "a.b.example.org", False),
        ("*.example.org", "host.example.net", False),
        ("", "", False),
        ("host.example.org", "", False),
    ],
)
def test_the_name_that_an_outbound_connector_demands(tls_domain: str, name: str, met: bool) -> None:
    assert exchange_outbound_match(tls_domain, name) is met


@pytest.mark.parametrize(
    ("connector", "name", "found"),
    [
        ("host.dom.tld", "host.dom.tld", True),
        ("Host.Dom.Tld", "host.dom.tld.", True),
        ("*.dom.tld", "host.dom.tld", True),
        ("*.dom.tld", "a.b.dom.tld", True),
        ("*.b.dom.tld", "a.b.dom.tld", True),
        ("*.dom.tld", "*.dom.tld", True),
        ("*.dom.tld", "dom.tld", False),
        ("host.dom.tld", "*.dom.tld", False),
        ("*.dom.tld", "*.b.dom.tld", False),
        ("*.tld", "dom.tld", False),
        ("host.dom.tld", "dom.tld", False),
        ("*.dom.tld", "hostdom.tld", False),
        ("", "host.dom.tld", False),
        ("", "", False),
    ],
)
def test_the_certificate_by_which_an_inbound_connector_is_found(connector: str, name: str, found: bool) -> None:
    assert exchange_inbound_match(connector, name) is found


@given(NAME, NAME)
def test_a_name_always_meets_itself_and_case_never_matters(one: str, other: str) -> None:
    for match in (exchange_inbound_match, exchange_outbound_match):
        assert match(one, one)
        assert match(f"*.{one}", f"*.{one}")
        assert match(one, other) is match(one.upper(), other.upper())


@given(LABEL, NAME)
def test_a_host_finds_the_wildcard_of_its_parent_and_never_the_other_way_round(label: str, parent: str) -> None:
    assert exchange_inbound_match(f"*.{parent}", f"{label}.{parent}")
    assert not exchange_inbound_match(f"{label}.{parent}", f"*.{parent}")

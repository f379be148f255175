from __future__ import annotations

import pytest

from seppcheck.judgement.certificate_name import is_host_or_wildcard, may_be_demanded


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("secure.gateway.example", True),
        ("*.gateway.example", True),
        ("gateway.example", False),
        ("customer.example", True),
        ("a.b.customer.example", True),
        ("*.customer.example", True),
        ("*.*.customer.example", False),
        ("other.example", False),
        ("*.example", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_the_gateway_s_name_those_under_a_managed_domain_and_their_wildcards_are_accepted(
    name: str, accepted: bool
) -> None:
    assert may_be_demanded(name, ("secure.gateway.example",), {"customer.example"}) is accepted


@pytest.mark.parametrize("name", ["host.example", "*.host.example", "a-b.c_d.example", "xn--bcher-kva.example"])
def test_exchange_takes_hosts_and_wildcards_in_front_of_them(name: str) -> None:
    assert is_host_or_wildcard(name)


@pytest.mark.parametrize("name", ["", "*", "host", "a.*.example", "*host.example", "seppmail appliance", "<i>cn=a.b"])
def test_exchange_takes_nothing_else(name: str) -> None:
    assert not is_host_or_wildcard(name)

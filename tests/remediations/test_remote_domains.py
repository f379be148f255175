from __future__ import annotations

from remediations.remote_domains import name_the_internal_remote_domains
from seppcheck.api import ExchangeObject, Note, RemoteDomains, Tenant
from tests.checks.gateway_facts import NOON

TENANT = Tenant("example.onmicrosoft.com")


def planned(*internal: bool | None) -> list[str]:
    rows = [
        {"Name": f"Partner {number}", "DomainName": f"partner{number}.example", "IsInternal": each}
        for number, each in enumerate(internal)
    ]
    found = name_the_internal_remote_domains(TENANT, RemoteDomains(tuple(map(ExchangeObject, rows)), "export", NOON))
    assert all(isinstance(each, Note) for each in found)
    return [str(each.text) for each in found if isinstance(each, Note)]


def test_an_internal_one_is_named_with_the_command_and_nothing_is_held_up() -> None:
    (note,) = planned(False, True)

    assert "partner1.example" in note
    assert "Set-RemoteDomain -Identity Partner 1 -IsInternal $false" in note


def test_without_an_internal_one_nothing_is_said() -> None:
    assert planned(False, None) == []

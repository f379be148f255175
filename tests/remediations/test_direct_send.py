from __future__ import annotations

import pytest

from remediations.direct_send import say_how_direct_send_is_rejected
from seppcheck.api import ExchangeObject, Note, OrganizationConfig, Tenant
from tests.checks.gateway_facts import NOON


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"RejectDirectSend": False}], 1),
        ([{"RejectDirectSend": None}], 1),
        ([{"RejectDirectSend": True}], 0),
        ([{"Name": "nobody read it"}], 0),
        ([], 0),
    ],
)
def test_where_strangers_may_send_the_command_is_told_and_nothing_is_held_up(
    rows: list[dict[str, object]], said: int
) -> None:
    organization = OrganizationConfig(tuple(map(ExchangeObject, rows)), "export", NOON)

    found = say_how_direct_send_is_rejected(Tenant("example.onmicrosoft.com"), organization)

    assert all(isinstance(each, Note) for each in found)
    assert [("-RejectDirectSend $true" in str(each)) for each in found] == [True] * said

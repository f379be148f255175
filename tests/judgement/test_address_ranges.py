from __future__ import annotations

import pytest

from seppcheck.judgement.address_ranges import holds_any


@pytest.mark.parametrize(
    ("entry", "holds"),
    [
        ("192.0.2.25", True),
        (" 192.0.2.0/24 ", True),
        ("192.0.2.9/24", True),
        ("192.0.2.20 - 192.0.2.25", True),
        ("2001:db8::/32", True),
        ("2001:db8::1-2001:db8::ffff", True),
        ("192.0.2.26", False),
        ("0.0.0.0-255.255.255.255", True),
        ("::-::ff", False),
        ("host.example.org", None),
        ("192.0.2.1-", None),
        ("1-2-3", None),
    ],
)
def test_an_entry_holds_an_address_or_is_none_at_all(entry: str, holds: bool | None) -> None:
    assert holds_any(entry, ("192.0.2.25", "2001:db8::25")) is holds


def test_nothing_holds_no_address() -> None:
    assert holds_any("0.0.0.0/0", ()) is False

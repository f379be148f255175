from __future__ import annotations

from seppcheck.model.text import text
from seppcheck.planning.by_hand import at_menu, observed_steps_at, steps_at, written_down

MENU = text("Mail System > {domain} > Settings", domain="example.org")


def test_a_setting_is_entered_saved_and_written_down() -> None:
    steps = steps_at(MENU, text("Enter: 1"), text("Enter: 2"), check="gateway-mta", shown=text("yes"))
    assert [str(each) for each in steps] == [
        "On the gateway, open: Mail System > example.org > Settings",
        "Enter: 1",
        "Enter: 2",
        "Click Save.",
        "Write it down: `seppcheck attest --only gateway-mta`. The answer is now: yes",
    ]
    assert steps == (*at_menu(MENU, text("Enter: 1"), text("Enter: 2")), written_down("gateway-mta", text("yes")))


def test_what_the_api_tells_is_written_down_only_where_there_is_none() -> None:
    last = str(observed_steps_at(MENU, check="gateway-smarthost", shown=text("empty"))[-1])
    assert last.startswith("Where no API of the gateway is configured")
    assert "seppcheck attest --only gateway-smarthost" in last

"""To edit the record is to click on the gateway: REST, SMTP and nothing else change with it, at once."""

from __future__ import annotations

import json
import smtplib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.lab import Lab, named, running
from seppcheck.lab.record_follower import settings
from seppcheck.lab.record_text import HOLD
from tests.lab.record_editor import Entry, enter
from tests.peers.https_client import Client

KUNDE = 'domains."kunde.test"'


def edit(lab: Lab, *entries: Entry) -> None:
    enter(lab.record, datetime.now(UTC), *entries)


def shown(lab: Lab, domain: str = "kunde.test") -> Any:
    """What the REST API shows of a domain."""
    assert lab.api is not None
    headers = {"X_SM_API_TOKEN": lab.api.token, "X_SM_API_SECRET": lab.api.secret}
    client = Client(lab.ports.api, lab.authority.root_pem)
    (found,) = client.ask("GET", f"/v1/mailsystem/manageddomain?domainName={domain}", **headers).json["kunde"]
    return found


def refusal(lab: Lab, sender: str, recipient: str) -> tuple[int, str]:
    with smtplib.SMTP("127.0.0.1", lab.smtp_port, timeout=10) as client:
        client.ehlo()
        client.mail(sender)
        code, words = client.rcpt(recipient)
    return code, words.decode()


def banner(lab: Lab) -> str:
    client = smtplib.SMTP(timeout=10)
    _, words = client.connect("127.0.0.1", lab.smtp_port)
    client.close()
    return words.decode()


@pytest.mark.parametrize(
    ("key", "value", "path", "now"),
    [
        ("smarthost", '"relay.test"', ("smarthost", "host"), "relay.test"),
        ("smarthost", '""', ("smarthost",), None),
        ("forwarding", '"[elsewhere.test]"', ("forwarding", "host"), "[elsewhere.test]"),
        ("forwarding_mx_lookup", "true", ("forwarding", "noMXLookup"), False),
        ("tls_level", '"may"', ("tls", "level"), "may"),
        ("dkim_key", "false", ("dkim", "enabled"), False),
    ],
)
def test_what_is_entered_for_a_domain_is_shown_by_the_next_request_for_that_domain_alone(
    own_lab: Lab, key: str, value: str, path: tuple[str, ...], now: object
) -> None:
    before = shown(own_lab, "praxis.test")
    edit(own_lab, (KUNDE, key, value))
    found = shown(own_lab)
    for step in path:
        found = found.get(step) if found else None
    assert found == now
    assert shown(own_lab, "praxis.test") == before


def test_a_key_that_the_gateway_makes_is_shown(tmp_path: Path) -> None:
    scenario = named("ready")
    assert scenario.appliance is not None
    first, *others = scenario.appliance.customers
    without = replace(first, domains=tuple(replace(domain, dkim=False) for domain in first.domains))
    scenario = replace(scenario, appliance=replace(scenario.appliance, customers=(without, *others)))
    with running(scenario, tmp_path / "lab") as lab:
        assert shown(lab)["dkim"] == {"enabled": False}
        edit(lab, (KUNDE, "dkim_key", "true"))
        assert shown(lab)["dkim"]["enabled"]
        assert shown(lab)["dkim"]["publicKey"]


def test_a_banner_that_is_entered_greets_the_next_connection(own_lab: Lab) -> None:
    edit(own_lab, ("mail_system", "smtp_banner", '"mail.example.test"'))
    assert banner(own_lab) == "mail.example.test ESMTP"


@pytest.mark.parametrize(
    "entry",
    [
        ('customers."kunde".extended_fields', HOLD, '"true"'),
        (KUNDE, "extended_fields", f'{{ {HOLD} = "true" }}'),
    ],
    ids=["customer", "domain"],
)
def test_while_mail_is_held_it_is_refused_in_both_directions_for_the_time_being(own_lab: Lab, entry: Entry) -> None:
    out, back = ("anna@kunde.test", "fritz@fremd.test"), ("fritz@fremd.test", "Anna@Kunde.TEST")
    assert {refusal(own_lab, *way)[0] for way in (out, back)} == {550}
    edit(own_lab, entry)
    assert {refusal(own_lab, *way) for way in (out, back)} == {(422, "Service temporary not available")}
    assert refusal(own_lab, "a@nachbar.test", "b@fremd.test")[0] == 550
    edit(own_lab, (*entry[:2], entry[2].replace("true", "default")))
    assert {refusal(own_lab, *way)[0] for way in (out, back)} == {550}


def test_a_hold_that_comes_while_a_client_is_connected_counts(own_lab: Lab) -> None:
    with smtplib.SMTP("127.0.0.1", own_lab.smtp_port, timeout=10) as client:
        client.ehlo()
        client.mail("anna@kunde.test")
        edit(own_lab, ('customers."kunde".extended_fields', HOLD, '"true"'))
        assert client.rcpt("fritz@fremd.test")[0] == 422


@pytest.mark.parametrize("scenario", ["cutover", "forgotten-hold"])
def test_a_world_whose_mail_is_held_begins_so(scenario: str, tmp_path: Path) -> None:
    with running(scenario, tmp_path / "lab") as lab:
        assert refusal(lab, "fritz@fremd.test", "anna@kunde.test")[0] == 422


@pytest.mark.parametrize(
    "content",
    [
        "[mail_system\n",
        'mail_system = "secure"\n[domains."kunde.test"]\nsmarthost = 3\n',
        f'[customers.kunde.extended_fields]\n{HOLD} = "maybe"\n[domains."kunde.test"]\nsmarthost = ""\n',
        '[domains."no name"]\nsmarthost = ""\n[domains."kunde.test"]\nsmarthost = ""\n',
        "\xff",
        "a = " + "[" * 5000,
        "",
    ],
    ids=range(7),
)
def test_a_broken_file_leaves_the_gateway_as_it_is_until_it_is_mended(own_lab: Lab, content: str) -> None:
    before, sound = shown(own_lab), own_lab.record.read_text(encoding="utf-8")
    own_lab.record.write_text(content, encoding="latin-1")
    assert shown(own_lab) == before
    own_lab.record.unlink()
    assert shown(own_lab) == before
    own_lab.record.write_text(sound, encoding="utf-8")
    edit(own_lab, (KUNDE, "smarthost", '""'))
    assert "smarthost" not in shown(own_lab)


def test_what_the_record_does_not_say_stays_as_it_is(own_lab: Lab) -> None:
    before = shown(own_lab)
    own_lab.record.write_text('[domains."KUNDE.test."]\ntls_level = "may"\n', encoding="utf-8")
    assert shown(own_lab) == {**before, "tls": {"level": "may"}}


def test_what_an_edit_does_not_touch_may_contradict_the_record(own_lab: Lab) -> None:
    own_lab.gateway.banner = "liar.example.test ESMTP"
    edit(own_lab, (KUNDE, "smarthost", '""'))
    assert banner(own_lab) == "liar.example.test ESMTP"
    assert "smarthost" not in shown(own_lab)


def test_two_edits_within_one_tick_of_the_clock_are_two(own_lab: Lab) -> None:
    for level in ("may", "none", "may", "none"):
        edit(own_lab, (KUNDE, "tls_level", json.dumps(level)))
        assert shown(own_lab)["tls"]["level"] == level


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_an_error_that_is_expected(content: bytes) -> None:
    with suppress(ValueError, RecursionError):
        assert settings(content).keys() >= set()

from __future__ import annotations

import pytest

from checks.dkim_custom_command import signature_of_exchange_is_dealt_with
from remediations.dkim_custom_command import add_the_command
from seppcheck.api import (
    DkimCommand,
    DkimSigningConfigs,
    Domain,
    ExchangeObject,
    Now,
    Proposal,
    Reason,
    Site,
    Unavailable,
    text,
)
from tests.checks.evidence import addresses, outcome
from tests.checks.gateway_facts import DOMAIN, GATEWAY, NOON, WRITTEN
from tests.remediations.fact_simulation import done, opens_the_menu, step_of, told

ABSENT, PRESENT = (DkimCommand(present=present, voice=WRITTEN) for present in (False, True))
SITE = Site(GATEWAY, (DOMAIN, Domain("example.net")))
UNREAD = Unavailable(Reason.NOT_CONFIGURED, text("no export"))
NO_SAMPLES = Unavailable(Reason.NOT_CONFIGURED, text("no samples"))


def signing(*domains: str, enabled: object = True) -> DkimSigningConfigs:
    rows = (ExchangeObject({"Domain": domain, "Enabled": enabled}) for domain in domains)
    return DkimSigningConfigs(tuple(rows), "exchange-export", NOON)


def plan(command: DkimCommand, configs: DkimSigningConfigs | Unavailable) -> Proposal:
    return add_the_command(GATEWAY, command, configs, SITE)


def test_it_is_added_once_for_every_domain_that_exchange_online_signs_for() -> None:
    step = step_of(plan(ABSENT, signing("Example.org.", "example.net", "elsewhere.example.com")))
    assert "signs for example.org, example.net before" in told(step)
    assert opens_the_menu(step, "dkim-custom-command")
    assert "Ask the vendor" in told(step)  # its page is not public: no command is made up


def test_done_and_written_down_the_check_passes_and_nothing_is_left_to_plan() -> None:
    configs = signing("example.org")
    after = done(ABSENT, step_of(plan(ABSENT, configs)))
    judged = signature_of_exchange_is_dealt_with(DOMAIN, after, configs, NO_SAMPLES, addresses(), Now(NOON))
    assert outcome(judged) == "passed"
    assert plan(after, configs) == []


@pytest.mark.parametrize(
    "configs",
    [signing("example.org", enabled=False), signing("example.org", enabled=None), signing("other.example"), UNREAD],
)
def test_where_exchange_online_does_not_sign_or_nobody_knows_nothing_is_planned(
    configs: DkimSigningConfigs | Unavailable,
) -> None:
    assert plan(ABSENT, configs) == []


def test_a_command_that_is_there_needs_nothing() -> None:
    assert plan(PRESENT, signing("example.org")) == []

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checks.gateway_internal_mail import internal_mail_follows_the_domain_settings
from remediations.gateway_internal_mail import follow_the_domain_settings
from seppcheck.api import InternalMails
from tests.checks.evidence import outcome
from tests.checks.gateway_facts import GATEWAY, WRITTEN
from tests.remediations.fact_simulation import done, opens_the_menu, step_of, told


@given(
    st.sampled_from(["", "smarthost", "Use-Domain-Settings ", "use-domain-settings", "relay"]) | st.text(max_size=20)
)
def test_done_and_written_down_the_check_passes_and_nothing_is_left_to_plan(setting: str) -> None:
    field = InternalMails(setting, WRITTEN)
    found = follow_the_domain_settings(GATEWAY, field)
    if found:
        field = done(field, step_of(found))
    assert outcome(internal_mail_follows_the_domain_settings(GATEWAY, field)) == "passed"
    assert follow_the_domain_settings(GATEWAY, field) == []


def test_the_words_are_those_of_the_menu() -> None:
    step = step_of(follow_the_domain_settings(GATEWAY, InternalMails("relay", WRITTEN)))
    assert opens_the_menu(step, "gateway-internal-mail")
    assert "Choose: [Use Domain settings]" in told(step)
    assert "Choose again: relay" in told(step)

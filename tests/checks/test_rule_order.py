from __future__ import annotations

from typing import Any

import pytest

from checks.rule_order import no_earlier_rule_takes_the_mail_away
from seppcheck.api import ExchangeObject, Phase, Reason, Result, Unavailable, text
from seppcheck.model.checks import MARK
from tests.checks.evidence import outcome, outcomes, reasons, sentences
from tests.checks.exchange_objects import inline_outbound, inline_rule, rule, transport_rules
from tests.checks.mail_flow import TENANT, flow


def judge(*rules: ExchangeObject) -> Result:
    found = flow(outbound=[inline_outbound()], rules=rules)
    return no_earlier_rule_takes_the_mail_away(TENANT, found, transport_rules(*rules))


def before(*without: str, **changes: Any) -> Result:
    return judge(rule(*without, **{"Name": "first", "Priority": 0, **changes}), inline_rule(Priority=1))


@pytest.mark.parametrize(
    "action",
    [
        {"StopRuleProcessing": True},
        {"RouteMessageOutboundConnector": "Signatures"},
        {"RedirectMessageTo": ["other@example.org"]},
        {"Quarantine": True},
        {"ModerateMessageByUser": ["boss@example.org"]},
        {"ModerateMessageByManager": True},
        {"RejectMessageReasonText": "no"},
        {"DeleteMessage": True},
        {"Actions": ["Microsoft.Exchange.MessagingPolicies.Rules.Tasks.RejectMessageAction"]},
    ],
)
def test_an_earlier_rule_that_takes_mail_away_is_a_warning(action: dict[str, Any]) -> None:
    result = before(**action)
    assert outcomes(result) == ["warned"]
    assert "first comes before" in sentences(result)


@pytest.mark.parametrize(
    "harmless",
    [
        {"State": "Disabled"},
        {"Mode": "Audit"},
        {"FromScope": "NotInOrganization"},
        {"SentToScope": "InOrganization"},
        {"SenderDomainIs": ["example.net"]},
        {"Priority": 7},
        {"StopRuleProcessing": False},
    ],
)
def test_one_that_is_off_later_or_for_other_mail_passes(harmless: dict[str, Any]) -> None:
    assert outcomes(before(**{"StopRuleProcessing": True, **harmless})) == ["passed"]


@pytest.mark.parametrize(
    "same",
    [
        {"FromScope": "InOrganization"},
        {"SentToScope": "ExternalPartner"},
        {"SenderDomainIs": ["sub.example.org"]},
        {"SenderDomainIs": ["ORG"]},
        {"RecipientDomainIs": ["example.net"]},
    ],
)
def test_one_that_may_meet_the_same_mail_is_a_warning(same: dict[str, Any]) -> None:
    assert outcomes(before(StopRuleProcessing=True, **same)) == ["warned"]


def test_the_order_of_the_list_counts_where_priorities_are_missing() -> None:
    stops = rule("Priority", Name="stops", StopRuleProcessing=True)
    assert outcomes(judge(stops, inline_rule("Priority"))) == ["warned"]
    assert outcomes(judge(inline_rule("Priority"), stops)) == ["passed"]


def test_two_rules_of_the_gateway_s_for_different_domains_pass() -> None:
    second = inline_rule(Name="second", Priority=1, SenderDomainIs=["example.net"])
    assert outcomes(judge(inline_rule(), second)) == ["passed", "passed"]


@pytest.mark.parametrize("missing", [("State",), ("Actions", "DeleteMessage")])
def test_what_is_missing_is_unknown(missing: tuple[str, ...]) -> None:
    action = {} if "Actions" in missing else {"StopRuleProcessing": True}
    result = before(*missing, **action)
    assert outcomes(result) == ["inconclusive"]
    assert reasons(result) == {"incomplete"}


def test_without_an_inline_rule_it_does_not_apply() -> None:
    assert outcomes(judge(rule(StopRuleProcessing=True))) == ["not-applicable"]
    assert reasons(judge()) == {"no-such-object"}


def test_rules_that_could_not_be_classified_are_inconclusive() -> None:
    found = flow(rules=Unavailable(Reason.EXPIRED, text("old")))
    assert outcome(no_earlier_rule_takes_the_mail_away(TENANT, found, transport_rules())) == "inconclusive"


def test_it_is_advice_from_cutover_on() -> None:
    caps = getattr(no_earlier_rule_takes_the_mail_away, MARK).phases
    assert {phase: cap.value for phase, cap in caps.items()} == dict.fromkeys(set(Phase) - {Phase.READINESS}, "warned")

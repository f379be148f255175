from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checks.delivery_hold import hold_is_as_the_phase_wants
from seppcheck.api import DeliveryHold, Finding, Now, Phase, Reason, RunHistory, SeenRun, SeenServer, Unavailable, text
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import outcome_of
from tests.checks.evidence import DOMAIN, GATEWAY, MICROSOFT, NAME, answer
from tests.checks.evidence import mx as mx_of
from tests.checks.gateway_facts import NOON, WRITTEN

HOUR = timedelta(hours=1)
NOW = Now(NOON + HOUR)
NOT_MOVED = mx_of(answer(f"10 {MICROSOFT}."))
MOVED = mx_of(answer(f"10 {NAME}."))
UNKNOWN = Unavailable(Reason.TIMEOUT, text("silence"))


def hold(value: str | None, domain: str | None = None, **changes: object) -> DeliveryHold:
    return replace(DeliveryHold("example", value, domain, False, "false", WRITTEN), **changes)


def run(hours: float, mx: str | None = None, held: str | None = None) -> SeenRun:
    servers = None if mx is None else (SeenServer("ns1", "192.0.2.1", 300, (f"10 {mx}.",)),)
    return SeenRun(NOON + hours * HOUR, servers, None, held)


def judged(phase: str, found: DeliveryHold, *runs: SeenRun, now: Now = NOW, mx: object = NOT_MOVED) -> list[Finding]:
    history = RunHistory("example.org", runs)
    result = hold_is_as_the_phase_wants(DOMAIN, GATEWAY, found, mx, history, Phase(phase), now)  # type: ignore[arg-type]  # evidence or none
    assert not isinstance(result, Finding)
    return list(result)


def outcome(phase: str, found: DeliveryHold, *runs: SeenRun, **more: object) -> Outcome:
    return outcome_of(judged(phase, found, *runs, **more))  # type: ignore[arg-type]  # the keywords of `judged`


@pytest.mark.parametrize(
    ("value", "readiness", "cutover", "verification"),
    [
        ("true", Outcome.FAILED, Outcome.PASSED, Outcome.FAILED),
        ("false", Outcome.PASSED, Outcome.FAILED, Outcome.PASSED),
        ("default", Outcome.PASSED, Outcome.FAILED, Outcome.WARNED),
    ],
)
def test_the_same_hold_is_right_in_one_phase_and_wrong_in_the_next(
    value: str, readiness: Outcome, cutover: Outcome, verification: Outcome
) -> None:
    found = [outcome(phase, hold(value)) for phase in ("readiness", "cutover", "verification", "drift")]

    assert found == [readiness, cutover, verification, verification]


def test_true_at_customer_or_domain_counts_and_a_disagreement_is_told() -> None:
    found = judged("cutover", hold("false", "true"))

    assert [f.outcome for f in found] == [Outcome.PASSED, Outcome.WARNED]
    assert "true counts" in str(found[1].summary)


@pytest.mark.parametrize(("default", "expected"), [("true", Outcome.FAILED), (None, Outcome.INCONCLUSIVE)])
def test_where_nothing_is_set_the_fields_default_decides(default: str | None, expected: Outcome) -> None:
    assert outcome("readiness", hold("default", default=default)) is expected
    assert outcome("verification", hold("default", default=default)) is expected


@pytest.mark.parametrize(("hours", "expected"), [(23.9, Outcome.PASSED), (24, Outcome.INCONCLUSIVE)])
def test_in_cutover_it_must_have_been_written_down_within_a_day(hours: float, expected: Outcome) -> None:
    assert outcome("cutover", hold("true"), now=Now(NOON + hours * HOUR)) is expected


@pytest.mark.parametrize(
    ("runs", "now", "expected"),
    [
        ([], NOON + 23 * HOUR, Outcome.PASSED),
        ([], NOON + 24 * HOUR, Outcome.INCONCLUSIVE),
        ([run(-1, held="true")], NOON + 240 * HOUR, Outcome.PASSED),
        ([run(1, held="true")], NOON + 2 * HOUR, Outcome.INCONCLUSIVE),
        ([run(-3, MICROSOFT), run(-2, NAME)], NOON + 240 * HOUR, Outcome.PASSED),
        ([run(-3, MICROSOFT), run(1, NAME)], NOON + 2 * HOUR, Outcome.INCONCLUSIVE),
        ([run(-3, NAME), run(1, NAME)], NOON + 2 * HOUR, Outcome.PASSED),
        ([run(-3, MICROSOFT), run(-2, NAME), run(1, NAME)], NOON + 240 * HOUR, Outcome.PASSED),
        ([run(-3, MICROSOFT), run(-2, NAME), run(1, held="true")], NOON + 2 * HOUR, Outcome.INCONCLUSIVE),
    ],
)
def test_afterwards_it_must_be_newer_than_the_last_change(runs: list[SeenRun], now: object, expected: Outcome) -> None:
    assert outcome("verification", hold("false"), *runs, now=Now(now)) is expected  # type: ignore[arg-type]  # a time


def test_still_true_fails_however_old_the_word_is() -> None:
    assert outcome("verification", hold("true"), run(1, held="true"), now=Now(NOON + 400 * HOUR)) is Outcome.FAILED


@pytest.mark.parametrize("phase", ["cutover", "verification", "drift"])
def test_a_group_that_decides_otherwise_fails_and_an_unknown_one_is_inconclusive(phase: str) -> None:
    right = hold("true" if phase == "cutover" else "false")

    assert outcome(phase, replace(right, groups_override=True)) is Outcome.FAILED
    assert outcome(phase, replace(right, groups_override=None)) is Outcome.INCONCLUSIVE
    assert outcome("readiness", hold("false", groups_override=None)) is Outcome.PASSED


def test_the_customers_other_domains_are_named_in_cutover() -> None:
    found = judged("cutover", hold("true", also_held=("shop.example",)))

    assert outcome_of(found) is Outcome.WARNED
    assert "shop.example" in str(found[-1].summary)


def test_an_mx_that_moved_without_the_hold_fails_with_a_sentence_of_its_own() -> None:
    found = judged("cutover", hold("false"), mx=MOVED)

    assert [f.outcome for f in found] == [Outcome.FAILED, Outcome.FAILED]
    assert "names the gateway already" in str(found[1].summary)
    assert len(judged("cutover", hold("false"), mx=UNKNOWN)) == 1
    assert outcome("cutover", hold("true"), mx=MOVED) is Outcome.PASSED

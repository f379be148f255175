from __future__ import annotations

from datetime import date

import pytest

from seppcheck.api import Failed, Finding, Inconclusive, Passed, Phase, Warned
from seppcheck.engine.judge import result_of
from seppcheck.engine.plan import Case
from seppcheck.engine.waive import unused, waive
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult, Waiver

UNTIL = date(2026, 12, 31)


def waiver(check: str = "tests-age", **narrowed: str) -> Waiver:
    return Waiver(check, "we know", "A. Admin", UNTIL, **narrowed)  # type: ignore[arg-type]  # globs are text


def result(case: Case, *findings: Finding) -> CheckResult:
    return result_of(case, Phase.READINESS, findings)


def test_a_failed_result_is_waived_and_keeps_what_it_was(case: Case) -> None:
    waived = waive(result(case, Failed("wrong"), Passed("right")), [waiver()])

    assert (waived.outcome, waived.waived_outcome) == (Outcome.WAIVED, Outcome.FAILED)
    assert str(waived.summary) == "wrong"


@pytest.mark.parametrize(
    "narrowed",
    [{"check": "other"}, {"target": "two.*"}, {"requirement": "R5"}, {"subject": "ns2*"}],
)
def test_a_waiver_covers_only_what_it_names(case: Case, narrowed: dict[str, str]) -> None:
    failed = result(case, Failed("wrong", subject="ns1.example"))

    assert waive(failed, [waiver(**narrowed)]) == failed


def test_globs_narrow_a_waiver(case: Case) -> None:
    failed = result(case, Failed("wrong", subject="ns1.example"))

    assert waive(failed, [waiver(target="one.*", requirement="P?", subject="ns1*")]).outcome is Outcome.WAIVED


def test_a_result_is_waived_only_when_all_its_findings_are_covered(case: Case) -> None:
    failed = result(case, Failed("wrong", subject="a"), Warned("odd", subject="b"))

    assert waive(failed, [waiver(subject="a")]) == failed
    assert waive(failed, [waiver(subject="a"), waiver(subject="b")]).outcome is Outcome.WAIVED


def test_what_was_not_seen_cannot_be_waived(case: Case) -> None:
    unseen = result(case, Inconclusive("silent"))
    mixed = result(case, Failed("wrong"), Inconclusive("silent"))

    assert waive(unseen, [waiver()]) == unseen
    assert waive(mixed, [waiver()]) == mixed


def test_unused_and_expired_waivers_are_told(case: Case) -> None:
    waived = waive(result(case, Failed("wrong")), [waiver()])
    idle, not_due = waiver(subject="nobody"), waiver("not-planned")

    told = unused([waiver(), idle, not_due], [waived], date(2026, 12, 31))
    later = unused([idle, not_due], [waived], date(2027, 1, 1))

    assert [(u.waiver, u.expired) for u in told] == [(idle, False)]
    assert [(u.waiver, u.expired) for u in later] == [(idle, True), (not_due, True)]


def test_a_waiver_whose_finding_is_there_is_in_use_though_the_result_is_not_waived(case: Case) -> None:
    mixed = waive(result(case, Failed("wrong"), Inconclusive("silent")), [waiver()])

    assert mixed.outcome is Outcome.FAILED
    assert unused([waiver()], [mixed], date(2026, 12, 31)) == ()

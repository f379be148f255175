"""When people are told: when the verdict changed, and not at every run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seppcheck.engine.plan import Selection
from seppcheck.model.guide import Guide
from seppcheck.model.notices import VerdictChange
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Skipped, Verdict
from seppcheck.notices import change_between, last_verdict, notice_of
from seppcheck.plugins import Registry
from seppcheck.run import Request
from seppcheck.settings.file import from_arguments
from tests.reports.runs import NOW, mixed_run, run_of

PASSED, FAILED, UNSURE = Verdict.PASSED, Verdict.FAILED, Verdict.INCONCLUSIVE

TABLE = [
    (None, PASSED, None),
    (None, FAILED, "failed"),
    (None, UNSURE, "inconclusive"),
    (PASSED, PASSED, None),
    (PASSED, FAILED, "failed"),
    (PASSED, UNSURE, "inconclusive"),
    (FAILED, PASSED, "recovered"),
    (FAILED, FAILED, None),
    (FAILED, UNSURE, "inconclusive"),
    (UNSURE, PASSED, "recovered"),
    (UNSURE, FAILED, "failed"),
    (UNSURE, UNSURE, None),
]


@pytest.mark.parametrize(("before", "now", "told"), TABLE)
def test_what_is_told_of_two_verdicts(before: Verdict | None, now: Verdict, told: str | None) -> None:
    assert change_between(before, now) == told


@given(st.lists(st.sampled_from(Verdict), max_size=12))
def test_over_any_series_each_change_is_told_once_and_no_standstill(verdicts: list[Verdict]) -> None:
    told = [change_between(before, now) for before, now in zip([None, *verdicts], verdicts, strict=False)]
    changes = [now for before, now in zip([None, *verdicts], verdicts, strict=False) if now is not before]
    expected = [VerdictChange.RECOVERED if now is PASSED else VerdictChange(now.value) for now in changes]
    if verdicts and verdicts[0] is PASSED:
        expected = expected[1:]
    assert [change for change in told if change] == expected


def recorded(verdict: str, phase: str = Phase.READINESS, **more: object) -> dict[str, object]:
    return {"schema_version": 1, "at": "2026-11-23T08:00:00Z", "phase": str(phase), "verdict": verdict, **more}


@pytest.mark.parametrize(
    ("history", "last"),
    [
        ([], None),
        ([recorded("failed"), recorded("passed")], PASSED),
        ([recorded("failed"), recorded("passed", Phase.DRIFT)], FAILED),
        ([recorded("passed", Phase.CUTOVER)], None),
        ([recorded("failed"), recorded("passed", whole=False)], FAILED),
        ([recorded("failed"), recorded("passed", whole="yes")], FAILED),
        ([recorded("failed"), recorded("splendid")], FAILED),
        ([recorded("failed"), recorded("passed", "attest")], FAILED),
        ([recorded("failed"), {"at": "2026-11-23T08:00:00Z", "hold": {}}], FAILED),
    ],
    ids=["none", "newest", "other phase", "only others", "limited", "odd", "no verdict", "an answer", "bare"],
)
def test_the_last_whole_run_of_the_same_phase_counts(history: list[dict[str, object]], last: Verdict | None) -> None:
    assert last_verdict(history, Phase.READINESS) is last


def a_run(*history: dict[str, object], **changes: object) -> Run:
    return replace(mixed_run(), history=history, **changes)  # type: ignore[arg-type]  # the run's own fields


def test_a_run_that_failed_for_the_first_time_is_told_with_what_was_before() -> None:
    notice = notice_of(a_run(recorded("passed")))
    assert notice is not None
    assert (notice.change, notice.previous) == (VerdictChange.FAILED, PASSED)


@pytest.mark.parametrize(
    ("run", "whole"),
    [
        (a_run(recorded("failed")), True),
        (a_run(recorded("passed")), False),
        (a_run(recorded("passed"), interrupted=True), True),
        (a_run(recorded("passed"), replay_of=NOW - timedelta(hours=1)), True),
    ],
    ids=["unchanged", "limited", "interrupted", "replay"],
)
def test_nobody_is_told_of_what_is_no_news_or_compares_with_nothing(run: Run, whole: bool) -> None:
    assert notice_of(replace(run, whole=whole)) is None


@pytest.mark.parametrize(
    ("selection", "whole"),
    [
        (Selection(domains=("example.org", "example.net")), True),
        (Selection(domains=("example.org",)), False),
        (Selection(domains=("example.org", "example.net"), only=("dns-*",)), False),
        (Selection(domains=("example.org", "example.net"), skip=("mta-sts",)), False),
        (Selection(domains=("example.org", "example.net"), skipped=(Skipped("mta-sts", "no policy"),)), True),
    ],
    ids=["all", "one domain", "--only", "--skip", "left out for good"],
)
def test_only_runs_of_everything_that_is_configured_compare(selection: Selection, whole: bool) -> None:
    settings = from_arguments(["example.org", "example.net"], "secure.example.org")
    assert Request(settings, Registry(), Guide(()), selection).whole is whole


def test_a_run_without_results_is_told_as_inconclusive() -> None:
    notice = notice_of(replace(run_of(()), history=(recorded("passed"),)))
    assert notice is not None
    assert notice.change is VerdictChange.INCONCLUSIVE

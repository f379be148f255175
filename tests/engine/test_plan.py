from __future__ import annotations

import pytest

from seppcheck.engine.plan import Selection, plan, refuse_unknown_patterns
from seppcheck.errors import UserError
from seppcheck.guide import load_guide
from seppcheck.model.phases import Phase
from seppcheck.model.run import Skipped
from seppcheck.plugins import bundled, load
from tests.engine.conftest import SITE
from tests.engine.test_rollup import CHECKS, GUIDE


def planned(selection: Selection, *phases: Phase) -> list[tuple[str, str]]:
    return [
        (c.check.id, c.target.name) for c in plan(CHECKS, SITE, phases or [Phase.READINESS], selection, GUIDE).cases
    ]


def test_every_due_check_runs_on_every_target_in_the_guides_order() -> None:
    assert planned(Selection()) == [
        ("tests-p", "one.example"),
        ("tests-p", "two.example"),
        ("tests-mx", "one.example"),
        ("tests-mx", "two.example"),
    ]


def test_domains_limit_the_targets() -> None:
    assert planned(Selection(domains=("two.example",))) == [("tests-p", "two.example"), ("tests-mx", "two.example")]


@pytest.mark.parametrize(
    ("selection", "left", "why"),
    [
        (Selection(only=("*-mx",)), "tests-mx", Skipped("tests-p", "--only *-mx")),
        (Selection(skip=("*-mx",)), "tests-p", Skipped("tests-mx", "--skip *-mx")),
        (Selection(skipped=(Skipped("tests-mx", "no"),)), "tests-p", Skipped("tests-mx", "no")),
    ],
)
def test_what_is_left_out_is_kept_with_its_reason(selection: Selection, left: str, why: Skipped) -> None:
    made = plan(CHECKS, SITE, [Phase.READINESS], selection, GUIDE)

    assert {case.check.id for case in made.cases} == {left}
    assert made.skipped == (why,)


def test_a_pattern_without_a_check_is_refused() -> None:
    with pytest.raises(UserError, match=r"--only dns-prt: no check has such an id"):
        refuse_unknown_patterns(Selection(only=("dns-prt",)), ["dns-ptr"])
    refuse_unknown_patterns(Selection(only=("dns-*",), skip=("*ptr",)), ["dns-ptr"])


def test_what_nothing_is_more_severe_than_comes_first_in_its_phase() -> None:
    guide = load_guide(bundled("checks"))
    checks = load(sources=False).checks.values()

    for phase in (Phase.VERIFICATION, Phase.DRIFT):
        assert plan(checks, SITE, [phase], Selection(), guide).cases[0].check.id == "delivery-hold"
    assert plan(checks, SITE, [Phase.CUTOVER], Selection(), guide).cases[0].check.id != "delivery-hold"

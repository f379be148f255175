from __future__ import annotations

import pytest

from seppcheck.api import (
    Domain,
    Failed,
    Finding,
    Inconclusive,
    NotApplicable,
    Passed,
    Phase,
    Result,
    Warned,
    check,
    text,
)
from seppcheck.engine.judge import result_of
from seppcheck.engine.next import next_step
from seppcheck.engine.rollup import roll_up, uncovered
from seppcheck.engine.waive import waive
from seppcheck.model.checks import MARK, Check
from seppcheck.model.guide import Chapter, Guide, Number
from seppcheck.model.results import CheckResult, Waiver
from seppcheck.model.run import Skipped
from tests.engine.conftest import case_of
from tests.engine.test_waive import UNTIL


def number(identifier: str, due: str, until: str = "drift") -> Number:
    return Number(identifier, text("a number"), Phase(due), Phase(until))


GUIDE = Guide(
    (
        Chapter(
            "all",
            text("All"),
            "Alles",
            (
                number("P1", "readiness"),
                number("P2", "readiness", "cutover"),
                number("C1", "cutover"),
                number("D1", "verification"),
            ),
        ),
    )
)


@check("tests-p", requirements=["P1", "P2"], severity="low")
def judges_preparation(domain: Domain) -> Result:
    """It judges P1 and P2."""
    raise NotImplementedError


@check("tests-mx", requirements=["C1"], severity="low")
def judges_mx(domain: Domain) -> Result:
    """It judges C1."""
    raise NotImplementedError


CHECKS: list[Check] = [getattr(judges_preparation, MARK), getattr(judges_mx, MARK)]


def result(*findings: Finding, function: object = judges_preparation, phase: Phase = Phase.READINESS) -> CheckResult:
    return result_of(case_of(function), phase, findings)  # type: ignore[arg-type]  # a marked function


def rolled(*results: CheckResult, phase: Phase = Phase.READINESS, skipped: tuple[Skipped, ...] = ()) -> dict[str, str]:
    return dict(roll_up(GUIDE, phase, CHECKS, results, skipped))


def test_a_number_takes_its_own_findings_and_those_without_a_number() -> None:
    states = rolled(result(Passed("a", requirement="P1"), Failed("b", requirement="P2"), Warned("c")))

    assert (states["P1"], states["P2"]) == ("warned", "failed")


def test_the_worst_over_all_targets_counts() -> None:
    right, wrong = Passed("a", requirement="P1"), Failed("b", requirement="P1")

    assert rolled(result(right), result(wrong))["P1"] == "failed"


def test_a_number_that_its_check_did_not_judge_is_inconclusive() -> None:
    assert rolled(result(Passed("a", requirement="P1")))["P2"] == "inconclusive"


def test_numbers_before_and_after_their_phases_say_so() -> None:
    assert rolled(result(Passed("a")))["C1"] == "not-due"
    assert rolled(phase=Phase.VERIFICATION)["P2"] == "past"


@pytest.mark.parametrize(
    ("finding", "state"), [(Passed("a"), "not-due"), (NotApplicable("a"), "not-due"), (Warned("a"), "warned")]
)
def test_a_number_looked_at_early_is_not_due_unless_something_is_wrong(finding: Finding, state: str) -> None:
    assert rolled(result(finding, function=judges_mx))["C1"] == state


@pytest.mark.parametrize(
    ("finding", "state"), [(Passed("a"), "not-selected"), (Inconclusive("a"), "inconclusive"), (Failed("a"), "failed")]
)
def test_leaving_a_check_out_never_looks_green(finding: Finding, state: str) -> None:
    skipped = (Skipped("tests-p", "--skip tests-p"),)

    assert rolled(skipped=skipped)["P1"] == "not-selected"
    assert rolled(result(finding), skipped=skipped)["P1"] == state


def test_a_waived_result_reads_waived() -> None:
    waived = waive(result(Failed("a", requirement="P1"), Passed("b")), [Waiver("tests-p", "why", "who", UNTIL)])

    assert (rolled(waived)["P1"], rolled(waived)["P2"]) == ("waived", "passed")


def test_numbers_without_a_check_are_named_and_not_selected() -> None:
    assert uncovered(GUIDE, Phase.VERIFICATION, CHECKS) == ("D1",)
    assert uncovered(GUIDE, Phase.READINESS, CHECKS) == ()
    assert rolled(phase=Phase.VERIFICATION)["D1"] == "not-selected"


MX = {"moved": Passed("moved", requirement="C1"), "waiting": Warned("not moved yet", requirement="C1")}


@pytest.mark.parametrize(("mx", "told"), [("moved", "Done: switch the hold off"), ("waiting", "Go: move the MX now")])
def test_cutover_has_two_green_ends(mx: str, told: str) -> None:
    results = [result(Passed("a")), result(MX[mx], function=judges_mx)]
    states = rolled(*results, phase=Phase.CUTOVER)

    assert str(next_step(Phase.CUTOVER, GUIDE, results, states)) == told


def test_done_is_not_said_while_the_inbound_connector_still_waits_for_the_old_ttl() -> None:
    waits = Passed("waits, disabled", requirement="I2", expected="false", observed="false")
    early = Warned("enabled too early", requirement="I2", expected="false", observed="true")
    for inbound in (waits, early):
        results = [result(Passed("a"), inbound), result(MX["moved"], function=judges_mx)]
        assert next_step(Phase.CUTOVER, GUIDE, results, rolled(*results, phase=Phase.CUTOVER)) is None


def test_domains_in_different_states_get_neither() -> None:
    results = [result(Passed("a")), *(result(each, function=judges_mx) for each in MX.values())]

    assert next_step(Phase.CUTOVER, GUIDE, results, rolled(*results, phase=Phase.CUTOVER)) is None


def test_go_is_never_said_when_something_was_left_out_failed_or_not_seen() -> None:
    waiting = result(MX["waiting"], function=judges_mx)
    for others in ([], [result(Failed("a"))], [result(Inconclusive("a"))]):
        results = [waiting, *others]
        assert next_step(Phase.CUTOVER, GUIDE, results, rolled(*results, phase=Phase.CUTOVER)) is None
    assert next_step(Phase.READINESS, GUIDE, [waiting], rolled(waiting)) is None


def test_a_number_that_only_a_part_of_its_checks_answers_is_not_answered() -> None:
    halved = Number("P1", text("a number"), Phase.READINESS, Phase.DRIFT, ("tests-p", "tests-other-half"))
    guide = Guide((Chapter("all", text("All"), "Alles", (halved,)),))
    passed, failed = result(Passed("a", requirement="P1")), result(Failed("a", requirement="P1"))

    assert roll_up(guide, Phase.READINESS, CHECKS, [passed], ()) == {"P1": "not-selected"}
    assert roll_up(guide, Phase.READINESS, CHECKS, [failed], ()) == {"P1": "failed"}
    assert uncovered(guide, Phase.READINESS, CHECKS) == ("P1",)

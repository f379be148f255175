from __future__ import annotations

import pytest

from seppcheck.api import (
    Attested,
    Domain,
    Each,
    Failed,
    Firmware,
    Gateway,
    Inconclusive,
    Now,
    Passed,
    Phase,
    Reason,
    Result,
    Site,
    Unavailable,
    Voice,
    check,
    text,
)
from seppcheck.engine.gather import Key
from seppcheck.engine.judge import judge
from seppcheck.engine.plan import Case
from seppcheck.model.evidence import Evidence, Provenance, Record
from seppcheck.model.outcomes import Assurance, Outcome
from seppcheck.model.results import CheckResult
from tests.engine.conftest import NOON, SITE, Age, Colour, case_of


def records(*contents: tuple[str, Evidence | Unavailable]) -> dict[Key, Record]:
    targets = {"tests-age": SITE.domains[0], "tests-colour": SITE.gateway}
    return {
        (kind, targets[kind].kind, targets[kind].name): Record(kind, targets[kind], Provenance("tests", NOON), content)
        for kind, content in contents
    }


HEALTHY = records(("tests-age", Age(3)), ("tests-colour", Colour("red")))


def judged(case: Case, evidence: dict[Key, Record] = HEALTHY, phase: Phase = Phase.READINESS) -> CheckResult:
    return judge(case, SITE, phase, Now(NOON), evidence)


def test_a_check_gets_what_its_signature_names(case: Case) -> None:
    result = judged(case)

    assert result.outcome is Outcome.PASSED
    assert str(result.summary) == "one.example is 3 years old"
    assert result.assurance is Assurance.OBSERVED
    assert result.steps == ()


def test_a_finding_carries_the_only_number_of_its_check(case: Case) -> None:
    assert [f.requirement for f in judged(case).findings] == ["P1"]


def test_missing_evidence_never_reaches_a_check_that_did_not_ask_for_it(case: Case) -> None:
    gone = Unavailable(Reason.TIMEOUT, text("silence"))
    result = judged(case, records(("tests-age", gone), ("tests-colour", Colour("red"))))

    assert result.outcome is Outcome.INCONCLUSIVE
    assert result.reason is Reason.TIMEOUT
    assert result.assurance is Assurance.NONE
    assert [str(step) for step in result.steps] == ["Wait a year."]


def test_a_check_that_asks_for_unavailable_decides_itself() -> None:
    @check("tests-own", severity="low")
    def decides(domain: Domain, age: Age | Unavailable) -> Result:
        """It decides."""
        return Failed("{domain}: {age}", domain=domain.name, age="none" if isinstance(age, Unavailable) else "some")

    result = judged(case_of(decides), records(("tests-age", Unavailable(Reason.TIMEOUT, text("silence")))))

    assert str(result.summary) == "one.example: none"


def test_a_crash_is_the_result_of_that_check() -> None:
    @check("tests-crash", severity="low")
    def crashes(domain: Domain) -> Result:
        """It crashes."""
        raise LookupError(domain.name)

    result = judged(case_of(crashes))

    assert (result.outcome, result.reason) == (Outcome.INCONCLUSIVE, Reason.CRASHED)
    assert "LookupError: one.example" in str(result.summary)


@pytest.mark.parametrize("nonsense", [None, [], "passed", [None], True, Passed("x", requirement="P9")])
def test_nonsense_from_a_check_is_a_crash_never_green(nonsense: object) -> None:
    @check("tests-nonsense", requirements=["P1", "P2"], severity="low")
    def returns_nonsense(domain: Domain) -> Result:
        """It returns nonsense."""
        del domain
        return nonsense  # type: ignore[return-value]  # the nonsense

    assert judged(case_of(returns_nonsense)).reason is Reason.CRASHED


@pytest.mark.parametrize(("phase", "outcome"), [("readiness", Outcome.WARNED), ("cutover", Outcome.FAILED)])
def test_a_failure_is_capped_by_the_phase_and_nothing_else_is(phase: str, outcome: Outcome) -> None:
    @check("tests-cap", severity="low", phases={"readiness": "warned", "cutover": "failed"})  # type: ignore[dict-item]  # names serve too
    def fails(domain: Domain) -> Result:
        """It fails."""
        return [Failed("{d} is wrong", d=domain.name), Inconclusive("and something is unknown")]

    result = judged(case_of(fails), phase=Phase(phase))

    assert [f.outcome for f in result.findings] == [outcome, Outcome.INCONCLUSIVE]


def test_a_definite_failure_beats_missing_evidence() -> None:
    @check("tests-mixed", severity="low")
    def mixed(domain: Domain) -> Result:
        """It is mixed."""
        return [Inconclusive("silent"), Passed("fine"), Failed("{d} is wrong", d=domain.name)]

    result = judged(case_of(mixed))

    assert result.outcome is Outcome.FAILED
    assert str(result.summary) == "one.example is wrong"


def test_each_brings_the_evidence_of_every_target_and_what_is_missing() -> None:
    @check("tests-each", severity="low")
    def counts(gateway: Gateway, ages: Each[Age], site: Site) -> Result:
        """It counts."""
        return Passed(
            "{gateway}: {here} here, {missing} missing of {all}",
            gateway=gateway.name,
            here=len(ages.present),
            missing=len(ages.missing),
            all=len(site.domains),
        )

    gone = Unavailable(Reason.TIMEOUT, text("silence"))
    evidence = {
        ("tests-age", "domain", domain.name): Record("tests-age", domain, Provenance("tests", NOON), content)
        for domain, content in zip(SITE.domains, (Age(1), gone), strict=True)
    }

    result = judged(case_of(counts, SITE.gateway), evidence)

    assert str(result.summary) == "gw.example: 1 here, 1 missing of 2"
    assert len(result.evidence) == 2


def test_what_was_attested_otherwise_is_a_warned_finding() -> None:
    voice = Voice(Assurance.OBSERVED, "https://gw.example:8445/v1", NOON)
    against = Attested("15.0.4", Voice(Assurance.ATTESTED, "gateway-record.toml", NOON, "A. Admin"))
    firmware = Firmware("14.1.0", voice, against)

    @check("tests-fact", requirements=["P3"], severity="low")
    def judges(gateway: Gateway, firmware: Firmware) -> Result:
        """It judges."""
        return Passed("{gateway} has {version}", gateway=gateway.name, version=firmware.version)

    record = Record("firmware", SITE.gateway, Provenance("gateway", NOON), firmware)
    result = judged(case_of(judges, SITE.gateway), {("firmware", "gateway", "gw.example"): record})

    assert [f.outcome for f in result.findings] == [Outcome.PASSED, Outcome.WARNED]
    assert "15.0.4 (A. Admin" in str(result.findings[1].summary)
    assert result.findings[1].requirement == "P3"


@pytest.mark.parametrize(("phase", "numbers"), [("readiness", ()), ("cutover", ("A2",)), ("verification", ("D1",))])
def test_a_check_may_verify_another_number_in_another_phase(phase: str, numbers: tuple[str, ...]) -> None:
    @check("tests-hold", requirements={"cutover": ["A2"], "verification": ["D1"]}, severity="low")
    def judges(domain: Domain) -> Result:
        """It judges."""
        return Passed("{domain} is fine", domain=domain.name)

    result = judged(case_of(judges), phase=Phase(phase))

    assert result.requirements == numbers
    assert result.findings[0].requirement == (numbers[0] if numbers else None)

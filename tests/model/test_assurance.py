from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seppcheck.model.evidence import Provenance
from seppcheck.model.outcomes import Assurance, Severity
from seppcheck.model.results import CheckResult, EvidenceNote, Failed, Finding, Inconclusive, Passed, Warned, outcome_of
from seppcheck.model.targets import Gateway
from seppcheck.model.text import text

AT = datetime(2026, 11, 24, tzinfo=UTC)
SEEN = EvidenceNote("seen", Provenance("smtp", AT))
WRITTEN = EvidenceNote("written", Provenance("record", AT, "", Assurance.ATTESTED))


def assurance(*findings: Finding, notes: tuple[EvidenceNote, ...]) -> str:
    gateway, outcome = Gateway("gw.example"), outcome_of(findings)
    return CheckResult("c", (), Severity.HIGH, text("t"), gateway, outcome, findings, notes).assurance


@pytest.mark.parametrize(
    ("findings", "notes", "expected"),
    [
        ([Passed("x")], (SEEN,), "observed"),
        ([Passed("x")], (SEEN, WRITTEN), "attested"),
        ([Passed("x").but(observed_alone=True)], (SEEN, WRITTEN), "observed"),
        ([Passed("x").but(observed_alone=True), Warned("y")], (SEEN, WRITTEN), "attested"),
        ([Failed("x").but(observed_alone=True), Warned("y")], (SEEN, WRITTEN), "observed"),
        ([Inconclusive("x")], (SEEN, WRITTEN), "none"),
        ([Passed("x")], (), "none"),
    ],
)
def test_a_result_is_attested_when_what_was_written_decided(
    findings: list[Finding], notes: tuple[EvidenceNote, ...], expected: str
) -> None:
    assert assurance(*findings, notes=notes) == expected

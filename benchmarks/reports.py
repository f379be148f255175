"""What a result costs on its way through pytest and pytest-html, and how large the page gets.

python -m benchmarks.reports
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from statistics import median

from seppcheck.model.evidence import Provenance
from seppcheck.model.outcomes import Severity
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, EvidenceNote, Failed, Finding, Passed, Warned, outcome_of
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain, Gateway, Site
from seppcheck.model.text import text
from seppcheck.reports import to_html

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SIZES = (10, 1_010, 10_010)
CHECKS = 10
TIMES = 3


def main() -> None:
    """Measure and print."""
    seconds, octets = {}, {}
    to_html(run_of(SIZES[0]))  # imports, and what pytest sets up once
    for size in SIZES:
        run = run_of(size)
        seconds[size], octets[size] = measure(run, 1 if size > SIZES[1] else TIMES)
    for size in SIZES[1:]:
        more = size - SIZES[0]
        each = (seconds[size] - seconds[SIZES[0]]) / more
        print(f"{more:,} results add {each * 1000:.2f} ms each (at most 2), {octets[size] / 1e6:.1f} MB in all")


def measure(run: Run, times: int) -> tuple[float, int]:
    """Return the seconds that the report takes, and its octets."""
    seconds, page = [], ""
    for _ in range(times):
        started = time.perf_counter()
        page = to_html(run)
        seconds.append(time.perf_counter() - started)
    return median(seconds), len(page.encode())


def run_of(size: int) -> Run:
    """Return a run of so many results, a mixture as real ones are: most pass."""
    domains = tuple(Domain(f"d{number}.example") for number in range(size // CHECKS))
    results = tuple(result(domain, number) for domain in domains for number in range(CHECKS))
    return Run(Phase.READINESS, Site(Gateway("secure.example.org"), domains), results, {}, NOW, NOW, NOW)


def result(domain: Domain, number: int) -> CheckResult:
    """Return one result with the findings of two servers."""
    findings = tuple(finding(number, server) for server in ("ns1.example (192.0.2.1)", "ns2.example (192.0.2.2)"))
    return CheckResult(
        check=f"check-{number}",
        requirements=(f"P{number}",),
        severity=Severity.HIGH,
        title=text("The record is as it should be"),
        target=domain,
        outcome=outcome_of(findings),
        findings=findings,
        evidence=(EvidenceNote("mx-records", Provenance("dns", NOW, "192.0.2.1, 192.0.2.2")),),
    )


def finding(number: int, server: str) -> Finding:
    """Return a finding: one check in ten fails, one warns."""
    kind = {0: Failed, 1: Warned}.get(number, Passed)
    return kind(
        "{server} serves a TTL of {ttl} s", subject=server, server=server, ttl=3600, expected="300", observed="3600"
    )


if __name__ == "__main__":
    main()

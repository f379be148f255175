"""What a run knows of the way mail takes: evidence by kind, and how the checks judged a leg."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from seppcheck.model.dns import GatewayAddresses
from seppcheck.model.evidence import Evidence, Unavailable
from seppcheck.model.mail import MailSamples
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.outcomes import WORST_FIRST, Outcome, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Run
from seppcheck.model.targets import Domain, Target
from seppcheck.model.text import Message, text
from seppcheck.reports.route import LegState

E = TypeVar("E", bound=Evidence)

_STATES = {
    Outcome.FAILED: LegState.BROKEN,
    Outcome.WARNED: LegState.WARNED,
    Outcome.WAIVED: LegState.WAIVED,
    Outcome.PASSED: LegState.SEEN,
}
"""What is missing here is not proven, also where nothing applied."""
_PROBLEMS = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.WARNED, Outcome.WAIVED)


def contents(run: Run, kind: type[E]) -> Iterator[E]:
    """Yield the evidence of one kind that could be had."""
    for _, content in targeted(run, kind):
        yield content


def targeted(run: Run, kind: type[E]) -> Iterator[tuple[Target, E]]:
    """Yield the evidence of one kind that could be had, with its target."""
    for record in run.records:
        if isinstance(record.content, kind):
            yield record.target, record.content


def missing(run: Run, kind: type[Evidence]) -> Iterator[tuple[Target, Unavailable]]:
    """Yield why evidence of one kind could not be had, with its target."""
    for record in run.records:
        if record.kind == kind.kind and isinstance(record.content, Unavailable):
            yield record.target, record.content


def flow_of(run: Run) -> MailFlow | Unavailable:
    """Return the tenant's connectors and rules, or why they are not known."""
    for flow in contents(run, MailFlow):
        return flow
    for _, why in missing(run, MailFlow):
        return why
    return Unavailable(Reason.NOT_COLLECTED, text("Exchange Online was not asked"))


def addresses_of(run: Run) -> tuple[str, ...]:
    """Return the gateway's public addresses: as configured, or else as its name resolves."""
    configured = tuple(address for node in run.site.gateway.nodes for address in node.addresses)
    return configured or tuple(a for evidence in contents(run, GatewayAddresses) for a in evidence.addresses)


def judged(run: Run, checks: Collection[str]) -> LegState:
    """Return the state of a leg by the results of its checks.

    Where one of them was not run the leg is not proven; before the cutover it may only not be due.
    """
    outcomes = {result.outcome for result in run.results if result.check in checks}
    absent = set(checks) - {result.check for result in run.results}
    if Outcome.FAILED in outcomes:
        return LegState.BROKEN
    left_out = absent & {skipped.check for skipped in run.skipped}
    if Outcome.INCONCLUSIVE in outcomes or left_out or (absent and run.phase is not Phase.READINESS):
        return LegState.UNSEEN
    if absent:
        return LegState.LATER
    return _STATES.get(next(outcome for outcome in WORST_FIRST if outcome in outcomes), LegState.UNSEEN)


def problems(run: Run, checks: Collection[str], others: tuple[CheckResult, ...] = ()) -> tuple[CheckResult, ...]:
    """Return the results of some checks that need somebody, and further ones, worst first."""
    found = [result for result in run.results if result.check in checks and result.outcome in _PROBLEMS]
    found += others
    return tuple(sorted(found, key=lambda result: WORST_FIRST.index(result.outcome)))


def extent(run: Run, found: tuple[CheckResult, ...]) -> Message | None:
    """Return of how many domains the worst of some problems is true; None where it is not a matter of domains."""
    worst = [result.target for result in found if result.outcome is found[0].outcome]
    if all(isinstance(target, Domain) for target in worst):
        return part(run, (target.name for target in worst))
    return None


def part(run: Run, domains: Iterable[str]) -> Message | None:
    """Return how many of all domains some are; None for none, and where there is but one."""
    count, everything = len(set(domains)), len(run.site.domains)
    return text("{count} of {all} domains", count=count, all=everything) if count and everything > 1 else None


def sampled(run: Run, *, outgoing: bool) -> tuple[Finding, ...]:
    """Return what mail-route found of the real messages of one direction."""
    domains = {domain.name for domain in run.site.domains}
    files = {
        sample.file
        for evidence in contents(run, MailSamples)
        for sample in evidence.samples
        if (sample.outgoing or sample.sender_domain in domains) is outgoing
    }
    found = (finding for result in run.results if result.check == "mail-route" for finding in result.findings)
    return tuple(finding for finding in found if finding.subject in files)


def proven(state: LegState, samples: tuple[Finding, ...]) -> LegState:
    """Return the state in the light of real messages: one that went another way is a warning at least."""
    otherwise = any(finding.outcome is not Outcome.PASSED for finding in samples)
    return LegState.WARNED if otherwise and state in (LegState.SEEN, LegState.WAIVED) else state

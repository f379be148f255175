"""What a drift run says besides its checks: entries, what could not be looked at, notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seppcheck.drift.any_evidence import projector_of
from seppcheck.drift.baseline import Baseline, PieceKey, looked_at, name_of, projector
from seppcheck.drift.comparison import Comparison, Seen, compare
from seppcheck.drift.projection import Projected
from seppcheck.engine.gather import pieces
from seppcheck.engine.plan import Case
from seppcheck.model.drift import RESERVED, DriftEntry
from seppcheck.model.evidence import Evidence, Record, Unavailable
from seppcheck.model.outcomes import Outcome, Reason, Severity
from seppcheck.model.results import CheckResult, Finding, Inconclusive
from seppcheck.model.targets import Domain, Site, Target
from seppcheck.model.text import Message, text

CHECK = RESERVED
"""The id of the result that tells what of the baseline could not be looked at. No check has it."""
_TITLE = text("What the baseline holds can be looked at")
_STEP = text(
    "Run it where everything can be looked at, or add what was collected there: seppcheck drift --config "
    "seppcheck.toml --evidence BUNDLE."
)
_RESTORE = text(
    "Restore the baseline from git, or look through what is so now and accept it: seppcheck baseline accept."
)
_MOST = 12


@dataclass(frozen=True, slots=True)
class Drift:
    """What is added to a run: nothing where there is no baseline, not even an empty list of entries.

    `results` are inconclusive, and there is none where everything could be looked at.
    """

    entries: tuple[DriftEntry, ...] | None = None
    results: tuple[CheckResult, ...] = ()
    notes: tuple[Message, ...] = ()


NO_BASELINE = Drift()


def drift_of(
    baseline: Baseline,
    site: Site,
    records: Iterable[Record],
    results: Sequence[CheckResult],
    now: datetime,
    *,
    left_out: Collection[tuple[str, Target]] = (),
    cases: Iterable[Case] = (),
) -> Drift:
    """Hold what was gathered and judged against the baseline.

    Args:
        baseline: of this site.
        site: whose evidence it is.
        records: what was gathered.
        results: what came of the checks.
        now: the moment of judgement.
        left_out: the evidence, by kind and target, that the user chose not to look at: it is not missed.
        cases: the checks of the run: the baseline must hold what they insist on, where it holds their outcome.
    """
    seen = dict(_seen(baseline, site, records, now))
    chosen = {(kind, target.name or baseline.tenant) for kind, target in left_out}
    unwanted = (baseline.pieces.keys() & chosen) - seen.keys()
    found = compare(baseline, seen, unwanted)
    return Drift(
        tuple(found.entries),
        (*_unlooked(found, seen, site, results), *_incomplete(baseline, found, seen, site, cases)),
        tuple(_notes(baseline, found, unwanted, results)),
    )


class Told:
    """What the checks said themselves that they could not look at; one domain's silence says nothing of another's."""

    def __init__(self, results: Iterable[CheckResult]) -> None:
        """Take what of these results is inconclusive."""
        self._said = {
            (note.kind, finding.reason, result.target)
            for result in results
            for finding in result.findings
            if finding.outcome is Outcome.INCONCLUSIVE
            for note in result.evidence
        }

    def has(self, kind: str, reason: Reason, target: Target) -> bool:
        """Tell whether a check said so, of this target or of one around it or within it."""
        return any(
            (kind, reason) == said[:2]
            and (said[2] == target or not (isinstance(target, Domain) and isinstance(said[2], Domain)))
            for said in self._said
        )


def _seen(baseline: Baseline, site: Site, records: Iterable[Record], now: datetime) -> Iterator[tuple[PieceKey, Seen]]:
    for record in records:
        looked = looked_at(record, site, now)
        if looked is None:
            continue
        kind = type(record.content) if isinstance(record.content, Evidence) else Evidence
        how = projector_of(kind) if kind is Evidence else projector(kind)
        name = record.target.name or baseline.tenant  # an export that cannot be read does not name its tenant
        yield (record.kind, name), Seen(record.target, how, looked)


def _unlooked(
    found: Comparison, seen: Mapping[PieceKey, Seen], site: Site, results: Sequence[CheckResult]
) -> Iterator[CheckResult]:
    told = Told(result for result in results if result.outcome in (Outcome.INCONCLUSIVE, Outcome.FAILED))
    grouped: dict[Target, list[Finding]] = {}
    for key, part, why in found.unseen:
        target = seen[key].target if key in seen else _target(key[1], site)
        if not told.has(key[0], why.reason, target):
            grouped.setdefault(target, []).append(_missing(key, part, why))
    for target, findings in grouped.items():
        yield _result(target, findings, _STEP)


def _result(target: Target, findings: Iterable[Finding], step: Message) -> CheckResult:
    return CheckResult(
        check=CHECK,
        requirements=(),
        severity=Severity.HIGH,
        title=_TITLE,
        target=target,
        outcome=Outcome.INCONCLUSIVE,
        findings=tuple(findings),
        steps=(step,),
    )


def _incomplete(
    baseline: Baseline, found: Comparison, seen: Mapping[PieceKey, Seen], site: Site, cases: Iterable[Case]
) -> Iterator[CheckResult]:
    """Yield a result where the baseline lacks what it must have held: a merge may have cut it."""
    cut = () if baseline.partial else dict.fromkeys(_cut(baseline, seen, site, cases))
    findings = [
        Inconclusive(
            "the baseline holds what {check} found, and not the {kind} of {name} that it rests on",
            check=check,
            kind=key[0],
            name=key[1],
            subject=f"{key[0]} {key[1]}",
            reason=Reason.INCOMPLETE,
        )
        for check, key in cut
    ]
    if not found.objects and not found.entries and not found.unseen:
        findings.append(Inconclusive("nothing was compared with the baseline", reason=Reason.INCOMPLETE))
    if findings:
        yield _result(site.gateway, findings, _RESTORE)


def _cut(
    baseline: Baseline, seen: Mapping[PieceKey, Seen], site: Site, cases: Iterable[Case]
) -> Iterator[tuple[str, PieceKey]]:
    for case in cases:
        check = f"{case.check.id} {case.target.name}".strip()
        if baseline.checks.get(check, Outcome.INCONCLUSIVE) == Outcome.INCONCLUSIVE:
            continue
        for wanted in case.wanted:
            for kind, target in () if wanted.or_unavailable or wanted.each else pieces(wanted, case.target, site):
                key = kind.kind, target.name or baseline.tenant
                now = seen.get(key)
                if key not in baseline.pieces and now and isinstance(now.looked, Projected) and now.looked.objects:
                    yield check, key


def _target(name: str, site: Site) -> Target:
    known: tuple[Target, ...] = (site.tenant, *site.domains)
    return next((each for each in known if each.name == name), site.gateway)


def _missing(key: PieceKey, part: str, why: Unavailable) -> Finding:
    return Inconclusive(
        "the baseline holds {kind} of {name}, and now it could not be looked at: {detail}",
        kind=key[0],
        name=part or key[1],
        detail=why.detail,
        subject=f"{key[0]} {part}".strip(),
        reason=why.reason,
    )


def _notes(
    baseline: Baseline, found: Comparison, unwanted: Collection[PieceKey], results: Iterable[CheckResult]
) -> Iterator[Message]:
    yield text(
        "compared with the baseline {file}, accepted on {at}: {count} objects of {pieces} pieces of evidence",
        file=baseline.path,
        at=baseline.accepted_at,
        count=found.objects,
        pieces=len(baseline.pieces) - len(unwanted),
    )
    if unwanted:
        yield text(
            "only what the selected checks looked at is compared; left out: {kinds}",
            kinds=tuple(sorted({kind for kind, _ in unwanted})),
        )
    if found.unknown:
        yield text(
            "the baseline does not hold {things}: not compared; `seppcheck baseline accept` takes it in",
            things=_some(found.unknown),
        )
    if found.anew:
        yield text("made anew with the same content, which is no drift: {objects}", objects=_some(found.anew))
    yield from _since(baseline, results)


def _some(things: Sequence[Message]) -> Message:
    shown, more = tuple(things[:_MOST]), len(things) - _MOST
    if more > 0:
        return text("{names} and {count} others", names=shown, count=more)
    return text("{names}", names=shown)


def _since(baseline: Baseline, results: Iterable[CheckResult]) -> Iterator[Message]:
    """Yield which failures were there already, and which checks warn only since then."""
    now = [(r, baseline.checks.get(name_of(r))) for r in results]
    known = [_name(r) for r, then in now if r.outcome is Outcome.FAILED and then == Outcome.FAILED]
    warns = [_name(r) for r, then in now if r.outcome is Outcome.WARNED and then == Outcome.PASSED]
    if known:
        yield text("failed already when the baseline was accepted: {checks}", checks=_some(known))
    if warns:
        yield text("warned now, and passed when the baseline was accepted: {checks}", checks=_some(warns))


def _name(result: CheckResult) -> Message:
    return text("{check} of {target}", check=result.check, target=result.target.name)

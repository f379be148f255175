"""The only engine: which evidence do these checks need, gather it, judge it, once.

Everything that differs between a live run, a replay and a mixture of the two is decided here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from seppcheck import history
from seppcheck.bundle import Bundle, keep_newest, records_of
from seppcheck.clock import Clock, utc_now
from seppcheck.drift.baseline import Baseline
from seppcheck.drift.judging import NO_BASELINE, drift_of
from seppcheck.drift.past import Past, remembering
from seppcheck.engine.gather import Gatherer, Key, Progress, key_of, pieces, silent
from seppcheck.engine.judge import judge
from seppcheck.engine.memory import FORGETFUL, Forgetful
from seppcheck.engine.next import next_step
from seppcheck.engine.plan import Need, Plan, Remedy, Selection, plan, refuse_unknown_patterns, remedies
from seppcheck.engine.propose import mended, propose
from seppcheck.engine.reach import Piece, reach
from seppcheck.engine.rollup import roll_up, uncovered
from seppcheck.engine.waive import unused, waive
from seppcheck.errors import UserError
from seppcheck.model.ages import MAX_AGE
from seppcheck.model.changes import PlanPhase, Proposed
from seppcheck.model.evidence import Now, Record, Unavailable
from seppcheck.model.guide import Guide
from seppcheck.model.outcomes import Assurance, Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult, Waiver
from seppcheck.model.run import Run
from seppcheck.model.sources import Session, Source
from seppcheck.model.targets import Site
from seppcheck.model.text import Message, text
from seppcheck.moments import moments_of
from seppcheck.notes import notes_of
from seppcheck.plugins import Registry
from seppcheck.settings import Settings


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do.

    With `bundles` and without `live` it is a replay: no network, the bundle's clock and history.
    """

    settings: Settings
    registry: Registry
    guide: Guide
    selection: Selection
    language: str = "en"
    bundles: tuple[Bundle, ...] = ()
    live: bool = True
    clock: Clock = utc_now
    on_progress: Progress = silent
    memory: Forgetful = FORGETFUL
    baseline: Baseline | None = None
    past: Mapping[str, Past] = field(default_factory=dict)
    """What a baseline remembers of each domain. `baseline` itself is what drift is held against."""
    notes: tuple[Message, ...] = ()
    """What is to be said of the request itself, before the run's own notes."""

    @property
    def replay_of(self) -> datetime | None:
        """Whose clock is used when nothing is asked live: that of the newest bundle."""
        return None if self.live else max(bundle.judged_at for bundle in self.bundles)

    @property
    def whole(self) -> bool:
        """Whether every configured check is asked about every configured domain: only such verdicts compare."""
        every = {domain.name for domain in self.settings.domains}
        return not (self.selection.only or self.selection.skip) and every <= {*self.selection.domains}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence, and what is needed to judge it again elsewhere."""

    site: Site
    plan: Plan
    remedies: tuple[Remedy, ...]
    records: tuple[Record, ...]
    history: tuple[Mapping[str, Any], ...]
    notes: tuple[Message, ...]
    started_at: datetime
    judged_at: datetime
    interrupted: bool

    @property
    def missing(self) -> tuple[Record, ...]:
        """What could not be had; what no check insists on, and nobody configured, is not missed."""
        insisted = {
            key_of(kind.kind, target)
            for case in self.plan.cases
            for wanted in case.check.wanted
            if not wanted.or_unavailable
            for kind, target in pieces(wanted, case.target, self.site)
        }
        return tuple(
            record
            for record in self.records
            if isinstance(record.content, Unavailable)
            and (record.content.reason is not Reason.NOT_CONFIGURED or key_of(record.kind, record.target) in insisted)
        )

    @property
    def by_key(self) -> Mapping[Key, Record]:
        """The evidence by what identifies it."""
        return {key_of(record.kind, record.target): record for record in self.records}


def gather(request: Request, phases: Sequence[Phase]) -> Gathered:
    """Bring in what the selected checks and their remediations need in `phases`; nothing is judged.

    Raises:
        UserError: for a pattern without a check, or bundles that do not go together.
    """
    refuse_unknown_patterns(request.selection, request.registry.checks)
    started = request.clock()
    site = request.settings.site
    planned = plan(request.registry.checks.values(), site, phases, request.selection, request.guide)
    mending = remedies(planned.cases, request.registry.remediations, site)
    documents, notes = _history(request)
    session = _session(request, documents)
    known = _bundled(request, phases, started)
    gatherer = Gatherer(request.registry.sources, site, session, known, _may_ask(request), request.memory)
    records = asyncio.run(_gather(gatherer, session, (*planned.cases, *mending), request))
    return Gathered(
        site=site,
        plan=planned,
        remedies=mending,
        records=records,
        history=documents,
        notes=notes,
        started_at=started,
        judged_at=request.replay_of or request.clock(),
        interrupted=gatherer.interrupted,
    )


def session_of(request: Request) -> Session:
    """Open a live session with what earlier runs saw."""
    return _session(request, _history(request)[0])


def _session(request: Request, documents: tuple[Mapping[str, Any], ...]) -> Session:
    return Session(request.settings, request.clock, request.settings.run.deadline, documents, request.selection.domains)


async def _gather(gatherer: Gatherer, session: Session, needs: Sequence[Need], request: Request) -> tuple[Record, ...]:
    try:
        return await gatherer.gather(needs, session.deadline, request.on_progress)
    finally:
        await session.close()


def _history(request: Request) -> tuple[tuple[Mapping[str, Any], ...], tuple[Message, ...]]:
    if request.live:
        return history.read(request.settings.path(request.settings.run.history))
    newest = max(request.bundles, key=lambda bundle: bundle.judged_at)
    return newest.history, ()


def _may_ask(request: Request) -> Callable[[Source], bool]:
    """Offline nothing may be asked, but the history that the bundle itself carries."""
    return lambda source: request.live or source.name == history.SOURCE


def _bundled(request: Request, phases: Sequence[Phase], now: datetime) -> Mapping[Key, Record]:
    records: dict[Key, Record] = {}
    for bundle in request.bundles:
        for record in records_of(bundle, request.registry.kinds, [request.settings.site]).values():
            keep_newest(records, record)
    if request.live:
        oldest = now - min(MAX_AGE[phase] for phase in phases)
        records = {
            key: _expired(record) if record.provenance.collected_at < _oldest(record, oldest, request, now) else record
            for key, record in records.items()
            if not _live_knows_better(record, request)
        }
    return records


def _live_knows_better(record: Record, request: Request) -> bool:
    """Tell whether a live source is asked instead: for what is missing, and for what the present record may say."""
    attested = record.provenance.assurance is Assurance.ATTESTED
    return isinstance(record.content, Unavailable) or (attested and request.settings.gateway.record is not None)


def _oldest(record: Record, oldest: datetime, request: Request, now: datetime) -> datetime:
    """Return since when it counts: what a person wrote has an age of its own."""
    if record.provenance.assurance is Assurance.ATTESTED:
        return now - timedelta(days=request.settings.run.record_max_age_days)
    return oldest


def _expired(record: Record) -> Record:
    seen = record.provenance.collected_at
    detail = text("the bundle saw it on {at}, too long ago to count now; collect it anew", at=seen)
    return replace(record, content=Unavailable(Reason.EXPIRED, detail, record.provenance.asked))


def execute(request: Request, phase: Phase) -> Run:
    """Run a phase's checks: plan, gather, judge, waive, roll up, and record what must be remembered."""
    return _remembered(request, concluded(request, phase))


def concluded(request: Request, phase: Phase) -> Run:
    """Run a phase's checks, and record nothing."""
    gathered = gather(request, [phase])
    gathered = replace(gathered, records=remembering(gathered.records, request.past))
    results = judged(request, phase, gathered)
    checks = list(request.registry.checks.values())
    requirements = roll_up(request.guide, phase, checks, results, gathered.plan.skipped)
    without_check = uncovered(request.guide, phase, checks)
    about = gathered.site, gathered.records, results, gathered.judged_at
    drift = NO_BASELINE
    if request.baseline:
        left_out = _left_out(request, phase, gathered)
        drift = drift_of(request.baseline, *about, left_out=left_out, cases=gathered.plan.cases)
    notes = notes_of(phase, request.settings, gathered.records, results, without_check)
    return Run(
        phase=phase,
        site=request.settings.site,
        results=(*results, *drift.results),
        requirements=requirements,
        judged_at=gathered.judged_at,
        started_at=gathered.started_at,
        finished_at=request.clock(),
        language=request.language,
        replay_of=request.replay_of,
        notes=(*request.notes, *gathered.notes, *drift.notes, *notes),
        skipped=gathered.plan.skipped,
        unused_waivers=unused(_waivers(request.settings), results, request.clock().date()),
        uncovered=without_check,
        records=gathered.records,
        history=gathered.history,
        settings=request.settings.public(),
        interrupted=gathered.interrupted,
        moments=moments_of(phase, request.settings.site, gathered.records, gathered.judged_at),
        next=next_step(phase, request.guide, results, requirements),
        drift=drift.entries,
        drift_since=request.baseline.accepted_at if request.baseline else None,
        whole=request.whole,
    )


def _left_out(request: Request, phase: Phase, gathered: Gathered) -> frozenset[Piece]:
    """Return the evidence that this run would look at, had the user not left out checks or domains."""
    registry, site = request.registry, gathered.site
    cases = plan(registry.checks.values(), site, [phase], Selection(), request.guide).cases
    every = reach((*cases, *remedies(cases, registry.remediations, site)), registry.sources, site)
    return every - reach((*gathered.plan.cases, *gathered.remedies), registry.sources, site)


def judged(request: Request, phase: Phase, gathered: Gathered) -> tuple[CheckResult, ...]:
    """Judge what was gathered and waive what somebody answers for; each result says what its remediation would do."""
    now, site, records = Now(gathered.judged_at), request.settings.site, gathered.by_key
    waivers = [waiver for waiver in _waivers(request.settings) if waiver.until >= request.clock().date()]
    results = (waive(judge(case, site, phase, now, records), waivers) for case in gathered.plan.cases)
    return tuple(mended(result, gathered.remedies, site, phase, now, records) for result in results)


def in_phase(request: Request, gathered: Gathered, phase: Phase) -> Gathered:
    """Return the same evidence for one phase: its cases alone, and their remediations."""
    planned = plan(request.registry.checks.values(), gathered.site, [phase], request.selection, request.guide)
    mending = remedies(planned.cases, request.registry.remediations, gathered.site)
    return replace(gathered, plan=planned, remedies=mending)


def proposed(gathered: Gathered, phase: PlanPhase) -> tuple[Proposed, ...]:
    """Return what the remediations of the selected checks would do in a plan, in the guide's order."""
    now, records = Now(gathered.judged_at), gathered.by_key
    return tuple(propose(remedy, gathered.site, phase, now, records) for remedy in gathered.remedies)


def _waivers(settings: Settings) -> Sequence[Waiver]:
    return [Waiver(w.check, w.reason, w.owner, w.until, w.target, w.requirement, w.subject) for w in settings.waivers]


def _remembered(request: Request, run: Run) -> Run:
    """Write this run into the history, unless it is a replay. Failing to is a note: the verdict stands."""
    if not request.live:
        return run
    try:
        history.write(request.settings.path(request.settings.run.history), history.seen_by(run))
    except UserError as error:
        told = text("this run could not be recorded: {problem}; the lead time cannot count it", problem=error.message)
        return replace(run, notes=(*run.notes, told))
    return run

"""Looking where a migration stands: evidence for every phase, gathered once; the plans; what was begun. No change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from seppcheck.checklist.situation import PlanFile, Seen, Situation
from seppcheck.engine.plan import Selection, refuse_unknown_patterns
from seppcheck.engine.rollup import roll_up
from seppcheck.errors import UserError
from seppcheck.files import read_json
from seppcheck.judgement.inline import sender_domains
from seppcheck.judgement.lead_time import lead_time
from seppcheck.model.changes import PlanPhase
from seppcheck.model.checklist import Repeated
from seppcheck.model.dns import GatewayAddresses, MxRecords, SpfRecords, mail_exchanger
from seppcheck.model.evidence import Evidence, Record, Unavailable
from seppcheck.model.gateway import DeliveryHold
from seppcheck.model.gateway_record import GatewayRecord
from seppcheck.model.history import RunHistory
from seppcheck.model.mail import MailSamples
from seppcheck.model.mailflow import MailFlow, Role, having
from seppcheck.model.microsoft import is_microsoft
from seppcheck.model.phases import Phase
from seppcheck.model.plans import MigrationPlan
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Skipped
from seppcheck.model.targets import Domain, Site, Target
from seppcheck.model.text import Message
from seppcheck.moments import moments_of
from seppcheck.plan_document import from_document
from seppcheck.record.keys import dotted
from seppcheck.remediate import journal
from seppcheck.remediate.planning import plan_from
from seppcheck.run import Gathered, Request, gather, in_phase, judged

E = TypeVar("E", bound=Evidence)
_PHASES = (Phase.READINESS, Phase.CUTOVER, Phase.VERIFICATION)
_LARGEST = 64 * 1024 * 1024


def look(
    request: Request, folder: Path | None, repeated: Repeated, *, configured: bool, accepted: bool = False
) -> Situation:
    """Gather once, judge every phase, and plan.

    Args:
        request: whose evidence it is.
        folder: where plans and their journals are looked for; None where they say nothing, as in a replay.
        repeated: what commands that are named have to repeat.
        configured: whether a configuration file is read.
        accepted: whether a baseline of this site lies beside the configuration.

    Raises:
        UserError: for a pattern without a check, or bundles that do not go together.
    """
    refuse_unknown_patterns(request.selection, request.registry.checks)
    gathered = gather(replace(request, selection=Selection()), _PHASES)
    everywhere = tuple(domain.name for domain in request.settings.site.domains)
    whole = replace(request, selection=Selection(skipped=request.selection.skipped, domains=everywhere))
    judgement = _judged(whole, gathered)
    shown = _judged(request, gathered)
    skipped = {each.check: each for each in (*judgement.skipped, *shown.skipped)}
    files, notes = _plan_files(folder, request)
    record = request.settings.gateway.record
    made = Situation(
        site=request.settings.site,
        guide=request.guide,
        checks=request.registry.checks,
        now=gathered.judged_at,
        results=judgement.results,
        requirements=judgement.requirements,
        plans={phase: _plan(whole, phase, gathered) for phase in PlanPhase},
        seen=_seen(request, gathered),
        moments=moments_of(Phase.CUTOVER, request.settings.site, gathered.records, gathered.judged_at),
        files=files,
        taken=frozenset(path.name for path in folder.iterdir()) if folder else frozenset(),
        skipped=tuple(skipped.values()),
        notes=(*gathered.notes, *notes),
        removed_late=frozenset(
            check for check, each in request.registry.remediations.items() if PlanPhase.COMPLETION in each.phases
        ),
        configured=configured,
        record=str(record) if record else None,
        options=repeated.options,
        narrowing=repeated.narrowing,
        language=request.language,
        replay_of=request.replay_of,
        accepted=accepted,
    )
    narrowed = replace(made, results=shown.results, requirements=shown.requirements)
    return made if shown == judgement else replace(made, narrowed=narrowed)


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What the checks of a selection say in each phase, and what it leaves out."""

    results: Mapping[Phase, tuple[CheckResult, ...]]
    requirements: Mapping[Phase, Mapping[str, str]]
    skipped: tuple[Skipped, ...]


def _judged(request: Request, gathered: Gathered) -> _Judgement:
    of_phases = {phase: in_phase(request, gathered, phase) for phase in _PHASES}
    results = {phase: judged(request, phase, each) for phase, each in of_phases.items()}
    checks = request.registry.checks.values()
    return _Judgement(
        results,
        {
            phase: roll_up(request.guide, phase, checks, results[phase], each.plan.skipped)
            for phase, each in of_phases.items()
        },
        tuple(dict.fromkeys(each for phase in of_phases.values() for each in phase.plan.skipped)),
    )


def _plan(request: Request, phase: PlanPhase, gathered: Gathered) -> MigrationPlan:
    whole = request if phase is PlanPhase.READINESS else replace(request, selection=Selection())
    return plan_from(request, phase, in_phase(whole, gathered, phase.phase))


def _plan_files(folder: Path | None, request: Request) -> tuple[tuple[PlanFile, ...], tuple[Message, ...]]:
    """Return the plans of this gateway, tenant and these domains; a journal that cannot be read is told."""
    found: list[PlanFile] = []
    notes: list[Message] = []
    for path in sorted(folder.glob("*.json")) if folder else ():
        try:
            record = journal.read(journal.journal_of(path))
            plan = record.plan if record else from_document(read_json(path, _LARGEST), str(path))
        except UserError as error:
            if journal.journal_of(path).exists():
                notes.append(error.message)
            continue  # any other JSON file: no plan
        if _is_ours(plan, request.settings.site):
            found.append(PlanFile(Path(path.name), plan, record))
    return tuple(found), tuple(notes)


def is_read(path: Path) -> bool:
    """Tell whether a file is a plan or the journal of one: what is read here, and must not be written over."""
    if path.name.endswith(journal.SUFFIX) or journal.journal_of(path).exists():
        return path.exists()
    try:
        from_document(read_json(path, _LARGEST), str(path))
    except (UserError, OSError):
        return False
    return True


def _is_ours(plan: MigrationPlan, site: Site) -> bool:
    names = (site.gateway.name, site.tenant.name, tuple(domain.name for domain in site.domains))
    return (plan.gateway, plan.tenant, plan.domains) == names


def _seen(request: Request, gathered: Gathered) -> Seen:
    site, known = gathered.site, _Known(gathered.records)
    holds = {domain: known.of(DeliveryHold, domain) for domain in site.domains}
    records = {domain: known.of(MxRecords, domain) for domain in site.domains}
    flow, samples = known.of(MailFlow, site.tenant), known.of(MailSamples, site.gateway)
    addresses = known.of(GatewayAddresses, site.gateway)
    written = known.of(GatewayRecord, site.gateway)
    names = site.gateway.names
    times = [hold.voice.at if hold and hold.value == "false" else None for hold in holds.values()]
    return Seen(
        held=tuple(domain.name for domain, hold in holds.items() if hold and _holds_back(hold)),
        moving=tuple(domain.name for domain, mx in records.items() if mx and _names_some(mx, names)),
        moved=tuple(domain.name for domain, mx in records.items() if mx and mx.names_only(names)),
        refused=_refused(flow, records.values()),
        customers={domain.name: (hold.customer if hold else "") or domain.customer for domain, hold in holds.items()},
        addresses=addresses.addresses if addresses else (),
        inline={
            noun: tuple(each.name for each in having(side, Role.INLINE))
            for noun, side in (("rule", flow.rules), ("inbound", flow.inbound), ("outbound", flow.outbound))
        }
        if flow
        else {},
        unrecorded=tuple(domain.name for domain in site.domains if _is_unrecorded(known, domain, gathered.judged_at)),
        hidden=_hidden(holds.values(), records.values(), flow, gathered.judged_at),
        proven_at=min((at for at in times if at), default=None) if all(times) else None,
        sample_at=max((sample.at for sample in samples.samples if sample.at), default=None) if samples else None,
        answered=frozenset(dotted(answer.path) for answer in (written.answers if written else ())),
        samples_configured=bool(request.settings.mail.samples),
    )


def _refused(flow: MailFlow | None, records: Iterable[MxRecords | None]) -> tuple[str, ...]:
    inline = having(flow.inbound, Role.INLINE) if flow else ()
    if not any(each.enabled and "*" in sender_domains(each.entry) for each in inline):
        return ()
    return tuple(mx.domain for mx in records if mx and _names_microsoft(mx))


def _names_microsoft(mx: MxRecords) -> bool:
    return any(is_microsoft(mail_exchanger(value)) for server in mx.servers for value in server.answer.values)


def _hidden(
    holds: Iterable[DeliveryHold | None], records: Iterable[MxRecords | None], flow: MailFlow | None, now: datetime
) -> frozenset[type[Evidence]]:
    """Return what could not be looked at, or is too old for the night, of the evidence that decides how far it is."""
    fresh = flow is not None and now - flow.at <= flow.max_age[Phase.CUTOVER]
    sides = (flow.rules, flow.inbound, flow.outbound) if flow and fresh else (None,)
    seen: dict[type[Evidence], bool] = {
        DeliveryHold: all(hold is not None and _is_known(hold) for hold in holds),
        MxRecords: all(mx is not None and any(each.answer.status.looked for each in mx.servers) for mx in records),
        MailFlow: not any(side is None or isinstance(side, Unavailable) for side in sides),
    }
    return frozenset(kind for kind, known in seen.items() if not known)


def _holds_back(hold: DeliveryHold) -> bool:
    return (hold.default if hold.value == "default" else hold.value) == "true"


def _is_known(hold: DeliveryHold) -> bool:
    return hold.value != "default" or hold.default is not None


class _Known:
    """Evidence by its type and target."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._content: Mapping[tuple[type, Target], object] = {
            (type(record.content), record.target): record.content for record in records
        }

    def of(self, kind: type[E], target: Target) -> E | None:
        """Return evidence; None when it could not be had."""
        found = self._content.get((kind, target))
        return found if isinstance(found, kind) else None


def _names_some(mx: MxRecords, names: tuple[str, ...]) -> bool:
    return any(mail_exchanger(value) in names for server in mx.servers for value in server.answer.values)


def _is_unrecorded(known: _Known, domain: Domain, now: datetime) -> bool:
    """Tell whether the TTL is low, and this look, which records nothing, is the first that sees it."""
    mx, spf, history = known.of(MxRecords, domain), known.of(SpfRecords, domain), known.of(RunHistory, domain)
    if mx is None or spf is None or history is None:
        return False
    lead = lead_time(mx, spf, history, now)
    return lead is not None and lead.since is not None and lead.since >= now

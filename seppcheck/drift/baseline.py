"""What was accepted: evidence by meaning, verdicts, and the moments that must not be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from seppcheck import __version__
from seppcheck.drift.any_evidence import projector_of
from seppcheck.drift.certificates import CERTIFICATES
from seppcheck.drift.dns_records import DNS
from seppcheck.drift.exchange_objects import EXCHANGE
from seppcheck.drift.gateway_settings import GATEWAY
from seppcheck.drift.past import Past, past_of
from seppcheck.drift.projection import Projected, Projector, Properties, View
from seppcheck.engine.gather import in_date
from seppcheck.engine.rollup import NOT_SELECTED
from seppcheck.errors import UserError
from seppcheck.model.evidence import Evidence, Now, Record, Unavailable
from seppcheck.model.gateway_api import GatewayApi
from seppcheck.model.gateway_record import GatewayRecord
from seppcheck.model.history import RunHistory
from seppcheck.model.mail import MailSamples
from seppcheck.model.mailflow import MailFlow
from seppcheck.model.outcomes import Reason
from seppcheck.model.phases import Phase
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.targets import Site

_PROJECTORS: Mapping[type[Evidence], Projector] = {
    each.evidence: each for each in (*DNS, *CERTIFICATES, *GATEWAY, *EXCHANGE)
}
_TOLD_BY_OTHERS = frozenset(each.kind for each in (GatewayApi, GatewayRecord, MailFlow, MailSamples, RunHistory))
"""What other evidence is made of, or is made of other evidence; and mails, which come and go."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is kept of one kind of evidence about one target; `unseen` are the objects that could not be looked at."""

    objects: Mapping[str, Properties]
    order: tuple[str, ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)


PieceKey = tuple[str, str]
"""The kind of evidence, and the name of its target."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """An accepted state. `left_out` are, by kind, the properties that were not looked at; `path` is its file.

    `checks` are the outcomes by check and target, as `name_of` names them.
    """

    path: Path
    accepted_at: datetime
    version: str
    gateway: str
    tenant: str
    domains: tuple[str, ...]
    partial: bool
    checks: Mapping[str, str]
    requirements: Mapping[str, str]
    pieces: Mapping[PieceKey, Piece]
    left_out: Mapping[str, tuple[str, ...]]
    past: Mapping[str, Past]


def projector(kind: type[Evidence]) -> Projector:
    """Return how a kind is kept and compared."""
    return _PROJECTORS.get(kind) or projector_of(kind)


Looked = Projected | Unavailable
"""What was seen of a piece of evidence by meaning, or why nothing was."""


def looked_at(record: Record, site: Site, now: datetime) -> Looked | None:
    """Return what a baseline keeps of a record, None where that is nothing; what is too old counts as not seen."""
    if record.kind in _TOLD_BY_OTHERS:
        return None
    content = in_date(record.content, Phase.DRIFT, Now(now))
    if isinstance(content, Unavailable):
        return content
    return projector(type(content)).project(content, View(site, record.target, now))


def baseline_of(
    run: Run, path: Path, earlier: Mapping[str, Past], domains: Iterable[str], *, partial: bool
) -> Baseline:
    """Return what a run gathered and judged as a baseline.

    Args:
        run: what is accepted.
        path: the baseline's file.
        earlier: what an earlier baseline remembers of each domain.
        domains: those that were asked about, by name: only they are accepted.
        partial: whether something could not be looked at.
    """
    pieces: dict[PieceKey, Piece] = {}
    left_out: dict[str, tuple[str, ...]] = {}
    for record in run.records:
        seen = looked_at(record, run.site, run.judged_at)
        if isinstance(record.content, Unavailable) or not isinstance(seen, Projected):
            continue
        unseen = {each.object: each.reason.value for each in seen.unseen}
        pieces[record.kind, record.target.name] = Piece(seen.objects, seen.order, unseen)
        found = projector(type(record.content)).left_out
        if found is not None:
            left_out[record.kind] = tuple(sorted(found))
    return Baseline(
        path=path,
        accepted_at=run.judged_at.replace(microsecond=0),
        version=__version__,
        gateway=run.site.gateway.name,
        tenant=run.site.tenant.name,
        domains=tuple(sorted(domains)),
        partial=partial,
        checks={name_of(result): result.outcome.value for result in run.results},
        requirements=run.requirements,
        pieces=pieces,
        left_out=left_out,
        past=past_of(run, earlier),
    )


def kept_beside(earlier: Baseline, now: Baseline, configured: Collection[str]) -> Baseline:
    """Return a baseline of some checks or domains together with what an earlier one holds of the others."""
    domains = tuple(sorted({*now.domains, *(name for name in earlier.domains if name in configured)}))
    ours = {now.gateway, now.tenant, *domains}
    states = {n: earlier.requirements.get(n, s) if s == NOT_SELECTED else s for n, s in now.requirements.items()}
    return replace(
        now,
        domains=domains,
        partial=now.partial or earlier.partial,
        checks={**{n: o for n, o in earlier.checks.items() if n.partition(" ")[2] in ours}, **now.checks},
        requirements=states,
        pieces={**{key: piece for key, piece in earlier.pieces.items() if key[1] in ours}, **now.pieces},
        left_out={**earlier.left_out, **now.left_out},
    )


def name_of(result: CheckResult) -> str:
    """Return what a result is called in a baseline: a line of its own tells which check of what it was."""
    return f"{result.check} {result.target.name}".strip()


def unlooked(run: Run) -> Iterator[tuple[Record, str, Unavailable]]:
    """Yield what of the evidence could not be looked at: the record, the object ("" = all of it), and why.

    What nobody configured is not missed.
    """
    for record in run.records:
        seen = looked_at(record, run.site, run.judged_at)
        if isinstance(seen, Projected):
            yield from ((record, each.object, each.why) for each in seen.unseen)
        elif seen is not None and seen.reason is not Reason.NOT_CONFIGURED:
            yield record, "", seen


def refuse_foreign(baseline: Baseline, site: Site, *, domains: bool = True) -> None:
    """See that a baseline is about this gateway, tenant and, if wanted, these domains.

    Raises:
        UserError: naming the file and both sides.
    """
    ours = (site.gateway.name, site.tenant.name, _domains(site))
    theirs = (baseline.gateway, baseline.tenant, baseline.domains)
    if ours[0] != theirs[0]:
        raise _foreign(baseline, ours[0], theirs[0])
    if all((ours[1], theirs[1])) and ours[1] != theirs[1]:
        raise _foreign(baseline, ours[1], theirs[1])
    if domains and ours[2] != theirs[2]:
        raise UserError(
            "{path} is the baseline of the domains {theirs}, and the configuration names {ours}: accept the present "
            "state with `seppcheck baseline accept`, or give its own configuration",
            path=baseline.path,
            theirs=theirs[2],
            ours=ours[2],
        )


def _domains(site: Site) -> tuple[str, ...]:
    return tuple(sorted(domain.name for domain in site.domains))


def _foreign(baseline: Baseline, ours: str, theirs: str) -> UserError:
    return UserError(
        "{path} is the baseline of {theirs}, and the configuration is about {ours}: give its own baseline with "
        "--baseline FILE, or move that file away and accept the present state with `seppcheck baseline accept`",
        path=baseline.path,
        theirs=theirs,
        ours=ours,
    )

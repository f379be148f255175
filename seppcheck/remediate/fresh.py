"""Fresh evidence for `apply` and `rollback`: what people did shows in it, and whose objects are the guide's."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from seppcheck.engine.gather import Gatherer, Key, key_of, silent
from seppcheck.engine.judge import judge
from seppcheck.engine.plan import Case
from seppcheck.model.changes import FactImage, PlanPhase
from seppcheck.model.checks import Wanted
from seppcheck.model.evidence import Evidence, Now, Record, Unavailable
from seppcheck.model.facts import Fact
from seppcheck.model.outcomes import Outcome, Reason
from seppcheck.model.results import CheckResult
from seppcheck.model.sources import Session
from seppcheck.model.targets import Site, Target
from seppcheck.model.text import Message, text
from seppcheck.remediate.since import is_since
from seppcheck.run import Request, session_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Kinds of evidence about one target, by name."""

    target: Target
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the world: evidence, and when it was taken."""

    request: Request
    at: datetime
    records: Mapping[Key, Record]

    def get(self, kind: str, target: Target) -> Evidence | Unavailable | None:
        """Return one piece of evidence, or None when it was not asked for."""
        record = self.records.get(key_of(kind, target))
        return record.content if record else None


def look(request: Request, kinds: Iterable[tuple[str, Target]], cases: Sequence[Case] = ()) -> Look:
    """Gather evidence anew, live, whatever bundles the request had.

    Args:
        request: settings, plugins and clock.
        kinds: evidence kinds by name, each with its target; unknown kinds are left out.
        cases: checks whose evidence is wanted as well.
    """
    known, site = request.registry.kinds, request.settings.site
    asked = [Asked(_of(site, target), (Wanted("it", known[kind]),)) for kind, target in kinds if kind in known]
    session = session_of(request)
    gatherer = Gatherer(request.registry.sources, site, session, {}, lambda _: True)
    records = asyncio.run(_gathered(gatherer, session, [*asked, *cases]))
    if gatherer.interrupted:
        raise KeyboardInterrupt
    return Look(request, request.clock(), {key_of(record.kind, record.target): record for record in records})


def _of(site: Site, target: Target) -> Target:
    """Return the site's own target of that name: a plan's file knows of it no more than kind and name."""
    return next((each for each in site.targets(type(target)) if each.name == target.name), target)


async def _gathered(gatherer: Gatherer, session: Session, needs: Sequence[Asked | Case]) -> tuple[Record, ...]:
    try:
        return await gatherer.gather(needs, session.deadline, silent)
    finally:
        await session.close()


def cases_of(request: Request, check: str, target: str) -> tuple[Case, ...]:
    """Return the case of a check on a target that is named.

    A remediation may be about something larger than its check, such as the gateway: then every case counts.
    """
    known = request.registry.checks.get(check)
    if known is None:
        return ()
    cases = tuple(Case(known, each) for each in request.settings.site.targets(known.target))
    return tuple(case for case in cases if case.target.name == target) or cases


def judged(taken: Look, case: Case, phase: PlanPhase) -> CheckResult:
    """Judge one check over a look that holds its evidence."""
    return judge(case, taken.request.settings.site, phase.phase, Now(taken.at), taken.records)


def not_shown(fact: FactImage, taken: Look) -> Message | None:
    """Return None when evidence shows every field of an image, else what it shows, or why it shows nothing."""
    found = taken.get(fact.kind, fact.target)
    if found is None:
        return text("this installation gathers no {kind}, so nothing shows that it is done", kind=fact.kind)
    if isinstance(found, Unavailable):
        return text("it cannot be seen: {why}", why=found.detail)
    fields = {name: plain(value) for name, value in fact.fields.items()}
    other = {name: shown for name in fields if (shown := plain(getattr(found, name, None))) != fields[name]}
    if not other:
        return None
    seen = tuple(f"{name} = {_shown(value)}" for name, value in other.items())
    wanted = tuple(f"{name} = {_shown(fields[name])}" for name in other)
    where = found.asked or "-"
    return text("{where} still says {seen}; wanted is {wanted}", where=where, seen=seen, wanted=wanted)


def _shown(value: object) -> str:
    return "-" if value in (None, "", [], ()) else str(value).lower() if isinstance(value, bool) else str(value)


def plain(value: Any) -> Any:
    """Return a field's value as JSON holds it: tuples as lists, dataclasses as tables."""
    match value:
        case Enum():
            return value.value
        case list() | tuple():
            return [plain(item) for item in value]
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case datetime():
            return value.isoformat()
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
        case _:
            return value


def too_old(result: CheckResult) -> Message | None:
    """Return what a check says of evidence that is too old to count, if it says so."""
    found = (f for f in result.findings if f.outcome is Outcome.INCONCLUSIVE and f.reason is Reason.EXPIRED)
    return next((finding.summary for finding in found), None)


def written_after(fact: FactImage, taken: Look, moment: datetime) -> bool:
    """Tell whether a fact was seen or written down at a moment (whole seconds) or later."""
    found = taken.get(fact.kind, fact.target)
    return isinstance(found, Fact) and is_since(found.voice.at, moment)

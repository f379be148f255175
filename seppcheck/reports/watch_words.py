"""The fixed words and signs of a watch, and what its board, its lines and both its protocols tell alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from functools import reduce

from seppcheck.model.evidence import Provenance
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Change, Ending, Entry, Night, Pace, Sight, StateKind
from seppcheck.reports.order import with_outcome
from seppcheck.reports.times import both
from seppcheck.reports.words import ASSURANCES, STATES

KINDS: Mapping[StateKind, Message] = {
    StateKind.GO: text("Go"),
    StateKind.DONE: text("Done"),
    StateKind.PROVISIONAL: text("Provisional"),
    StateKind.WAIT: text("Wait"),
    StateKind.NO_GO: text("No go"),
    StateKind.CANNOT_TELL: text("Cannot tell"),
}

SIGNS: Mapping[StateKind, Outcome] = {
    StateKind.GO: Outcome.PASSED,
    StateKind.DONE: Outcome.PASSED,
    StateKind.PROVISIONAL: Outcome.WARNED,
    StateKind.WAIT: Outcome.WARNED,
    StateKind.NO_GO: Outcome.FAILED,
    StateKind.CANNOT_TELL: Outcome.INCONCLUSIVE,
}
"""The outcome whose sign and colour a state has."""

PACES: Mapping[Pace, Message] = {
    Pace.MX: text("MX records"),
    Pace.DNS: text("other DNS"),
    Pace.SMTP: text("SMTP"),
    Pace.REST: text("the gateway's API"),
    Pace.OTHER: text("other sources"),
    Pace.MAIL: text("mail samples"),
    Pace.POLICIES: text("policies in DNS"),
    Pace.EXCHANGE: text("Exchange Online"),
}

_MANY = 300
"""Results above which a protocol leaves those out that are in order."""


def facts_of(night: Night, zone: tzinfo | None) -> Iterator[Message]:
    """Yield whom the night is about, who watched, and from when to when."""
    site = night.run.site
    yield text("Gateway: {name}", name=site.gateway.name)
    yield text("Tenant: {name}", name=site.tenant.name or None)
    yield text("Domains: {names}", names=[domain.name for domain in site.domains])
    yield text("Watched by: {who}", who=night.by)
    started, last = (both(at, zone, seconds=True) for at in (night.started_at, night.run.judged_at))
    yield text("Watched from {start} to {end}", start=started, end=last)
    yield _ENDINGS.get(night.ended, text("The watch goes on, or was cut off: this is what it had seen by then."))


_ENDINGS: Mapping[Ending | None, Message] = {
    Ending.REACHED: text("The watch ended where it was told to."),
    Ending.INTERRUPTED: text("The watch was ended with Ctrl-C."),
}


def change_of(change: Change) -> Message:
    """Return in one sentence which check says what now, and what it said before."""
    about = {"check": change.check, "target": change.target.name, "sentences": _in_a_row(change.sentences)}
    after = STATES[change.after] if change.after else None
    if change.before is None:
        return text("{check} of {target}: {after}: {sentences}", after=after, **about)
    if change.before is change.after:
        return text("{check} of {target}: still {after}: {sentences}", after=after, **about)
    return text(
        "{check} of {target}: {before} → {after}: {sentences}", before=STATES[change.before], after=after, **about
    )


def _in_a_row(sentences: tuple[Message, ...]) -> Message | None:
    if not sentences:
        return None
    return reduce(lambda first, second: text("{first}; {second}", first=first, second=second), sentences)


def evidence_of(change: Change, zone: tzinfo | None) -> Iterator[Message]:
    """Yield what was seen, where, and when: evidence that several checks of one source share comes once."""
    for seen in dict.fromkeys(note.provenance for note in change.seen):
        yield _seen(seen, zone)


def _seen(seen: Provenance, zone: tzinfo | None) -> Message:
    return text(
        "{assurance} by {source} at {at}: {asked}",
        assurance=ASSURANCES[seen.assurance],
        source=seen.source,
        at=both(seen.collected_at, zone, seconds=True),
        asked=seen.asked or None,
    )


def step_of(entry: Entry) -> Message:
    """Return which state followed which."""
    after = KINDS[entry.state.kind]
    if entry.before is None:
        return text("the watch began: {state}", state=after)
    if not entry.rings:
        return text("still: {state}", state=after)
    return text("{before} → {after}", before=KINDS[entry.before.kind], after=after)


def results_of(run: Run) -> tuple[CheckResult, ...]:
    """Return the results that a protocol lists at its end; of very many those alone that are not in order."""
    if len(run.results) <= _MANY:
        return with_outcome(run, *Outcome)
    return with_outcome(run, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.WARNED, Outcome.WAIVED)


def duration(span: timedelta) -> str:
    """Return a duration for a countdown: `0:42`, `12:31`, `1:02:05`; never less than nothing."""
    seconds = max(0, round(span.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def sight_of(sight: Sight, now: datetime) -> Message:
    """Return how long ago one kind of source was looked at, and when it will be again."""
    about = {"source": PACES[sight.pace], "age": duration(now - sight.at), "again": duration(sight.again - now)}
    if sight.is_old(now):
        return text("{source}: {age} ago, which is old", **about)
    if sight.missed:
        return text("{source}: {age} ago, and not everything was to be had; again in {again}", **about)
    return text("{source}: {age} ago, again in {again}", **about)

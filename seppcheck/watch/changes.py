"""What differs between two rounds, by meaning: outcomes and what was observed, not the words about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from seppcheck.model.moments import Moment
from seppcheck.model.outcomes import Outcome
from seppcheck.model.results import CheckResult, Finding
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.model.watching import Change

_MOST = 2
"""Sentences that a change is told in, before it is said how many more there are."""
_BLUR = timedelta(minutes=1)
"""A moment that moves by less is the same one: the first sight of a record becomes more exact by being recorded."""
_NOTHING_TO_DO = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
_URGENCY = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.WARNED, Outcome.WAIVED, *_NOTHING_TO_DO)


def changes_between(before: Run | None, after: Run) -> tuple[Change, ...]:
    """Return the checks that say something else, most urgent first; of a first run those that are not in order."""
    if before is None:
        changes = [_change(None, result) for result in after.results if result.outcome not in _NOTHING_TO_DO]
    else:
        changes = list(_differing(before.results, after.results))
    return tuple(sorted(changes, key=lambda change: _URGENCY.index(change.after or Outcome.PASSED)))


def _differing(before: Iterable[CheckResult], after: Iterable[CheckResult]) -> Iterator[Change]:
    known = {(result.check, result.target): result for result in before}
    for result in after:
        earlier = known.get((result.check, result.target))
        if earlier is None or _meaning(earlier) != _meaning(result):
            yield _change(earlier, result)


def _meaning(result: CheckResult) -> object:
    return result.outcome, frozenset(map(_said, result.findings))


def _said(finding: Finding) -> tuple[object, ...]:
    return finding.requirement, finding.subject, finding.outcome, finding.observed, finding.reason


def _change(earlier: CheckResult | None, result: CheckResult) -> Change:
    known = set(map(_said, earlier.findings)) if earlier else set()
    new = [finding for finding in result.findings if _said(finding) not in known]
    worst = min((finding.outcome for finding in new), key=_URGENCY.index, default=None)
    told = list(dict.fromkeys(finding.summary for finding in new if finding.outcome is worst))
    return Change(
        check=result.check,
        target=result.target,
        before=earlier.outcome if earlier else None,
        after=result.outcome,
        sentences=(*told[:_MOST], *rest(len(told) - _MOST)) or (result.summary,),
        seen=result.evidence,
    )


def rest(count: int) -> Iterator[Message]:
    """Yield how many more there are than were told, if there are any."""
    if count > 0:
        yield text("and {count} more", count=count)


def new_moments(before: Iterable[Moment], after: Iterable[Moment]) -> tuple[Message, ...]:
    """Return the sentences of moments that were not known before, or have come meanwhile."""
    known = list(before)
    return tuple(moment.summary for moment in after if not any(_is_same(moment, other) for other in known))


def _is_same(one: Moment, other: Moment) -> bool:
    if (one.kind, one.target, one.over) != (other.kind, other.target, other.over):
        return False
    if one.at is None or other.at is None:
        return one.at is other.at
    return abs(one.at - other.at) < _BLUR

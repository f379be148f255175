"""Whether a run is worth telling: its verdict is compared with that of the last recorded run of its phase.

Only whole runs count, on both sides: one that was limited to some domains or checks, or was interrupted, has a
verdict about something else. What cannot be compared is told once too often rather than never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seppcheck.model.notices import Notice, VerdictChange
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Verdict


def notice_of(run: Run) -> Notice | None:
    """Return what is to be told of a run, which carries the history as it was before it.

    None where nothing changed, or where it is not for comparing.
    """
    if not run.whole or run.interrupted or run.replay_of is not None:
        return None
    previous = last_verdict(run.history, run.phase)
    change = change_between(previous, run.verdict)
    return None if change is None else Notice(run, change, previous)


def change_between(previous: Verdict | None, now: Verdict) -> VerdictChange | None:
    """Return what the verdict became, None where it stayed. Without an earlier run, passed is no news."""
    if now is previous or (previous is None and now is Verdict.PASSED):
        return None
    return VerdictChange.RECOVERED if now is Verdict.PASSED else VerdictChange(now.value)


def last_verdict(history: Iterable[Mapping[str, object]], phase: Phase) -> Verdict | None:
    """Return the verdict of the newest whole run of a phase. `history` is in the order of time."""
    verdicts = {verdict.value: verdict for verdict in Verdict}
    found = [
        verdicts[str(document["verdict"])]
        for document in history
        if document.get("phase") == phase.value
        and document.get("whole", True) is True  # runs of before this key was written were taken to be
        and document.get("verdict") in verdicts
    ]
    return found[-1] if found else None

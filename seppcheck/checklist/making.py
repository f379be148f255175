"""From a situation to the checklist."""

from __future__ import annotations

from seppcheck.checklist.next import next_of
from seppcheck.checklist.situation import Situation
from seppcheck.checklist.stage import stage_of
from seppcheck.checklist.states import parts_of
from seppcheck.model.checklist import Checklist


def checklist_of(situation: Situation) -> Checklist:
    """Return the guide with the state of every step, and what comes next."""
    stage = stage_of(situation)
    return Checklist(
        site=situation.site,
        stage=stage,
        parts=parts_of(situation.narrowed or situation, stage),
        next=next_of(situation, stage),
        judged_at=situation.now,
        language=situation.language,
        replay_of=situation.replay_of,
        moments=situation.moments,
        notes=situation.notes,
        skipped=situation.skipped,
    )

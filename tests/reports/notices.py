"""Notices made by hand: what their forms are tried with."""

from __future__ import annotations

from dataclasses import replace

from seppcheck.model.drift import DriftChange, DriftEntry
from seppcheck.model.notices import Notice, VerdictChange
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import text
from tests.reports.runs import TENANT, mixed_run

DRIFT = DriftEntry(
    "transport-rules",
    TENANT,
    "[SEPPmail] - 200 Route outgoing e-mails to SEPPmail",
    DriftChange.CHANGED,
    "State",
    "Enabled",
    "Disabled",
    text("the rule {name} was disabled", name="[SEPPmail] - 200 Route outgoing e-mails to SEPPmail"),
)


def notice(run: Run | None = None, *, drift: tuple[DriftEntry, ...] | None = None) -> Notice:
    """Return a notice of a run that failed after one that passed."""
    return Notice(replace(run or mixed_run(), drift=drift), VerdictChange.FAILED, Verdict.PASSED)

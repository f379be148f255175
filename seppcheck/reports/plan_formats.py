"""A plan in each of the formats that `seppcheck plan` prints."""

from __future__ import annotations

from enum import StrEnum
from io import StringIO
from pathlib import Path

from seppcheck.model.plans import MigrationPlan
from seppcheck.plan_document import to_json
from seppcheck.reports.plan_markdown import to_markdown
from seppcheck.reports.plan_nsupdate import to_nsupdate
from seppcheck.reports.plan_powershell import to_powershell
from seppcheck.reports.plan_terminal import write_plan


class PlanFormat(StrEnum):
    """How a plan can be shown and written."""

    TERMINAL = "terminal"
    JSON = "json"
    MARKDOWN = "markdown"
    POWERSHELL = "powershell"
    NSUPDATE = "nsupdate"


def plan_in(form: str, plan: MigrationPlan, path: Path | None = None) -> str:
    """Return a plan in a format.

    Args:
        form: one of `PlanFormat`; for a terminal without colours, which `write_plan` has.
        plan: what would be done.
        path: the plan's file, if there is one, for the commands that come next.

    Raises:
        ValueError: for another format.
    """
    match PlanFormat(form):
        case PlanFormat.TERMINAL:
            stream = StringIO()
            write_plan(plan, stream, path)
            return stream.getvalue()
        case PlanFormat.JSON:
            return to_json(plan)
        case PlanFormat.MARKDOWN:
            return to_markdown(plan, path)
        case PlanFormat.POWERSHELL:
            return to_powershell(plan)
        case PlanFormat.NSUPDATE:
            return to_nsupdate(plan)

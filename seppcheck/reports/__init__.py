"""What a run found, for people and for programs. Reports read the run alone."""

from __future__ import annotations

from seppcheck.model.guide import Guide
from seppcheck.model.run import Run


def to_html(run: Run, guide: Guide | None = None) -> str:
    """Return the HTML report as one page, in the run's language.

    Args:
        run: what was judged.
        guide: the guide's chapters and numbers; by default those that the checks come with.
    """
    from seppcheck.reports import html_report  # noqa: PLC0415 - only this report pays for importing pytest

    return html_report.to_html(run, guide)

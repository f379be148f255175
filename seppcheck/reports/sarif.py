"""The results as SARIF 2.1.0, which code scanning of GitHub, GitLab and others reads.

SARIF was made for source code; ours is `seppcheck.toml`: a result points at the line that names its target. Where no
file was read (a replay, a run without a configuration) it points at the file in which the target would be named,
without a line: GitHub refuses results that point nowhere.

What could not be looked at has the kind "fail" and the level "warning", and says so in its first words. SARIF also
knows the kind "open" for it, but then the level must be "none" (section 3.27.9), and what has the level "none" is
not shown: "could not look" would look like a pass. What passed is left out, for GitHub shows failures alone. What is
waived is suppressed and, for readers that know no suppressions, a note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from seppcheck import __version__
from seppcheck.clock import stamp
from seppcheck.locale import translator
from seppcheck.model.checks import Check
from seppcheck.model.outcomes import Reason
from seppcheck.model.places import Places
from seppcheck.model.run import Run, Verdict
from seppcheck.model.text import Message, Translate, text
from seppcheck.reports.encoders import for_sarif
from seppcheck.reports.order import unlooked
from seppcheck.reports.sarif_results import ROOT, Results
from seppcheck.reports.sarif_rules import Rules
from seppcheck.reports.verdict import verdict_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
EXIT_CODES: Mapping[Verdict, int] = {Verdict.PASSED: 0, Verdict.FAILED: 1, Verdict.INCONCLUSIVE: 3}

_MOST = 25_000
"""Results that GitHub takes of one run; the worst come first."""


def to_sarif(
    run: Run, checks: Mapping[str, Check], places: Places | None = None, translate: Translate | None = None
) -> str:
    """Return the run as a SARIF log of one run, in UTF-8 and the same for the same run.

    Args:
        run: what was judged.
        checks: by id, for the manual pages of those that ran.
        places: the configuration's name and lines; by default those of a run without one.
        translate: for the sentences; by default that of the run's language.
    """
    say = translate or translator(run.language)
    rules = Rules(run, checks, say)
    results = Results(run, rules.places, places or Places(), say).all()
    told = results[:_MOST]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(rules)},
                "automationDetails": {"id": f"seppcheck/{run.phase}/"},
                "language": run.language,
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the repository."}}},
                "invocations": [_invocation(run, say, len(results) - len(told))],
                "results": told,
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _driver(rules: Rules) -> dict[str, Any]:
    return {"name": "seppcheck", "semanticVersion": _semantic(__version__), "rules": rules.descriptors()}


def _semantic(version: str) -> str:
    """Return the version as semver.org spells it; a Python version with a suffix is not always one."""
    numbers = [part for part in version.split(".")[:3] if part.isdigit()]
    return ".".join([*numbers, "0", "0"][:3])


def _invocation(run: Run, say: Translate, left_out: int) -> dict[str, Any]:
    """Return how the run went. It went well when everything was tried, whatever the answer is."""
    crashed = any(finding.reason is Reason.CRASHED for _, finding in unlooked(run.results))
    return {
        "executionSuccessful": not (run.interrupted or crashed),
        "exitCode": EXIT_CODES[run.verdict],
        "exitCodeDescription": for_sarif(verdict_line(run, say)),
        "startTimeUtc": stamp(run.started_at),
        "endTimeUtc": stamp(run.finished_at),
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": for_sarif(message.render(say))}}
            for level, message in _notifications(run, left_out)
        ],
    }


def _notifications(run: Run, left_out: int) -> Iterator[tuple[str, Message]]:
    if left_out:
        yield "error", text("{count} more results are left out: a code scanner takes no more", count=left_out)
    if run.interrupted:
        yield "error", text("The run was interrupted: what is missing was not looked at.")
    if run.replay_of is not None:
        yield "note", text("This is a replay of what was gathered at {time}.", time=run.replay_of)
    if run.uncovered:
        yield "warning", text("No check of this installation answers {numbers}.", numbers=run.uncovered)
    for skipped in run.skipped:
        yield "note", text("{checks}: {reason}", checks=skipped.check, reason=skipped.reason)
    for note in run.notes:
        yield "note", note
    for moment in run.moments[:100]:
        yield "note", moment.summary

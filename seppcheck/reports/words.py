"""The fixed words and signs of every report. A sign never stands without its word."""

from __future__ import annotations

from collections.abc import Mapping

from seppcheck.model.changes import ChangeKind
from seppcheck.model.outcomes import Absence, Assurance, Outcome, Reason, Severity
from seppcheck.model.phases import Phase
from seppcheck.model.text import Message, text

SYMBOLS: Mapping[str, str] = {
    Outcome.PASSED: "✔",
    Outcome.FAILED: "✘",
    Outcome.WARNED: "▲",
    Outcome.NOT_APPLICABLE: "—",
    Outcome.INCONCLUSIVE: "?",
    Outcome.WAIVED: "≈",
    "not-due": "·",
    "past": "·",
    "not-selected": "○",
    "uncovered": "○",
}

PLAIN_SYMBOLS: Mapping[str, str] = {
    **SYMBOLS,
    Outcome.PASSED: "+",
    Outcome.FAILED: "x",
    Outcome.WARNED: "!",
    Outcome.NOT_APPLICABLE: "-",
    Outcome.WAIVED: "~",
    "not-due": ".",
    "past": ".",
    "not-selected": "o",
    "uncovered": "o",
}
"""For terminals whose encoding lacks the others."""

STATES: Mapping[str, Message] = {
    Outcome.PASSED: text("passed"),
    Outcome.FAILED: text("failed"),
    Outcome.WARNED: text("warned"),
    Outcome.NOT_APPLICABLE: text("not applicable"),
    Outcome.INCONCLUSIVE: text("could not look"),
    Outcome.WAIVED: text("waived"),
    "not-due": text("not due"),
    "past": text("past"),
    "not-selected": text("left out"),
    "uncovered": text("no check here"),
}
"""Outcomes and the further states of a number of the guide."""

SEVERITIES: Mapping[Severity, Message] = {
    Severity.BLOCKER: text("blocker"),
    Severity.HIGH: text("high"),
    Severity.MEDIUM: text("medium"),
    Severity.LOW: text("low"),
    Severity.ADVICE: text("advice"),
}

PHASES: Mapping[Phase, Message] = {
    Phase.READINESS: text("Readiness"),
    Phase.CUTOVER: text("Cutover"),
    Phase.VERIFICATION: text("Verification"),
    Phase.DRIFT: text("Drift"),
}

TARGETS: Mapping[str, Message] = {
    "gateway": text("Gateway"),
    "domain": text("Domain"),
    "tenant": text("Tenant"),
}

MENDING: Mapping[ChangeKind, Message] = {
    ChangeKind.AUTOMATIC: text("automatic"),
    ChangeKind.MANUAL: text("by hand"),
    ChangeKind.WAIT: text("wait"),
}
"""Who carries a remediation out."""

ASSURANCES: Mapping[Assurance, Message] = {
    Assurance.OBSERVED: text("observed"),
    Assurance.ATTESTED: text("attested"),
    Assurance.NONE: text("nothing seen"),
}

REASONS: Mapping[Reason | Absence, Message] = {
    Reason.NOT_CONFIGURED: text("Not configured"),
    Reason.NOT_COLLECTED: text("Not collected"),
    Reason.NO_HISTORY: text("No earlier run on record"),
    Reason.TIMEOUT: text("No answer in time"),
    Reason.UNREACHABLE: text("Not reachable from here"),
    Reason.REFUSED: text("Refused"),
    Reason.DNS_ERROR: text("DNS error"),
    Reason.TLS_ERROR: text("TLS error"),
    Reason.AUTH_FAILED: text("Log-in failed"),
    Reason.PERMISSION_MISSING: text("Permission missing"),
    Reason.THROTTLED: text("Asked to come back later"),
    Reason.MALFORMED: text("The answer made no sense"),
    Reason.INCOMPLETE: text("The list may be cut"),
    Reason.EXPIRED: text("Evidence too old"),
    Reason.CONTRADICTION: text("Two sources disagree"),
    Reason.INTERRUPTED: text("Interrupted"),
    Reason.CRASHED: text("The check crashed"),
    Reason.UNSUPPORTED: text("Not supported"),
    Absence.NO_SUCH_OBJECT: text("There is no such object"),
    Absence.NO_SUCH_RECORD: text("There is no such record"),
    Absence.CONDITION_ABSENT: text("The condition does not hold"),
}

ADVICE: Mapping[Reason, Message] = {
    Reason.NOT_CONFIGURED: text("Name what is missing in seppcheck.toml and run again."),
    Reason.NOT_COLLECTED: text(
        "Collect it as is said below; a replay lacks what its bundles do not hold: add one, or run without --evidence."
    ),
    Reason.NO_HISTORY: text("Run the readiness audit now, and again once the waiting time is over."),
    Reason.TIMEOUT: text("Run again; if it stays silent, look at the firewalls between this machine and it."),
    Reason.UNREACHABLE: text("Run where the way is open, with --save-evidence, and replay the bundle here."),
    Reason.REFUSED: text("Let the peer accept this machine, or run where it does."),
    Reason.DNS_ERROR: text("Have the operator of the name server mend it, and run again."),
    Reason.TLS_ERROR: text("Look at the TLS settings of both sides, and run again."),
    Reason.AUTH_FAILED: text("Check the credentials that seppcheck.toml refers to."),
    Reason.PERMISSION_MISSING: text("Grant the permission that is named below, and run again."),
    Reason.THROTTLED: text("Wait some minutes and run again."),
    Reason.MALFORMED: text("See what answered there: something else may listen, or a file is damaged."),
    Reason.INCOMPLETE: text("Make the export again, and complete."),
    Reason.EXPIRED: text("Collect or attest it anew."),
    Reason.CONTRADICTION: text("Find out which of the two is right, and mend the other."),
    Reason.INTERRUPTED: text("Run again and let it finish."),
    Reason.CRASHED: text("Report it to the author of the check, with the details that stand below."),
    Reason.UNSUPPORTED: text("This version cannot look at it; see the manual page of the check."),
}
"""What to configure or run, where the finding itself does not say it better."""

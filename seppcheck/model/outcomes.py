"""The closed lists: outcomes, severities, reasons, assurance."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a finding, a result or a number of the guide."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"
    WAIVED = "waived"


WORST_FIRST = (
    Outcome.FAILED,
    Outcome.INCONCLUSIVE,
    Outcome.WARNED,
    Outcome.WAIVED,
    Outcome.PASSED,
    Outcome.NOT_APPLICABLE,
)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of some outcomes; of none it is inconclusive, for nothing was looked at."""
    return min(outcomes, key=WORST_FIRST.index, default=Outcome.INCONCLUSIVE)


class Severity(StrEnum):
    """What a failure means for the move: from "mail is lost" down to advice."""

    BLOCKER = "blocker"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    ADVICE = "advice"


class Assurance(StrEnum):
    """Whether a program saw it or a person wrote it down."""

    OBSERVED = "observed"
    ATTESTED = "attested"
    NONE = "none"


class Reason(StrEnum):
    """Why something could not be concluded."""

    NOT_CONFIGURED = "not-configured"
    NOT_COLLECTED = "not-collected"
    NO_HISTORY = "no-history"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    DNS_ERROR = "dns-error"
    TLS_ERROR = "tls-error"
    AUTH_FAILED = "auth-failed"
    PERMISSION_MISSING = "permission-missing"
    THROTTLED = "throttled"
    MALFORMED = "malformed"
    INCOMPLETE = "incomplete"
    EXPIRED = "expired"
    CONTRADICTION = "contradiction"
    INTERRUPTED = "interrupted"
    CRASHED = "crashed"
    UNSUPPORTED = "unsupported"


class Absence(StrEnum):
    """Why a check does not apply."""

    NO_SUCH_OBJECT = "no-such-object"
    NO_SUCH_RECORD = "no-such-record"
    CONDITION_ABSENT = "condition-absent"

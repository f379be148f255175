"""What a check says of what it judged, and what the framework makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seppcheck.model.changes import ChangeKind, PlanPhase
from seppcheck.model.evidence import Provenance
from seppcheck.model.outcomes import Absence, Assurance, Outcome, Reason, Severity, worst
from seppcheck.model.targets import Target
from seppcheck.model.text import Message, Text, as_message, text


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that somebody answers for, until a day (that day included, UTC)."""

    check: str
    reason: str
    owner: str
    until: date
    target: str = "*"
    requirement: str = "*"
    subject: str = "*"


@dataclass(frozen=True)
class Finding:
    """One thing that was judged. Checks make them as `Passed`, `Failed`, `Warned` and so on.

    `observed_alone` says that an observation decided, although the check was also handed what a person wrote.
    """

    outcome: Outcome
    summary: Message
    requirement: str | None = None
    subject: str = ""
    expected: Message | None = None
    observed: Message | None = None
    reason: Reason | Absence | None = None
    waived_by: Waiver | None = None
    observed_alone: bool = False

    def capped(self, cap: Outcome) -> Finding:
        """Return it with `failed` lowered to the cap of the phase; nothing else is ever lowered."""
        return self.but(outcome=cap) if self.outcome is Outcome.FAILED else self

    def but(self, **changes: object) -> Finding:
        """Return a plain finding with some fields changed."""
        names = Finding.__dataclass_fields__
        return Finding(**{name: changes.get(name, getattr(self, name)) for name in names})  # type: ignore[arg-type]  # names and values are the fields' own


class _Told(Finding):
    """Base of the outcomes that need no reason."""

    _outcome: Outcome

    def __init__(
        self,
        template: str,
        /,
        *,
        requirement: str | None = None,
        subject: str = "",
        expected: Text | None = None,
        observed: Text | None = None,
        **parameters: object,
    ) -> None:
        """Say it.

        Args:
            template: the sentence in English, a literal with `{name}` fields.
            requirement: the guide's number; by default the check's, if it has only one.
            subject: what was judged: an address, a server, an object's name.
            expected: what should be there.
            observed: what is there.
            parameters: the template's fields; they may come from anywhere.
        """
        super().__init__(
            self._outcome,
            text(template, **parameters),
            requirement,
            subject,
            as_message(expected),
            as_message(observed),
        )


class Passed(_Told):
    """It is as expected: `Passed("{address} resolves back to {name}", address=..., name=...)`."""

    _outcome = Outcome.PASSED


class Failed(_Told):
    """It is not as expected, and mail will suffer."""

    _outcome = Outcome.FAILED


class Warned(_Told):
    """It works, and somebody should look at it."""

    _outcome = Outcome.WARNED


class _Reasoned(Finding):
    """Base of the outcomes that carry a reason from a closed list."""

    _outcome: Outcome
    _reasons: type[Reason | Absence]
    _default: Reason | Absence

    def __init__(
        self,
        template: str,
        /,
        *,
        reason: Reason | Absence | str | None = None,
        requirement: str | None = None,
        subject: str = "",
        expected: Text | None = None,
        observed: Text | None = None,
        **parameters: object,
    ) -> None:
        """Say it; `reason` is a code from the closed list, the rest as for `Passed`."""
        super().__init__(
            self._outcome,
            text(template, **parameters),
            requirement,
            subject,
            as_message(expected),
            as_message(observed),
            self._default if reason is None else self._reasons(reason),
        )


class NotApplicable(_Reasoned):
    """There is nothing to judge, and that is known for sure."""

    _outcome = Outcome.NOT_APPLICABLE
    _reasons = Absence
    _default = Absence.CONDITION_ABSENT


class Inconclusive(_Reasoned):
    """It could not be told: never green. Say what to do about it."""

    _outcome = Outcome.INCONCLUSIVE
    _reasons = Reason
    _default = Reason.NOT_COLLECTED


Result = Finding | Sequence[Finding]
"""What a check returns: one finding, or one for each thing it judged."""


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """Which evidence a result rests on."""

    kind: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Mending:
    """What the remediation of a result would do, and the plan that does it: a change a sentence, in order."""

    kind: ChangeKind
    plan: PlanPhase
    changes: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check on one target."""

    check: str
    requirements: tuple[str, ...]
    severity: Severity
    title: Message
    target: Target
    outcome: Outcome
    findings: tuple[Finding, ...]
    evidence: tuple[EvidenceNote, ...] = ()
    steps: tuple[Message, ...] = ()
    waived_outcome: Outcome | None = None
    mending: Mending | None = None

    @property
    def leading(self) -> tuple[Finding, ...]:
        """The findings that decided the outcome."""
        decisive = self.waived_outcome or self.outcome
        return tuple(f for f in self.findings if f.outcome in (decisive, self.outcome)) or self.findings

    @property
    def summary(self) -> Message:
        """The sentence of the first finding that decided, and how many more there are."""
        first, *others = self.leading
        if not others:
            return first.summary
        return text("{first} (and {count} more)", first=first.summary, count=len(others))

    @property
    def reason(self) -> Reason | Absence | None:
        """The code of its first inconclusive (or not applicable) finding."""
        if self.outcome not in (Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE):
            return None
        return next((f.reason for f in self.findings if f.outcome is self.outcome), None)

    @property
    def assurance(self) -> Assurance:
        """`attested` when an attested fact decided, `none` when nothing was seen."""
        if self.outcome is Outcome.INCONCLUSIVE or not self.evidence:
            return Assurance.NONE
        attested = any(note.provenance.assurance is Assurance.ATTESTED for note in self.evidence)
        observed = all(finding.observed_alone for finding in self.leading)
        return Assurance.ATTESTED if attested and not observed else Assurance.OBSERVED


def outcome_of(findings: Sequence[Finding]) -> Outcome:
    """Return the worst outcome of a check's findings; of none it is inconclusive."""
    return worst(finding.outcome for finding in findings)

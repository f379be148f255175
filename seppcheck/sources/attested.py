"""Answers of the record as claims: there, fresh enough, and by whom; else why not, and how to write them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from seppcheck.api import Now, Reason, Session, Unavailable, Voice, text
from seppcheck.model.gateway_record import Answer, GatewayRecord
from seppcheck.model.outcomes import Assurance
from seppcheck.record.keys import dotted
from seppcheck.record.questions import question_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attestation:
    """The record, if there is one, and how old an answer may be."""

    record: GatewayRecord | Unavailable
    now: Now
    oldest: timedelta

    @classmethod
    def of(cls, record: GatewayRecord | Unavailable, session: Session, now: Now) -> Attestation:
        """Take the age from the settings (`[run] record_max_age_days`)."""
        return cls(record, now, timedelta(days=session.settings.run.record_max_age_days))

    def answer(self, *path: str) -> Answer | Unavailable:
        """Return an answer that counts, or why there is none."""
        if isinstance(self.record, Unavailable):
            return self.record
        found, check = self.record.answer(*path), question_of(path).checks[0]
        if found is None:
            return Unavailable(
                Reason.NOT_COLLECTED,
                text(
                    "{key} is not in {file}: seppcheck attest --only {check}",
                    key=dotted(path),
                    file=self.file,
                    check=check,
                ),
                self.file,
            )
        if self.now.at - found.at > self.oldest:
            return Unavailable(
                Reason.EXPIRED,
                text(
                    "{key} was written down on {at}, over {days} days ago: look again, seppcheck attest --only {check}",
                    key=dotted(path),
                    at=found.at,
                    days=self.oldest.days,
                    check=check,
                ),
                self.file,
            )
        return found

    @property
    def file(self) -> str:
        """The record's name; "" where there is none."""
        return "" if isinstance(self.record, Unavailable) else self.record.file

    def voice(self, answer: Answer) -> Voice:
        """Tell who wrote an answer, and when."""
        return Voice(Assurance.ATTESTED, self.file, answer.at, answer.by)

    def value(self, kind: type[T], *path: str) -> T | None:
        """Return what an answer says, if it counts and is of a kind."""
        found = self.answer(*path)
        return found.value if isinstance(found, Answer) and isinstance(found.value, kind) else None

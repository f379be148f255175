"""The gateway record as evidence: every answer that a person wrote down, with its author and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.gateway import ExtendedField
from seppcheck.model.outcomes import Assurance
from seppcheck.model.smtp import Certificate
from seppcheck.model.targets import Gateway

HOLD = "disable_delivery"
"""The extended field that holds mail back (guide P7, A2, D1)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: where it stands in the record, what it says, who wrote it and when (UTC).

    `file` names the file that the value was read from, if it was.
    """

    path: tuple[str, ...]
    value: bool | str | Certificate | tuple[ExtendedField, ...]
    by: str
    at: datetime
    file: str = ""


@evidence("gateway-record", target=Gateway)
@dataclass(frozen=True, slots=True)
class GatewayRecord(Evidence):
    """The whole record: its file, its author and date, and every answer in it.

    `domains` are the managed domains that have a table of their own, an empty one too.
    """

    file: str
    by: str
    at: datetime
    answers: tuple[Answer, ...]
    domains: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The file, and who wrote it."""
        return f"{self.file}, {self.by}"

    @property
    def seen_at(self) -> datetime:
        """When it was written."""
        return self.at

    @property
    def assurance(self) -> Assurance:
        """A person wrote it down."""
        return Assurance.ATTESTED

    def answer(self, *path: str) -> Answer | None:
        """Return the answer at a path of keys; None = nobody wrote one down."""
        return next((answer for answer in self.answers if answer.path == path), None)

    def below(self, *path: str) -> tuple[Answer, ...]:
        """Return the answers in a table."""
        return tuple(answer for answer in self.answers if answer.path[: len(path)] == path)

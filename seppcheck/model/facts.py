"""Facts that can be both observed by a program and written down by a person, merged into one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seppcheck.model.evidence import Evidence
from seppcheck.model.outcomes import Assurance
from seppcheck.model.text import Message, text


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says it: a program's source, or a person in the gateway record.

    `origin` is the file, address or host; `by` the person; `at` when it was seen or written (UTC).
    """

    assurance: Assurance
    origin: str
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Attested:
    """What a person wrote although a program saw something else."""

    value: str
    voice: Voice


class Fact(Evidence):
    """Base of facts: subclasses are frozen dataclasses with the fields `voice` and `against`.

    An observation outranks an attestation; where they differ, `against` keeps what was attested, and
    the framework reports it as a warned finding of every check that used the fact.
    """

    __slots__ = ()
    voice: Voice
    against: Attested | None

    @property
    def asked(self) -> str:
        """Where it stands, and who wrote it."""
        return f"{self.voice.origin}, {self.voice.by}" if self.voice.by else self.voice.origin

    @property
    def seen_at(self) -> datetime:
        """When it was seen or written."""
        return self.voice.at

    @property
    def assurance(self) -> Assurance:
        """Observed or attested."""
        return self.voice.assurance

    @property
    def contradiction(self) -> Message | None:
        """The sentence about what was attested otherwise."""
        if self.against is None:
            return None
        return text(
            "the gateway record says {attested} ({by}, {at}), but {origin} shows otherwise: what was observed counts; "
            "correct the record",
            attested=self.against.value,
            by=self.against.voice.by,
            at=self.against.voice.at,
            origin=self.voice.origin,
        )

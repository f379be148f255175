"""Real messages as evidence: which way they came, as hosts wrote it whose word is believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Gateway
from seppcheck.model.text import Message

MAX_AGE = timedelta(days=30)
"""How old a sample may be to tell how mail travels now."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received line: who took the mail (`by`), from whom, as the taker saw it.

    `helo` is what the other side called itself, `peer` its address, `peer_name` the name that the taker
    found for the address ("" = not told, or none). `at` is UTC.
    """

    by: str
    helo: str
    peer: str
    peer_name: str = ""
    edge: bool = False
    """Whether the taker says that the mail came in from outside there (Exchange Online's Frontend Transport)."""
    at: datetime | None = None


class DkimVerdict(StrEnum):
    """Whether a signature holds with the key that DNS publishes; unknown = it could not be told."""

    PASS = "pass"  # noqa: S105 - no password: RFC 8601's word
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DkimSignature:
    """One DKIM-Signature header (RFC 6376): its `d=` and `s=`, and what came of verifying it, with the reason."""

    domain: str
    selector: str
    verdict: DkimVerdict
    detail: Message


@dataclass(frozen=True, slots=True)
class MailSample:
    """One message. `hops` are its Received lines, the newest first; the first `believed` of them count.

    The last believed one is the handover: there a trusted receiver took the mail from a host that is
    not itself trusted. Lines below it can be forged. `headers` are those that tell of the way.
    """

    file: str
    sender_domain: str
    hops: tuple[Hop, ...]
    believed: int
    headers: tuple[tuple[str, str], ...] = ()
    dkim: tuple[DkimSignature, ...] = ()
    """The signatures, the topmost first. Of a message that is too old to count none are verified."""

    @property
    def handover(self) -> Hop | None:
        """The line in which a trusted receiver took the mail from the outside."""
        return self.hops[self.believed - 1] if self.believed else None

    @property
    def at(self) -> datetime | None:
        """The newest date that a trusted receiver wrote."""
        return max((hop.at for hop in self.hops[: self.believed] if hop.at), default=None)

    def fresh(self, now: datetime) -> bool:
        """Whether it is recent enough to tell how mail travels now."""
        return self.at is not None and now - MAX_AGE <= self.at <= now + timedelta(days=1)

    def header(self, name: str) -> str | None:
        """Return the first header of that name, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def outgoing(self) -> bool:
        """Whether the gateway says that it sent it to the Internet."""
        return (self.header("X-SM-outgoing") or "").strip().lower() == "yes"


@evidence("mail-samples", target=Gateway)
@dataclass(frozen=True, slots=True)
class MailSamples(Evidence):
    """Every configured sample, and the files that are none. `receivers` are whose lines were believed."""

    samples: tuple[MailSample, ...]
    unreadable: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The files."""
        return ", ".join([*(sample.file for sample in self.samples), *self.unreadable])

    def fresh(self, now: datetime) -> tuple[MailSample, ...]:
        """Return the samples that are recent and have a line of a trusted receiver."""
        return tuple(sample for sample in self.samples if sample.fresh(now))

    def from_gateway(self, now: datetime, addresses: Iterable[str]) -> tuple[tuple[MailSample, Hop], ...]:
        """Return the fresh samples that a trusted receiver took from an address of the gateway, with that line."""
        known = set(addresses)
        handed = [(sample, sample.handover) for sample in self.fresh(now)]
        return tuple((sample, hop) for sample, hop in handed if hop is not None and hop.peer in known)

    def sent_by(self, domain: str, now: datetime, addresses: Iterable[str] = ()) -> tuple[MailSample, ...]:
        """Return the fresh samples that a domain sent out: the gateway says so, or a trusted receiver took it there."""
        handed = {sample.file for sample, _ in self.from_gateway(now, addresses)}
        return tuple(
            sample
            for sample in self.fresh(now)
            if sample.sender_domain == domain and (sample.outgoing or sample.file in handed)
        )

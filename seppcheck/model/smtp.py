"""SMTP evidence: what the gateway says on port 25, and which certificate it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.outcomes import Reason
from seppcheck.model.targets import Gateway
from seppcheck.model.text import Text


@dataclass(frozen=True, slots=True)
class SmtpFault:
    """Why a dialogue ended early: a reason from the closed list, a sentence, the peer's own words."""

    reason: Reason
    detail: Text
    code: int | None = None
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What one address says first. `lines` are the greeting's lines without code and separator.

    `lines` come in the order received, postscreen's early `220-` lines included; the last one is the
    `220 ` line. `fault` is set when there was no whole 220 greeting.
    """

    node: str
    address: str
    code: int | None = None
    lines: tuple[str, ...] = ()
    ehlo: tuple[str, ...] = ()
    fault: SmtpFault | None = None


@evidence("smtp-greeting", target=Gateway)
@dataclass(frozen=True, slots=True)
class SmtpGreeting(Evidence):
    """The greeting and the EHLO reply of every public address of the gateway (guide P4)."""

    port: int
    greetings: tuple[Greeting, ...]

    @property
    def asked(self) -> str:
        """Every address with its port."""
        return ", ".join(f"[{g.address}]:{self.port}" for g in self.greetings)


class StartTls(StrEnum):
    """How far STARTTLS (RFC 3207) came."""

    NOT_ANNOUNCED = "not-announced"
    REFUSED = "refused"
    """Announced, and then answered with 5xx."""
    DONE = "done"
    UNKNOWN = "unknown"
    """The dialogue ended before, or the handshake failed: see the fault."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The public part of an X.509 certificate, decoded once. Times are UTC.

    `dns_names` are the dNSName entries of the SAN in A-label form; `has_san` tells an empty list from
    an absent extension (only the latter lets the CN count, RFC 6125 section 6.4.4).
    """

    subject: str
    common_names: tuple[str, ...]
    dns_names: tuple[str, ...]
    has_san: bool
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str
    server_auth: bool
    der: str
    """The whole certificate, DER in base64."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names it stands for: SAN, or CN where there is no SAN."""
        return self.dns_names if self.has_san else self.common_names


class Anchor(StrEnum):
    """Which store the chain as sent ends in."""

    MOZILLA = "mozilla"
    EXTRA = "extra-roots"
    MACHINE = "machine"
    """This machine's store alone: not what the world will trust."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the chain as sent reaches a root, at the time of the handshake.

    `problem` is OpenSSL's sentence, empty when trusted; `depth` the certificate it speaks of
    (0 = the server's own). The dates of the server's own certificate are not part of it: the
    check judges them.
    """

    anchor: Anchor
    root: str = ""
    problem: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Presented:
    """What one address presented after STARTTLS: the chain as sent, its own certificate first."""

    node: str
    address: str
    starttls: StartTls
    tls_version: str = ""
    cipher: str = ""
    chain: tuple[Certificate, ...] = ()
    verdict: ChainVerdict | None = None
    fault: SmtpFault | None = None


@evidence("smtp-certificate", target=Gateway)
@dataclass(frozen=True, slots=True)
class SmtpCertificate(Evidence):
    """STARTTLS and the certificate of every public address of the gateway (guide O5)."""

    port: int
    presented: tuple[Presented, ...]

    @property
    def asked(self) -> str:
        """Every address with its port."""
        return ", ".join(f"[{p.address}]:{self.port}" for p in self.presented)

"""What earlier runs saw: the evidence behind "since when"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from seppcheck.model.dns import DnsStatus, ServerAnswer
from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.outcomes import Reason
from seppcheck.model.targets import Domain

NO_ROUTE = DnsStatus.NO_ROUTE.value
"""The reason of a server of an address family that the recording machine has no route for."""

_SILENCE = (Reason.TIMEOUT.value, Reason.UNREACHABLE.value)


@dataclass(frozen=True, slots=True)
class SeenServer:
    """What one server served in one run: `ttl` is None, with a reason, when it was silent."""

    server: str
    address: str
    ttl: int | None
    values: tuple[str, ...] = ()
    reason: str = ""

    @classmethod
    def of(cls, heard: ServerAnswer) -> SeenServer:
        """Note an answer: "there is no record" has neither TTL nor reason, silence has a reason."""
        answer = heard.answer
        if answer.status.looked:
            return cls(heard.server, heard.address, answer.ttl if answer.values else None, answer.values)
        unreachable = answer.status is DnsStatus.NO_ROUTE
        return cls(heard.server, heard.address, None, (), NO_ROUTE if unreachable else answer.status.reason.value)

    def noted(self, others: Iterable[SeenServer]) -> bool:
        """Tell whether its silence is only noted, not judged.

        So it is where this machine has no route for the address family, and where another address of
        the same server answered. A server that refuses, or answers nonsense, was not silent.
        """
        if self.reason in ("", NO_ROUTE):
            return self.reason == NO_ROUTE
        return self.reason in _SILENCE and any(o.server == self.server and not o.reason for o in others)


@dataclass(frozen=True, slots=True)
class SeenRun:
    """One recorded run, as far as it concerns one domain. None = that run did not look."""

    at: datetime
    mx: tuple[SeenServer, ...] | None = None
    spf: tuple[SeenServer, ...] | None = None
    hold: str | None = None


@evidence("run-history", target=Domain)
@dataclass(frozen=True, slots=True)
class RunHistory(Evidence):
    """Every recorded run that saw this domain, oldest first; this run is not among them."""

    domain: str
    runs: tuple[SeenRun, ...]
    folder: str = ""

    @property
    def asked(self) -> str:
        """The folder."""
        return self.folder

"""What earlier runs saw: the evidence behind "since when"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seppcheck.model.evidence import Evidence, evidence
from seppcheck.model.targets import Domain


@dataclass(frozen=True, slots=True)
class SeenServer:
    """What one server served in one run: `ttl` is None, with a reason, when it was silent."""

    server: str
    address: str
    ttl: int | None
    values: tuple[str, ...] = ()
    reason: str = ""


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

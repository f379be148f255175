"""How often a watch asks each source again: the MX records at their own servers often, Exchange Online rarely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from seppcheck.model.sources import Source
from seppcheck.model.watching import Pace

LEAST = timedelta(seconds=10)
"""The shortest rhythm that a user may choose for the MX records: the servers are other people's."""
USUAL = timedelta(seconds=20)

_EVERY: Mapping[Pace, timedelta] = {
    Pace.DNS: timedelta(minutes=1),
    Pace.POLICIES: timedelta(minutes=5),
    Pace.SMTP: timedelta(minutes=1),
    Pace.REST: timedelta(minutes=1),
    Pace.EXCHANGE: timedelta(minutes=5),
    Pace.MAIL: timedelta(minutes=5),
    Pace.OTHER: timedelta(minutes=1),
}
_LOCAL = frozenset({"record", "gateway", "history"})
"""Sources that read files of this machine, or only work out what others brought."""
_BY_NAME = {pace.value: pace for pace in (Pace.DNS, Pace.SMTP, Pace.REST, Pace.EXCHANGE, Pace.MAIL)}
_BY_KIND: Mapping[str, Pace] = {
    "mx-records": Pace.MX,
    **dict.fromkeys(("mta-sts-policy", "dmarc-record", "tlsa-records", "spf-evaluation"), Pace.POLICIES),
    **dict.fromkeys(("dkim-record", "accepted-domain-mx"), Pace.POLICIES),
}
"""What nobody changes tonight, and what makes other people's servers work, is looked at less often."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The rhythm of a watch; `interval` is that of the MX records, and nothing is asked more often."""

    interval: timedelta = USUAL

    def __call__(self, source: Source) -> timedelta | None:
        """Return how long an answer of a source is good for; None for what is looked at in every round."""
        pace = pace_of(source)
        return None if pace is None else self.every(pace)

    def every(self, pace: Pace) -> timedelta:
        """Return the time between two looks."""
        return max(self.interval, _EVERY.get(pace, self.interval))


def pace_of(source: Source) -> Pace | None:
    """Return which rhythm a source goes by; None for what is on this machine."""
    if source.name in _LOCAL:
        return None
    paces = {_BY_KIND.get(kind.kind, _BY_NAME.get(source.name, Pace.OTHER)) for kind in source.provides}
    return min(paces, key=list(Pace).index)

"""What people are told when the verdict of a phase changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from seppcheck.model.run import Run, Verdict


class VerdictChange(StrEnum):
    """What the verdict became. `recovered` is passed after one of the other two."""

    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Notice:
    """A run whose verdict is another one than that of the run before it; `previous` None = none is on record."""

    run: Run
    change: VerdictChange
    previous: Verdict | None

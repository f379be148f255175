"""How old evidence about a world that changes may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from seppcheck.model.phases import Phase

MAX_AGE: Mapping[Phase, timedelta] = {
    Phase.READINESS: timedelta(days=7),
    Phase.CUTOVER: timedelta(hours=1),
    Phase.VERIFICATION: timedelta(hours=24),
    Phase.DRIFT: timedelta(hours=24),
}
"""How old an export may be, and evidence of a bundle when it is judged now instead of replayed."""

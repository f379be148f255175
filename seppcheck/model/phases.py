"""Phases of the migration and how far a check may go in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from seppcheck.model.outcomes import Outcome


class Phase(StrEnum):
    """The user's question: may we start, is every step done, is it finished, is it still so?"""

    READINESS = "readiness"
    CUTOVER = "cutover"
    VERIFICATION = "verification"
    DRIFT = "drift"


Caps = Mapping[Phase, Outcome]
"""The phases of a check, in order, each with the worst outcome that it may have there."""

ALL: Caps = dict.fromkeys(Phase, Outcome.FAILED)
"""Every phase."""

FROM_CUTOVER: Caps = dict.fromkeys((Phase.CUTOVER, Phase.VERIFICATION, Phase.DRIFT), Outcome.FAILED)
"""Cutover and everything after it."""

UNTIL_CUTOVER: Caps = dict.fromkeys((Phase.READINESS, Phase.CUTOVER), Outcome.FAILED)
"""Preparation and the night itself: what no longer matters once mail has moved."""

EARLY_WARNING: Caps = {**ALL, Phase.READINESS: Outcome.WARNED}
"""Every phase, but warned at worst in readiness: not due yet, and worth knowing early."""

ADVICE: Caps = dict.fromkeys(Phase, Outcome.WARNED)
"""Every phase, warned at worst: advice beyond the guide."""


ADVICE_FROM_CUTOVER: Caps = dict.fromkeys((Phase.CUTOVER, Phase.VERIFICATION, Phase.DRIFT), Outcome.WARNED)
"""Advice on what exists from cutover on."""


def caps_of(phases: Caps | Iterable[Phase | str]) -> Caps:
    """Accept a table of caps, or the phases alone by value or by name.

    Raises:
        ValueError: for a name that is no phase.
    """
    if isinstance(phases, Mapping):
        given = {Phase(phase): Outcome(cap) for phase, cap in phases.items()}
    else:
        given = {Phase(phase): Outcome.FAILED for phase in phases}
    return {phase: given[phase] for phase in Phase if phase in given}

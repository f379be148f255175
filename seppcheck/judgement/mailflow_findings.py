"""What is said where no inline object is to be judged, or where it is not known which one is."""

from __future__ import annotations

from seppcheck.model.evidence import Unavailable
from seppcheck.model.mailflow import GUIDE_RULE, Classified, Role, Side, having
from seppcheck.model.outcomes import Reason
from seppcheck.model.results import Failed, Finding, Inconclusive
from seppcheck.model.text import Message, text

_MOST = 3


def without_inline(side: Side, what: Message) -> Finding | None:
    """Return the one finding without a number where there is no inline object; None where there is.

    Args:
        side: the connectors of one direction, or the rules.
        what: how people call the object, such as "outbound connector".
    """
    if isinstance(side, Unavailable):
        return Inconclusive(
            "the {what} of inline mode could not be looked at: {detail}",
            reason=side.reason,
            what=what,
            detail=side.detail,
        )
    if having(side, Role.INLINE):
        return None
    if doubtful := undecided(side):
        return doubtful[0]
    return Failed(
        "there is no {what} of inline mode; found instead: {found}",
        what=what,
        found=_instead(side),
        expected=text("an inline {what}", what=what),
        observed=text("{found}", found=_instead(side)),
    )


def undecided(side: Side) -> list[Finding]:
    """Return an inconclusive finding for each object of which it cannot be told what it is."""
    return [
        Inconclusive(
            "whether {name} belongs to the gateway cannot be told: {marks}; export it anew, with every property",
            reason=Reason.INCOMPLETE,
            name=each.name,
            marks=each.marks,
            subject=each.name,
        )
        for each in having(side, Role.UNDECIDED)
    ]


def _instead(side: Side) -> tuple[Message, ...] | Message:
    """Return what is there instead, the one with the guide's name first, and not all of a long list."""
    found = having(side, Role.SPARE, Role.PARALLEL, Role.STRAY, Role.WILDCARD, Role.MENTION)
    ordered = sorted(found, key=lambda each: each.name.lower() != GUIDE_RULE.lower())
    further = len(ordered) - _MOST
    named = tuple(map(_described, ordered[:_MOST]))
    return (*named, text("{count} more", count=further)) if further > 0 else named or text("nothing")


def _described(each: Classified) -> Message:
    match each.role:
        case Role.PARALLEL:
            return text("{name} of parallel mode", name=each.name)
        case Role.SPARE:
            return text("{name}, which is not the one that the configuration names", name=each.name)
        case Role.STRAY:
            return text("{name}, which points at another host", name=each.name)
        case _:
            return text("{name}, which is not of inline mode", name=each.name)

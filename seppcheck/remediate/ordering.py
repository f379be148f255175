"""The order of a plan's steps: by the milestones that they need and reach, and what each must wait for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seppcheck.model.changes import Change, DnsImage, ExchangeImage, Image, ManualStep, Step, Wait
from seppcheck.model.targets import Target

_BEFORE_EVERYTHING = -0.5
_AUTOMATIC, _MANUAL, _WAITING = range(3)


@dataclass(frozen=True, slots=True)
class Placed:
    """A step, and the check and target that it answers."""

    check: str
    target: Target
    step: Step

    @property
    def place(self) -> float:
        """Where it stands among the milestones: at the one that it reaches, else just after what it needs."""
        if self.step.reaches is not None:
            return self.step.reaches.rank
        return _BEFORE_EVERYTHING if self.step.needs is None else self.step.needs.rank + 0.5


def in_order(steps: Iterable[Placed]) -> tuple[Placed, ...]:
    """Return the steps in the order in which they may be carried out.

    Steps of one place keep their order. Those before everything else depend on none: what a program does comes first,
    then what people do, then what has to be waited for, so that nothing waits behind a person in vain.
    """
    return tuple(sorted(steps, key=lambda each: (each.place, _who(each.step) if each.place < 0 else 0)))


def _who(step: Step) -> int:
    match step:
        case Change():
            return _AUTOMATIC
        case ManualStep():
            return _MANUAL
        case Wait():
            return _WAITING


def needed(steps: Sequence[Placed], position: int) -> tuple[int, ...]:
    """Return the positions of the earlier steps that must be done before the one at `position` may begin.

    These are the steps of every milestone that it needs; every wait, and every step for people, before the first
    milestone; every proof; and the steps that make, rename or give up the very object or name that it works on.
    """
    this = steps[position]
    return tuple(at for at, other in enumerate(steps[:position]) if _must_wait(this, other))


def _must_wait(this: Placed, other: Placed) -> bool:
    if _touches(this.step, other.step):
        return True
    if this.place < 0:
        return isinstance(this.step, Wait) and this.check == other.check
    if other.place < 0:
        return not isinstance(other.step, Change)
    if isinstance(other.step, ManualStep) and other.step.proof:
        return True
    return this.step.needs is not None and other.place <= this.step.needs.rank


def _touches(this: Step, other: Step) -> bool:
    """Tell whether an earlier step deals with the same object, takes away its name, or frees it from a reference."""
    if isinstance(this, Wait) or isinstance(other, Wait):
        return False
    ours, theirs = (this.before, this.after), (other.before, other.after)
    return any(_related(one, two) for one in ours for two in theirs)


def _related(one: Image | None, other: Image | None) -> bool:
    match one, other:
        case DnsImage(), DnsImage():
            return (one.name, one.type) == (other.name, other.type)
        case ExchangeImage(), ExchangeImage():
            return _same_object(one, other) or _refers(one, other) or _refers(other, one)
        case _:
            return False


def _same_object(one: ExchangeImage, other: ExchangeImage) -> bool:
    if one.type != other.type:
        return False
    return (bool(one.guid) and one.guid == other.guid) or one.name.lower() == other.name.lower()


def _refers(rule: ExchangeImage, connector: ExchangeImage) -> bool:
    """Tell whether a rule routes to an outbound connector, which Exchange then keeps as it is."""
    route = str(rule.properties.get("RouteMessageOutboundConnector") or "").lower()
    return connector.type == "OutboundConnector" and bool(route) and route == connector.name.lower()

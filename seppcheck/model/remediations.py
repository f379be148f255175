"""Remediations: a pure function from evidence to a proposal, and the check that it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from seppcheck.model.changes import ChangeKind, PlanPhase, Proposal
from seppcheck.model.checks import MARK, PluginError, Wanted, signature_of
from seppcheck.model.evidence import Evidence
from seppcheck.model.targets import TARGETS, Target


@dataclass(frozen=True, slots=True)
class Remediation:
    """A remediation as the framework knows it.

    `kind` is how its check is mended at best: automatic where this program can write, else manual.
    """

    check: str
    kind: ChangeKind
    phases: tuple[PlanPhase, ...]
    function: Callable[..., Proposal]
    target: type[Target]
    wanted: tuple[Wanted, ...]

    @property
    def evidence(self) -> tuple[type[Evidence], ...]:
        """The kinds of evidence that its signature names."""
        return tuple(w.type for w in self.wanted if issubclass(w.type, Evidence))


F = TypeVar("F", bound=Callable[..., Any])


def remediation(check: str, *, kind: ChangeKind | str, phases: Iterable[PlanPhase | str]) -> Callable[[F], F]:
    """Mark a pure function as the remediation of a check; it is returned unchanged.

    Its signature names a target and evidence by type, as a check's does; it may ask for the `PlanPhase` and `Now`
    too. It returns changes, manual steps, waits and notes: none, when there is nothing to do.

    Args:
        check: the id of the check that it answers.
        kind: `automatic` or `manual`: how it is mended at best.
        phases: the plans that it takes part in.

    Raises:
        PluginError: naming the function, when it is not well formed.
    """

    def mark(function: F) -> F:
        where = f"remediation of {check!r} ({function.__module__}.{function.__qualname__})"
        wanted = signature_of(function, where, also=(PlanPhase,))
        targets = [w.type for w in wanted if w.type in TARGETS]
        if not targets:
            raise PluginError(f"{where}: its signature names no target (Gateway, Domain or Tenant)")
        try:
            given = {PlanPhase(phase) for phase in phases}
            described = Remediation(
                check, ChangeKind(kind), tuple(p for p in PlanPhase if p in given), function, targets[0], wanted
            )
        except ValueError as error:
            raise PluginError(f"{where}: {error}") from error
        if not given:
            raise PluginError(f"{where}: it takes part in no plan")
        setattr(function, MARK, described)
        return function

    return mark

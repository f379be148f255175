"""Which checks run on which targets, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from seppcheck.errors import UserError
from seppcheck.model.checks import Check, Wanted
from seppcheck.model.guide import Guide
from seppcheck.model.phases import Phase
from seppcheck.model.remediations import Remediation
from seppcheck.model.run import Skipped
from seppcheck.model.targets import Domain, Site, Target


@dataclass(frozen=True, slots=True)
class Case:
    """One check on one target: it becomes exactly one result."""

    check: Check
    target: Target

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What its check asks for."""
        return self.check.wanted


@dataclass(frozen=True, slots=True)
class Remedy:
    """The remediation of one case."""

    remediation: Remediation
    target: Target

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What its remediation asks for."""
        return self.remediation.wanted


class Need(Protocol):
    """What asks for evidence about a target."""

    @property
    def target(self) -> Target:
        """What it is about."""

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What it asks for, by type."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user chose: patterns of check ids, checks left out with a reason, domains."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    domains: tuple[str, ...] = ()

    def leaves_out(self, check: str) -> Skipped | None:
        """Return why a check is left out, or None when it is not."""
        for pattern in self.skip:
            if fnmatchcase(check, pattern):
                return Skipped(check, f"--skip {pattern}")
        for entry in self.skipped:
            if entry.check == check:
                return entry
        if self.only and not any(fnmatchcase(check, pattern) for pattern in self.only):
            return Skipped(check, f"--only {' '.join(self.only)}")
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases of a run, and the checks that were due but left out."""

    cases: tuple[Case, ...]
    skipped: tuple[Skipped, ...]


def refuse_unknown_patterns(selection: Selection, known: Iterable[str]) -> None:
    """Refuse a pattern that matches no check at all: a typing error must not select nothing.

    Raises:
        UserError: naming the option and the pattern.
    """
    ids = sorted(known)
    for option, patterns in (("--only", selection.only), ("--skip", selection.skip)):
        for pattern in patterns:
            if not any(fnmatchcase(check, pattern) for check in ids):
                raise UserError(
                    "{option} {pattern}: no check has such an id; `seppcheck list` shows them: {known}",
                    option=option,
                    pattern=pattern,
                    known=ids,
                )


def plan(checks: Iterable[Check], site: Site, phases: Sequence[Phase], selection: Selection, guide: Guide) -> Plan:
    """Return every case that is due in one of `phases`, in the guide's order, advice last."""
    cases: list[Case] = []
    skipped: list[Skipped] = []
    for check in sorted(checks, key=lambda c: (guide.position(_numbers(c, phases)), c.id)):
        if not any(phase in check.phases for phase in phases):
            continue
        left_out = selection.leaves_out(check.id)
        if left_out:
            skipped.append(left_out)
            continue
        cases.extend(Case(check, target) for target in _targets(check, site, selection))
    return Plan(tuple(cases), tuple(skipped))


def _numbers(check: Check, phases: Sequence[Phase]) -> Sequence[str]:
    """Return the numbers that it verifies now; of one that verifies none now, the first of its others."""
    return [number for phase in phases for number in check.numbers(phase)] or check.requirements[:1]


def _targets(check: Check, site: Site, selection: Selection) -> Iterable[Target]:
    targets = site.targets(check.target)
    if check.target is Domain and selection.domains:
        chosen = set(selection.domains)
        return [target for target in targets if target.name in chosen]
    return targets


def remedies(cases: Iterable[Case], known: Mapping[str, Remediation], site: Site) -> tuple[Remedy, ...]:
    """Return the remediations of cases; one whose target is larger than its check's comes once."""
    found = [(known[case.check.id], case.target) for case in cases if case.check.id in known]
    return tuple(dict.fromkeys(Remedy(each, site.around(target, each.target)) for each, target in found))

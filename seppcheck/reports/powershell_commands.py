"""One change of Exchange Online as PowerShell: look it up, see that it is as the plan saw it, change it, look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from seppcheck.model.changes import ExchangeImage, System
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.planning.exchange_commands import HASH_TABLE, Command, alteration, completion, creation, removal
from seppcheck.planning.exchange_images import Noun
from seppcheck.reports.encoders import visible
from seppcheck.reports.powershell_literals import for_script, is_parameter, table

_ANY_GUID = "00000000-0000-0000-0000-000000000000"
"""Stands for the Guid of an object that the script looks up: commands name it by what was found."""
_KNOWN = frozenset(noun.value for noun in Noun)
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Scripted:
    """A change that a script can make.

    `later` are the properties that later changes of the plan set, one state behind the other, and `gone` tells that
    one removes it: so that a script that is run again knows a step for done whose object has moved on.
    """

    change: PlannedChange
    before: ExchangeImage | None
    after: ExchangeImage | None
    commands: tuple[Command, ...]
    completions: tuple[Command, ...]
    later: tuple[Mapping[str, object], ...]
    gone: bool

    def lines(self, summary: str) -> Iterator[str]:
        """Yield the code.

        Args:
            summary: of the change, as ShouldProcess shows it.
        """
        image = self.before or self.after
        if image is None:
            return
        step, noun = for_script(self.change.id), for_script(image.type)
        names = for_script(list(dict.fromkeys(each.name for each in (self.before, self.after) if each)))
        place = f"-Noun {noun} -Guid {for_script(image.guid)} -Name {names}"
        yield from _assigned("before", self.before)
        yield from _assigned("after", self.after)
        yield f"$found = Find-PlanObject {place}"
        yield (
            f"$due = Get-Due -Step {step} -Noun {noun} -Found $found -Before $before -After $after "
            f"-Later {for_script(self.later)} -LaterGone {for_script(self.gone)} "
            f"-Afterwards {for_script(sorted(_names(self.completions)))}"
        )
        target = for_script(visible(f"{image.type} {image.name}", limit=200))
        asked = f"-Step {step} -Target {target} -Action {for_script(summary)}"
        yield f"if ($due -ne 'nothing' -and (Confirm-Step -Cmdlet $PSCmdlet {asked})) {{"
        yield from (f"    {line}" for line in self._body(step, place, noun, names))
        yield "}"

    def _body(self, step: str, place: str, noun: str, names: str) -> Iterator[str]:
        made = self.before is None
        for command in self.commands:
            yield f"if ($due -eq 'whole') {{ {_called(command)} | Out-Null }}" if made else _called(command)
        if self.completions:
            yield f"$found = Wait-PlanObject -Step {step} -Noun {noun} -Name {names}"
            yield from map(_called, self.completions)
        yield f"Assert-Done -Step {step} {place} -After $after"


def scripted(plan: MigrationPlan, place: int) -> Scripted | None:
    """Return a change as a script makes it; None for what only people, time or another system can do."""
    change = plan.changes[place]
    before, after = change.before, change.after
    if change.system is not System.EXCHANGE or change.proof or not (before or after):
        return None
    if not (before is None or isinstance(before, ExchangeImage)) or not (
        after is None or isinstance(after, ExchangeImage)
    ):
        return None
    try:
        commands, completions = _commands(before, after)
    except ValueError:  # of a sort that is not made or removed
        return None
    if not all(is_parameter(name) for name in _names((*commands, *completions))):
        return None
    later, gone = _later(plan.changes[place + 1 :], after)
    return Scripted(change, before, after, commands, completions, later, gone)


def _commands(
    before: ExchangeImage | None, after: ExchangeImage | None
) -> tuple[tuple[Command, ...], tuple[Command, ...]]:
    """Return the commands of a change, and those that complete what was made.

    Raises:
        ValueError: for what is not made, changed or removed.
    """
    if before is None and after is not None:
        return (creation(after),), completion(after, _ANY_GUID)
    if before is None or before.type not in _KNOWN:
        raise ValueError("an object of a sort that is not changed")
    known = replace(before, guid=_ANY_GUID)
    return ((removal(known),) if after is None else alteration(known, after)), ()


def _names(commands: Iterable[Command]) -> set[str]:
    return {name for command in commands for name in command.parameters} - {"Identity", "Confirm"}


def _later(
    changes: Sequence[PlannedChange], image: ExchangeImage | None
) -> tuple[tuple[Mapping[str, object], ...], bool]:
    """Follow an object through later changes: what each has set by then, and whether one removes it."""
    states: list[Mapping[str, object]] = []
    moved: dict[str, object] = {}
    for change in changes:
        if image is None or not isinstance(change.before, ExchangeImage) or not _same(image, change.before):
            continue
        if change.after is None:
            return tuple(states), True
        if isinstance(change.after, ExchangeImage):
            moved |= _changed(image, change.after)
            states.append(dict(moved))
            image = change.after
    return tuple(states), False


def _same(one: ExchangeImage, other: ExchangeImage) -> bool:
    if one.type != other.type or one.guid.lower() != other.guid.lower():
        return False
    return bool(one.guid) or one.name.casefold() == other.name.casefold()


def _changed(before: ExchangeImage, after: ExchangeImage) -> Mapping[str, object]:
    old, new = _told(before), _told(after)
    return {name: new.get(name) for name in (*new, *old) if new.get(name) != old.get(name)}


def _told(image: ExchangeImage | None) -> Mapping[str, object]:
    return {"Name": image.name, **image.properties} if image else _NOTHING


def _assigned(name: str, image: ExchangeImage | None) -> Iterator[str]:
    value = "$null" if image is None else table(_told(image))
    yield from f"${name} = {value}".splitlines()


def _called(command: Command) -> str:
    """Return a call that asks nobody: ShouldProcess has asked."""
    words = [command.cmdlet]
    for name, value in command.parameters.items():
        if name == "Identity":
            words.append("-Identity ([string]$found.Guid)")
        elif name == "Priority" and command.cmdlet == "New-TransportRule":
            words.append(f"-Priority ([Math]::Min({for_script(value)}, @(Get-PlanObject -Noun 'TransportRule').Count))")
        elif name != "Confirm":
            words.append(f"-{name} {for_script(_plain(value))}")
    return " ".join((*words, "-Confirm:$false", "-ErrorAction Stop"))


def _plain(value: object) -> object:
    """Return a value without what tells a hash table apart in JSON."""
    if isinstance(value, Mapping) and value.get("@odata.type") == HASH_TABLE:
        return {name: inner for name, inner in value.items() if name != "@odata.type"}
    return value

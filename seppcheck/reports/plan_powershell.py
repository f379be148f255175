"""A plan's Exchange changes as a PowerShell script, for administrators who run them themselves.

The script is ASCII without a string that expands anything, so that neither an encoding nor a name can change what it
does. It keeps what is there, then goes through the plan in order: a change runs only where the object is as the plan
saw it, nothing happens where it is done already, and at what others do it stops and asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from textwrap import wrap

from seppcheck.locale import translator
from seppcheck.model.changes import System
from seppcheck.model.plans import MigrationPlan, PlannedChange
from seppcheck.model.text import Message, Text, text
from seppcheck.plan_document import fingerprint_of
from seppcheck.planning.exchange_images import EXACT, NOT_COMPARED, READ_ONLY_OF_RULES, RULE_DEFAULTS
from seppcheck.reports.encoders import for_comment, visible
from seppcheck.reports.plan_sections import count_of, instructions_of, moments_of, sections_of
from seppcheck.reports.plan_words import KINDS, PLAN_PHASES, SYSTEMS
from seppcheck.reports.powershell_commands import Scripted, scripted
from seppcheck.reports.powershell_literals import for_script, table

_WIDTH = 110
_SESSION = frozenset({"PSComputerName", "RunspaceId", "PSShowComputerName"})
"""What PowerShell adds to objects that came from afar."""
_PARAMETERS = """\
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param(
    [string]$ExportPath = 'seppcheck-before',
    [string[]]$SkipPause = @()
)
"""
_SAYINGS = {
    "NotConnected": text("Connect first: Connect-ExchangeOnline. Nothing was changed."),
    "OtherTenant": text("The plan is for the tenant {tenant}, and this is another one. Nothing was changed."),
    "Exported": text("What is there now was written to {folder}"),
    "Several": text("{count} objects of the sort {sort} bear one of the names {names}: there must be one."),
    "NoGuid": text("The object {name} is shown without a Guid, and nothing is changed by its name alone."),
    "Already": text("Step {step}: is so already."),
    "Done": text("Step {step}: done."),
    "Denied": text("Step {step} was not run, and nothing behind it: {why}. Plan anew."),
    "Later": text("Step {step} would not run now: {why}. It may once the steps before it have run."),
    "Declined": text("Step {step} was declined, and nothing behind it was run."),
    "Unproven": text("Step {step} was run, and Exchange does not show it yet. Wait some minutes, then run this again."),
    "Gone": text("the object is not there any more"),
    "Taken": text("an object of that name is there, with other properties: {properties}"),
    "Differs": text("the object is not as the plan saw it: {properties}"),
    "Ask": text("Type {step} when this step is done, anything else to stop here"),
    "Skipped": text("Step {step}: you said with -SkipPause that it is done."),
    "Stopped": text("Stopped before step {step} was done. Run this again then: what is done is not done again."),
}
"""What the script says; its parameters are numbered there."""


def to_powershell(plan: MigrationPlan) -> str:
    """Return the script of a plan, for Windows PowerShell 5.1 and PowerShell 7; it speaks the plan's language."""
    return "".join(f"{line}\n" for line in _Script(plan).lines())


class _Script:
    def __init__(self, plan: MigrationPlan) -> None:
        self.plan = plan
        self.translate = translator(plan.language)
        self.scripted = {change.id: scripted(plan, place) for place, change in enumerate(plan.changes)}

    def say(self, message: Message) -> str:
        return visible(message.render(self.translate))

    def comment(self, said: Text) -> Iterator[str]:
        """Yield comment lines; the bar keeps a text from becoming a directive or a signature."""
        sentence = said if isinstance(said, str) else said.render(self.translate)
        for line in wrap(for_comment(sentence), _WIDTH, break_long_words=False) or [""]:
            yield f"# | {line}"

    def lines(self) -> Iterator[str]:
        runs = any(self.scripted.values())
        if runs:
            yield "#Requires -Version 5.1"
        yield from self._head()
        if not runs:
            yield from self.comment(text("There is nothing in it that a script could change in Exchange Online."))
        else:
            yield from ("", *_PARAMETERS.splitlines(), *self._constants(), "", *_runtime(), "", *self._beginning())
        for section in sections_of(self.plan):
            yield from ("", *self.comment(section.title))
            for change in section.changes:
                yield ""
                yield from self._step(change, self.scripted[change.id], runs=runs)

    def _head(self) -> Iterator[str]:
        plan = self.plan
        yield from self.comment(text("{title}. {count}", title=PLAN_PHASES[plan.phase], count=count_of(plan)))
        yield from self.comment(text("Gateway {name}, tenant {tenant}", name=plan.gateway, tenant=plan.tenant or None))
        yield from self.comment(text("Judged at {time}", time=plan.judged_at))
        yield from self.comment(text("Fingerprint {fingerprint}", fingerprint=fingerprint_of(plan)))
        yield "#"
        yield from _USAGE

    def _constants(self) -> Iterator[str]:
        """Yield what the functions of the script know of Exchange and say to people."""
        named = {name: self._numbered(message) for name, message in _SAYINGS.items()}
        defaults = {name: value.lower() for name, value in RULE_DEFAULTS.items()}
        yield f"$say = {table(named)}"
        yield f"$exact = {for_script(sorted(EXACT))}"
        yield f"$notCompared = {for_script(sorted(NOT_COMPARED))}"
        yield f"$readOnly = {for_script(sorted(READ_ONLY_OF_RULES | _SESSION))}"
        yield f"$ofItself = {table(defaults)}"

    def _numbered(self, message: Message) -> str:
        """Return a sentence for PowerShell's -f, its fields numbered in the English order."""
        numbers = {name: f"{{{place}}}" for place, name in enumerate(_FIELD.findall(message.template))}
        return Message(message.template, tuple(numbers.items())).render(self.translate)

    def _beginning(self) -> Iterator[str]:
        if self.plan.tenant:
            yield f"Assert-Tenant -Tenant {for_script(self.plan.tenant)}"
        yield "if (-not $WhatIfPreference) { Export-Present }"

    def _step(self, change: PlannedChange, script: Scripted | None, *, runs: bool) -> Iterator[str]:
        title = text(
            "{id}. {summary} ({kind}, {system})",
            id=change.id,
            summary=change.summary,
            kind=KINDS[change.kind],
            system=SYSTEMS[change.system],
        )
        yield from self.comment(title)
        yield from self.comment(text("Why: {why}", why=change.why))
        for message in moments_of(change):
            yield from self.comment(message)
        if change.breaks:
            yield from self.comment(text("Do not stop here: {why}", why=change.breaks))
        if script is not None:
            yield from script.lines(visible(change.summary))
        elif runs:
            yield f"Wait-ForPerson -Step {for_script(change.id)} -Text {for_script(list(self._told(change, title)))}"
        else:
            for line in self._told(change, None):
                yield from self.comment(line)

    def _told(self, change: PlannedChange, title: Message | None) -> Iterator[str]:
        """Yield what is shown to somebody who does a step: controls are shown, for a terminal would obey them."""
        if title is not None:
            yield self.say(title)
            yield from map(self.say, moments_of(change))
        for instruction in instructions_of(change.steps, change.after):
            yield from (visible(f"  {line}") for line in (instruction.sentence, *instruction.value.split("\n")) if line)
        if change.system is System.DNS and change.writes:
            yield self.say(text("By `seppcheck apply`, or with `--format nsupdate`."))


_FIELD = re.compile(r"\{([a-z_]+)\}")
_USAGE = (
    "#   Connect-ExchangeOnline               (role: Exchange Administrator)",
    "#   .\\plan.ps1 -WhatIf                   what it would do",
    "#   .\\plan.ps1                           asks before each change",
    "#   .\\plan.ps1 -SkipPause 3,7            does not stop at these steps of others: they are done",
    "#   .\\plan.ps1 -ExportPath FOLDER        where what is there now is kept",
    "#",
)


def _runtime() -> Sequence[str]:
    return files("seppcheck.reports").joinpath("plan_runtime.ps1").read_text(encoding="ascii").splitlines()

"""`seppcheck baseline accept`: the present state becomes what `seppcheck drift` compares with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from seppcheck.choices import Choices, baseline_path, request_of
from seppcheck.cli import INCONCLUSIVE, PASSED, Context
from seppcheck.cli.options import run_options
from seppcheck.cli.outputs import spare
from seppcheck.cli.progress import progress
from seppcheck.cli.usage import Commands
from seppcheck.drift import document
from seppcheck.drift.baseline import Baseline, baseline_of, kept_beside, refuse_foreign, unlooked
from seppcheck.drift.judging import Told, drift_of
from seppcheck.model.outcomes import Outcome
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.model.text import Message, text
from seppcheck.run import concluded
from seppcheck.settings import file as settings_file


@click.group("baseline", cls=Commands, help="Accept the present state as the baseline of `seppcheck drift`.")
def command() -> None:
    """Group what is done with a baseline."""


@command.command("accept", help="Run drift's checks and write what they saw as the baseline, to be reviewed in git.")
@run_options
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file; seppcheck-baseline.json beside the configuration unless told otherwise.",
)
@click.option("--partial", is_flag=True, help="Accept although something could not be looked at.")
@click.option("--quiet", is_flag=True, help="Print one line alone.")
@click.pass_obj
def accept(context: Context, /, *, partial: bool, quiet: bool, no_progress: bool, **common: Any) -> int:
    """Accept: 0 when it is written (or is so already), 3 when it is refused."""
    choices = Choices(**common)
    request = request_of(choices, context.clock, context.language)
    path = choices.baseline or baseline_path(request.settings)
    spare([path], [*choices.evidence, choices.config or settings_file.DEFAULT])
    earlier = _earlier(path)
    if earlier is not None:
        refuse_foreign(earlier, request.settings.site, domains=False)
        request = replace(request, past=earlier.past)
    with progress(request.language, shown=not (quiet or no_progress)) as on_progress:
        run = concluded(replace(request, on_progress=on_progress), Phase.DRIFT)  # no verdict of drift to be remembered
    some_checks = bool(request.selection.only or request.selection.skip)
    domains = () if earlier is not None and some_checks else request.selection.domains  # no domain by one check alone
    context = replace(context, language=request.language)
    return _Accepting(context, run, path, earlier, partial, quiet, not request.whole, domains).accept()


def _earlier(path: Path) -> Baseline | None:
    return document.read(path) if path.exists() else None


@dataclass(frozen=True, slots=True)
class _Accepting:
    context: Context
    run: Run
    path: Path
    earlier: Baseline | None
    partial: bool
    quiet: bool
    selective: bool
    domains: tuple[str, ...]

    def accept(self) -> int:
        missing = list(dict.fromkeys(_missing(self.run)))
        if self._refused(missing):
            return INCONCLUSIVE
        past = self.earlier.past if self.earlier else {}
        baseline = baseline_of(self.run, self.path, past, self.domains, partial=bool(missing) or self._narrow)
        if self.earlier is not None and self.selective:
            baseline = kept_beside(self.earlier, baseline, [each.name for each in self.run.site.domains])
        if not any(piece.objects for piece in baseline.pieces.values()):
            self._say(text("not accepted: {file} is as it was; nothing at all could be looked at", file=self.path))
            return INCONCLUSIVE
        if self.earlier is not None and _same(self.earlier, baseline):
            self._say(
                text("{file} is unchanged: nothing differs since {at}", file=self.path, at=self.earlier.accepted_at)
            )
            return PASSED
        document.write(self.path, baseline)
        self._tell(baseline, missing)
        return PASSED

    @property
    def _narrow(self) -> bool:
        """Whether only a part is accepted, and nothing holds the rest."""
        return self.selective and self.earlier is None

    def _refused(self, missing: list[Message]) -> bool:
        """Tell whether this is no state to accept, and say why."""
        if self.run.interrupted or not self.run.results:
            self._say(
                text("not accepted: {file} is as it was; the run was interrupted, or looked at nothing", file=self.path)
            )
            return True
        if not missing or self.partial:
            return False
        count = len(missing)
        self._say(
            text("not accepted: 1 thing could not be looked at")
            if count == 1
            else text("not accepted: {count} things could not be looked at", count=count)
        )
        if not self.quiet:
            self._list(missing)
            self._say(
                text(
                    "Mend that and accept again; or accept the rest with --partial: then drift says each time what the "
                    "baseline does not hold."
                )
            )
        return True

    def _tell(self, baseline: Baseline, missing: list[Message]) -> None:
        count = sum(len(piece.objects) for piece in baseline.pieces.values())
        failed = [r for r in self.run.results if r.outcome is Outcome.FAILED]
        about = {"count": count, "file": self.path, "failed": len(failed)}
        if failed:
            self._say(text("accepted: {count} objects in {file}, although checks failed: {failed}; review it", **about))
        else:
            self._say(text("accepted: {count} objects in {file}; review it and commit it", **about))
        if self.quiet:
            return
        if self._narrow:
            self._say(text("Only what the selected checks looked at was accepted: drift names what it does not hold."))
        elif self.selective:
            self._say(text("Only what the selected checks looked at was accepted now; what was accepted before stays."))
        if missing:
            self._say(text("Could not be looked at, so the baseline does not hold it:"))
            self._list(missing)
        if failed:
            self._say(text("Accepted although it failed; it will fail in drift too:"))
            self._list(
                text("{check} for {target}: {summary}", check=r.check, target=r.target.name, summary=r.summary)
                for r in failed
            )
        if self.earlier is not None:
            self._say(text("What differs from the baseline of {at}:", at=self.earlier.accepted_at))
            self._list(self._differences(self.earlier))

    def _differences(self, earlier: Baseline) -> Iterator[Message]:
        run = self.run
        drift = drift_of(earlier, run.site, run.records, (), run.judged_at)
        yield from (entry.summary for entry in drift.entries or ())
        if not drift.entries:
            yield text("nothing that drift would report")

    def _list(self, messages: Any) -> None:
        for message in messages:
            click.echo(f"  - {self.context.say(message)}")

    def _say(self, message: Message) -> None:
        click.echo(self.context.say(message))


def _missing(run: Run) -> Iterator[Message]:
    """Yield what could not be looked at: by the checks, and what of the evidence no check insisted on."""
    told = Told(run.results)
    for result in run.results:
        for finding in result.findings:
            if finding.outcome is Outcome.INCONCLUSIVE:
                yield text(
                    "{check} for {target}: {summary} ({reason})",
                    check=result.check,
                    target=result.target.name,
                    summary=finding.summary,
                    reason=finding.reason.value if finding.reason else "-",
                )
    for record, part, why in unlooked(run):
        if not told.has(record.kind, why.reason, record.target):
            yield text(
                "{kind} of {name}: {detail} ({reason})",
                kind=record.kind,
                name=part or record.target.name,
                detail=why.detail,
                reason=why.reason.value,
            )


def _same(earlier: Baseline, now: Baseline) -> bool:
    """Tell whether there is nothing new to accept: then the file, and its date, stay as they are."""
    then = replace(earlier, accepted_at=now.accepted_at, version=now.version)
    return document.render(document.to_document(then)) == document.render(document.to_document(now))

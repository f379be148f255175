"""`seppcheck list`: the checks."""

from __future__ import annotations

from pathlib import Path

import click

from seppcheck.cli import Context
from seppcheck.guide import load_guide
from seppcheck.model.phases import Phase
from seppcheck.plugins import bundled, load

_LETTERS = {Phase.READINESS: "R", Phase.CUTOVER: "C", Phase.VERIFICATION: "V", Phase.DRIFT: "D"}


@click.command(
    "list",
    help="List the checks: id, phases (R C V D), severity, how it is mended at best, numbers of the "
    "guide, what should be true.",
)
@click.option("--plugins", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins.")
@click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale.")
@click.pass_obj
def command(context: Context, plugins: tuple[Path, ...], lang: str | None) -> None:
    """Print a line a check, in the guide's order, advice last."""
    del lang  # read before parsing, for every message
    guide = load_guide(bundled("checks"))
    registry = load(plugins, sources=False)
    checks = registry.checks.values()
    ordered = sorted(checks, key=lambda c: (guide.position(c.requirements), c.id))
    width = max(len(check.id) for check in ordered)
    for check in ordered:
        phases = "".join(letter if phase in check.phases else "-" for phase, letter in _LETTERS.items())
        numbers = ",".join(check.requirements) or "-"
        title = context.say(check.manual.title)
        remediation = registry.remediations.get(check.id)
        kind = remediation.kind.value if remediation else "manual" if check.manual.steps else "-"
        click.echo(f"{check.id:{width}}  {phases}  {check.severity.value:7}  {kind:9}  {numbers:6}  {title}")

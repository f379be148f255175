"""What the run commands have in common: their options, and what is meant by them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from seppcheck import settings_file
from seppcheck.bundle import Bundle, newest_of
from seppcheck.bundle import read as read_bundle
from seppcheck.cli import Context
from seppcheck.engine.plan import Selection
from seppcheck.errors import UserError
from seppcheck.model.guide import load_guide
from seppcheck.model.run import Skipped
from seppcheck.plugins import bundled, load
from seppcheck.run import Request
from seppcheck.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_CONFIG = Path("seppcheck.toml")

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_RUN_OPTIONS = (
    click.argument("domains", nargs=-1, metavar="[DOMAIN]..."),
    click.option("--config", type=_FILE, help=f"The configuration; {DEFAULT_CONFIG} unless told otherwise."),
    click.option("--gateway", metavar="NAME", help="The gateway's name; overrides the configuration's."),
    click.option("--only", multiple=True, metavar="GLOB", help="Run only checks whose id matches."),
    click.option("--skip", multiple=True, metavar="GLOB", help="Leave out checks whose id matches."),
    click.option("--plugins", multiple=True, type=click.Path(path_type=Path), metavar="DIR", help="More plugins."),
    click.option("--evidence", multiple=True, type=_FILE, metavar="BUNDLE", help="Judge recorded evidence."),
    click.option("--lang", type=click.Choice(["en", "de"]), help="Language; by default that of the locale."),
    click.option("--no-progress", is_flag=True, help="Show no progress."),
)


def run_options(function: F) -> F:
    """Add the options that every command with a run takes."""
    for option in reversed(_RUN_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Choices:
    """The common options as given."""

    domains: tuple[str, ...]
    config: Path | None
    gateway: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    plugins: tuple[Path, ...]
    evidence: tuple[Path, ...]
    lang: str | None
    no_progress: bool

    @property
    def offline(self) -> bool:
        """Whether this is a replay: evidence, and no configuration that live sources could use."""
        return bool(self.evidence) and self.config is None


def request_of(choices: Choices, context: Context) -> Request:
    """Turn the options into a request.

    Raises:
        UserError: for options that do not fit together or name what is not there.
    """
    bundles = tuple(read_bundle(path) for path in choices.evidence)
    newest = newest_of(bundles) if bundles else None
    settings = _settings(choices, newest)
    registry = load(choices.plugins)
    settings_file.check_names(settings, registry.checks)
    return Request(
        settings=settings,
        registry=registry,
        guide=load_guide(bundled("checks")),
        selection=Selection(
            only=choices.only,
            skip=choices.skip,
            skipped=tuple(Skipped(entry.check, entry.reason) for entry in settings.run.skip),
            domains=settings_file.choose_domains(settings, choices.domains),
        ),
        language=choices.lang or (newest.language if newest and choices.offline else context.language),
        bundles=bundles,
        live=not choices.offline,
        clock=context.clock,
    )


def _settings(choices: Choices, newest: Bundle | None) -> Settings:
    if choices.offline and newest is not None:
        if choices.gateway:
            raise UserError("--gateway and --evidence without --config: a replay has the gateway it was recorded of")
        return settings_file.from_public(newest.settings)
    if choices.config is None and choices.gateway and choices.domains:
        return settings_file.from_arguments(choices.domains, choices.gateway)
    return _configured(choices)


def _configured(choices: Choices) -> Settings:
    path = choices.config or DEFAULT_CONFIG
    if choices.config is not None or path.exists():
        return settings_file.load(path, choices.domains, choices.gateway)
    if choices.domains:
        raise UserError(
            "which gateway? There is no {file} here: add --gateway NAME, or write one with `seppcheck init`",
            file=DEFAULT_CONFIG,
        )
    raise UserError(
        "there is no {file} here and no DOMAIN was given: write one with `seppcheck init`, name one with --config, "
        "or give DOMAIN and --gateway NAME",
        file=DEFAULT_CONFIG,
    )

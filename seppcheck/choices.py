"""From what the user chose to a request: what is meant by the options together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from seppcheck.bundle import Bundle, newest_of, refuse_foreign
from seppcheck.bundle import read as read_bundle
from seppcheck.clock import Clock
from seppcheck.drift.baseline import refuse_foreign as refuse_foreign_baseline
from seppcheck.drift.document import DEFAULT as DEFAULT_BASELINE
from seppcheck.drift.document import read as read_baseline
from seppcheck.engine.plan import Selection
from seppcheck.errors import UserError
from seppcheck.guide import load_guide
from seppcheck.model.phases import Phase
from seppcheck.model.run import Skipped
from seppcheck.model.text import text
from seppcheck.plugins import bundled, load
from seppcheck.record.reading import of_settings
from seppcheck.run import Request
from seppcheck.settings import Settings
from seppcheck.settings import file as settings_file


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose, on the command line or as pytest options."""

    domains: tuple[str, ...] = ()
    config: Path | None = None
    gateway: str | None = None
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    plugins: tuple[Path, ...] = ()
    evidence: tuple[Path, ...] = ()
    lang: str | None = None
    baseline: Path | None = None

    @property
    def offline(self) -> bool:
        """Whether this is a replay: evidence, and no configuration that live sources could use."""
        return bool(self.evidence) and self.config is None


def request_of(choices: Choices, clock: Clock, language: str) -> Request:
    """Turn what was chosen into a request; `language` is what counts where nothing else says one.

    Raises:
        UserError: for options that do not fit together or name what is not there.
    """
    bundles = tuple(read_bundle(path) for path in choices.evidence)
    newest = newest_of(bundles) if bundles else None
    settings = _settings(choices, newest)
    registry = load(choices.plugins)
    settings_file.check_names(settings, registry.checks)
    if not choices.offline:
        refuse_foreign(bundles, settings.public())
        of_settings(settings, clock())  # refused now, not when its source reads it
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
        language=choices.lang or (newest.language if newest and choices.offline else language),
        bundles=bundles,
        live=not choices.offline,
        clock=clock,
    )


def with_baseline(request: Request, phase: Phase, given: Path | None = None) -> Request:
    """Return the request with what was accepted: drift is held against it, and verification remembers its moments.

    Args:
        request: of a run.
        phase: the run's.
        given: the baseline's file; by default the one beside the configuration.

    Raises:
        UserError: for a damaged baseline; in drift also for none, and for one of another gateway or other domains.
    """
    path = given or baseline_path(request.settings)
    if phase is Phase.DRIFT:
        if not path.exists():
            raise UserError(
                "there is no baseline {file}: accept the present state with `seppcheck baseline accept`, or name the "
                "file with --baseline",
                file=path,
            )
        baseline = read_baseline(path)
        refuse_foreign_baseline(baseline, request.settings.site)
        return replace(request, baseline=baseline, past=baseline.past)
    if phase is Phase.VERIFICATION and request.live and path.exists():  # a replay has it in its bundle
        return _with_past(request, path)
    return request


def _with_past(request: Request, path: Path) -> Request:
    """Return the request with what a baseline remembers; a note says so if it is of another gateway."""
    baseline = read_baseline(path)
    try:
        refuse_foreign_baseline(baseline, request.settings.site, domains=False)
    except UserError:
        told = text("{file} is the baseline of another gateway or tenant: what it remembers does not count", file=path)
        return replace(request, notes=(*request.notes, told))
    return replace(request, past=baseline.past)


def baseline_path(settings: Settings) -> Path:
    """Return where the baseline lies unless told otherwise: beside the configuration."""
    return settings.path(str(DEFAULT_BASELINE))


def _settings(choices: Choices, newest: Bundle | None) -> Settings:
    if choices.offline and newest is not None:
        if choices.gateway:
            raise UserError("--gateway and --evidence without --config: a replay has the gateway it was recorded of")
        return settings_file.from_public(newest.settings, str(newest.path))
    if choices.config is None and choices.gateway and choices.domains:
        return settings_file.from_arguments(choices.domains, choices.gateway)
    return _configured(choices)


def _configured(choices: Choices) -> Settings:
    path = choices.config or settings_file.DEFAULT
    if choices.config is not None or path.exists():
        return settings_file.load(path, choices.domains, choices.gateway)
    if choices.domains:
        raise UserError(
            "which gateway? There is no {file} here: add --gateway NAME, or write one with `seppcheck init`",
            file=settings_file.DEFAULT,
        )
    raise UserError(
        "there is no {file} here and no DOMAIN was given: write one with `seppcheck init`, name one with --config, "
        "or give DOMAIN and --gateway NAME",
        file=settings_file.DEFAULT,
    )

"""The audit inside the user's own pytest: `pytest -p seppcheck.pytest_plugin --seppcheck FILE`.

The user's options, plugins and exit codes hold, except that a run that could not tell never exits with 0.
Without a path our results alone are collected; with one they come before the user's tests.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seppcheck import settings_file
from seppcheck.bundle import newest_of
from seppcheck.bundle import read as read_bundle
from seppcheck.engine.plan import Selection
from seppcheck.errors import UserError
from seppcheck.locale import default_language, languages, translator
from seppcheck.model.guide import load_guide
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run, Skipped
from seppcheck.plugins import bundled, load
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.pytest_session import RunPlugin
from seppcheck.run import Request, execute
from seppcheck.settings import Settings


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options to the user's pytest."""
    group = parser.getgroup("seppcheck", "audit of a SEPPmail gateway")
    group.addoption("--seppcheck", metavar="FILE", default=None, help="the configuration (default: seppcheck.toml)")
    group.addoption(
        "--seppcheck-phase", choices=[phase.value for phase in Phase], default=Phase.READINESS.value, help="the phase"
    )
    group.addoption("--seppcheck-domain", metavar="DOMAIN", action="append", default=[], help="limit it to a domain")
    group.addoption("--seppcheck-gateway", metavar="NAME", default=None, help="the gateway, instead of the file's")
    group.addoption("--seppcheck-evidence", metavar="BUNDLE", action="append", default=[], help="replay a bundle")
    group.addoption("--seppcheck-lang", choices=languages(), default=None, help="the language of the report")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Run the audit once, before collection, and let pytest-html write one file that needs no other."""
    if getattr(config.option, "numprocesses", None) or hasattr(config, "workerinput"):
        raise pytest.UsageError("seppcheck gathers its evidence at once by itself: run it without -n")
    given = getattr(config.option, "htmlpath", None)
    if given:
        config.option.self_contained_html = True
    if config.option.help or config.option.version:
        return
    try:
        run = _run_for(config)
    except UserError as error:
        raise pytest.UsageError(for_terminal(str(error))) from error
    page = Path.cwd() / Path(os.path.expandvars(given)).expanduser() if given else None
    plugin = RunPlugin(run, translator(run.language), load_guide(bundled("checks")), page)
    config.pluginmanager.register(plugin, "seppcheck-results")


def _run_for(config: pytest.Config) -> Run:
    """Run what the options ask for; the same engine as on the command line.

    Raises:
        UserError: for options or a configuration that are wrong.
    """
    option = config.option
    registry = load()
    settings, language, live = _settings(config)
    settings_file.check_names(settings, registry.checks)
    request = Request(
        settings=settings,
        registry=registry,
        guide=load_guide(bundled("checks")),
        selection=Selection(
            skipped=tuple(Skipped(entry.check, entry.reason) for entry in settings.run.skip),
            domains=settings_file.choose_domains(settings, tuple(option.seppcheck_domain)),
        ),
        language=language,
        bundles=tuple(read_bundle(Path(path)) for path in option.seppcheck_evidence),
        live=live,
    )
    return execute(request, Phase(option.seppcheck_phase))


def _settings(config: pytest.Config) -> tuple[Settings, str, bool]:
    """Return the settings, the language, and whether live sources are asked: a bundle alone is a replay."""
    option = config.option
    language = option.seppcheck_lang or default_language(os.environ)
    if option.seppcheck_evidence and option.seppcheck is None:
        newest = newest_of([read_bundle(Path(path)) for path in option.seppcheck_evidence])
        return settings_file.from_public(newest.settings), option.seppcheck_lang or newest.language, False
    if option.seppcheck is None and option.seppcheck_gateway and option.seppcheck_domain:
        return settings_file.from_arguments(option.seppcheck_domain, option.seppcheck_gateway), language, True
    path = Path(option.seppcheck or settings_file.DEFAULT)
    return settings_file.load(path, option.seppcheck_domain, option.seppcheck_gateway), language, True

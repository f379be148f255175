"""The audit inside the user's own pytest: `pytest -p seppcheck.pytest_plugin --seppcheck FILE`.

The user's options, plugins and exit codes hold, except that a run that could not tell never exits with 0.
Without a path our results alone are collected; with one they come before the user's tests.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seppcheck.choices import Choices, request_of, with_baseline
from seppcheck.clock import utc_now
from seppcheck.errors import UserError
from seppcheck.guide import load_guide
from seppcheck.locale import default_language, languages, translator
from seppcheck.model.phases import Phase
from seppcheck.model.run import Run
from seppcheck.plugins import bundled
from seppcheck.reports.encoders import for_terminal
from seppcheck.reports.pytest_session import RunPlugin
from seppcheck.run import execute


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
    choices = Choices(
        domains=tuple(option.seppcheck_domain),
        config=Path(option.seppcheck) if option.seppcheck else None,
        gateway=option.seppcheck_gateway,
        evidence=tuple(map(Path, option.seppcheck_evidence)),
        lang=option.seppcheck_lang,
    )
    phase = Phase(option.seppcheck_phase)
    return execute(with_baseline(request_of(choices, utc_now, default_language(os.environ)), phase), phase)

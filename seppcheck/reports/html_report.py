"""The HTML report: pytest with pytest-html writes it, cut off from whatever else is installed or lies about."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from seppcheck.guide import load_guide
from seppcheck.locale import translator
from seppcheck.model.guide import Guide
from seppcheck.model.run import Run
from seppcheck.model.text import Translate
from seppcheck.plugins import bundled
from seppcheck.reports.pytest_session import RunPlugin


def to_html(run: Run, guide: Guide | None = None, translate: Translate | None = None) -> str:
    """Return the HTML report as one page, written by an isolated pytest with pytest-html.

    Args:
        run: what was judged.
        guide: the guide's chapters and numbers; by default those that the checks come with.
        translate: for the sentences; by default that of the run's language.
    """
    with tempfile.TemporaryDirectory(prefix="seppcheck-") as folder:
        page = Path(folder) / "report.html"
        (Path(folder) / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        plugin = RunPlugin(run, translate or translator(run.language), guide or load_guide(bundled("checks")), page)
        with _environment({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}):
            code = pytest.main(_arguments(Path(folder), page), plugins=[plugin])
        if code == pytest.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        if code not in _EXPECTED or not page.is_file():
            raise RuntimeError(f"pytest ended with {code!r} and wrote no report")
        return page.read_text(encoding="utf-8")


_EXPECTED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
_UNUSED = (
    *("cacheprovider", "terminal", "faulthandler", "warnings", "unraisableexception", "threadexception"),
    *("logging", "doctest", "junitxml", "pastebin", "python_path"),
)
"""Parts of pytest that an inner session has no use for; without the terminal it prints nothing."""


def _arguments(folder: Path, page: Path) -> list[str]:
    """Return arguments that cut pytest off from the folder it runs in: no configuration, no conftest."""
    plugins = [*(f"no:{name}" for name in _UNUSED), "pytest_metadata.plugin", "pytest_html.plugin"]
    return [
        *(argument for plugin in plugins for argument in ("-p", plugin)),
        *("-c", str(folder / "pytest.ini"), "--rootdir", str(folder)),
        *("-s", "--noconftest", "--assert=plain"),
        *("--html", str(page), "--self-contained-html"),
    ]


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Hide every PYTEST_ variable of the user's, such as PYTEST_ADDOPTS, for a while."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_")}
    for name in hidden:
        del os.environ[name]
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("PYTEST_")]:
            del os.environ[name]
        os.environ.update(hidden)

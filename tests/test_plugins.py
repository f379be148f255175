"""Plugins of others: a folder of the user's, an installed distribution, and both when they are broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seppcheck import plugins
from seppcheck.api import Domain, Failed, Gateway, Now, Outcome, Passed, Session, Unavailable, Warned
from seppcheck.errors import UserError
from seppcheck.settings import Settings

EXAMPLES = Path(__file__).parent / "plugins"
FOLDER = EXAMPLES / "folder"
GATEWAY = Gateway("secure.example.org")


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        plugins.load([folder], sources=False)
    return str(caught.value)


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


CHECK = '''\
from seppcheck.api import Gateway, Passed, Result, check


@check("{id}", severity="low")
def all_is_well(gateway: Gateway{parameter}) -> Result:
    """All is well.

    It always is.
    """
    return Passed("all is well")
'''


def check_source(identifier: str = "all-is-well", parameter: str = "") -> str:
    return CHECK.replace("{id}", identifier).replace("{parameter}", parameter)


def test_a_folder_adds_a_check_a_source_and_a_kind_of_evidence() -> None:
    registry = plugins.load([FOLDER])
    check = registry.checks["on-call"]
    kind = registry.kinds["on-call"]
    assert check.evidence == (kind,)
    assert registry.sources[kind].name == "roster"


def test_our_own_checks_stay_when_a_folder_adds_some() -> None:
    ours = plugins.load(sources=False).checks
    assert ours
    assert set(plugins.load([FOLDER], sources=False).checks) == {*ours, "on-call"}


def test_the_same_folder_can_be_loaded_again() -> None:
    assert plugins.load([FOLDER]).checks.keys() == plugins.load([FOLDER]).checks.keys()


def test_the_example_source_reads_the_file_beside_the_configuration(tmp_path: Path) -> None:
    registry = plugins.load([FOLDER])
    source = registry.sources[registry.kinds["on-call"]].function
    session = Session(Settings(folder=tmp_path), lambda: datetime.now(UTC), 1.0)
    missing = source(GATEWAY, session)
    assert isinstance(missing, Unavailable)
    assert "on-call.txt" in str(missing.detail)
    write(tmp_path, "on-call.txt", "Ada\n\nGrace\n")
    assert source(GATEWAY, session).people == ("Ada", "Grace")


def test_the_example_check_judges_what_the_source_brought() -> None:
    registry = plugins.load([FOLDER])
    check, roster = registry.checks["on-call"].function, registry.kinds["on-call"]
    assert isinstance(check(GATEWAY, roster(("Ada",))), Passed)
    assert isinstance(check(GATEWAY, roster(())), Failed)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refusal(tmp_path / "nowhere")


def test_a_folder_without_any_plugin_is_no_success(tmp_path: Path) -> None:
    write(tmp_path, "forgotten.py", "def a_check_that_nobody_marked() -> None: ...\n")
    assert str(tmp_path) in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("x = 1\ndef broken(:\n", 2, "SyntaxError"),
        ("\n\nimport a_module_that_nobody_has\n", 3, "a_module_that_nobody_has"),
        ("import sys\nsys.exit(0)\n", 2, "SystemExit"),
        (check_source(parameter=", weather: str"), 4, "'weather'"),
        (check_source(parameter=", weather"), 4, "'weather'"),
        (check_source(identifier="All Is Well"), 4, "lower-case"),
        (check_source().replace("low", "dreadful"), 4, "dreadful"),
        (check_source().replace("(gateway: Gateway)", "()"), 4, "no target"),
    ],
    ids=["syntax", "import", "exit", "type nobody provides", "no type", "id", "severity", "no target"],
)
def test_a_broken_plugin_is_named_with_file_and_line(tmp_path: Path, content: str, line: int, told: str) -> None:
    path = write(tmp_path, "broken.py", content)
    message = refusal(tmp_path)
    assert str(path) in message
    assert f"line {line}:" in message
    assert told in message


def test_an_id_that_is_taken_is_refused_and_both_places_are_named(tmp_path: Path) -> None:
    one, two = write(tmp_path, "one.py", check_source()), write(tmp_path, "two.py", check_source())
    message = refusal(tmp_path)
    assert "all-is-well" in message
    assert str(one) in message
    assert str(two) in message


def test_one_of_our_own_ids_cannot_be_taken(tmp_path: Path) -> None:
    ours = next(iter(plugins.load(sources=False).checks))
    path = write(tmp_path, "mine.py", check_source(identifier=ours))
    assert ours in refusal(tmp_path)
    assert str(path) in refusal(tmp_path)


def test_the_id_of_drifts_own_results_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "b.py", check_source("baseline"))
    assert "the id baseline is what `seppcheck drift` calls its own results" in refusal(tmp_path)


def test_a_kind_of_evidence_that_is_taken_is_refused(tmp_path: Path) -> None:
    kind = (FOLDER / "on_call.py").read_text(encoding="utf-8")
    write(tmp_path, "on_call.py", kind.replace('check("on-call"', 'check("other"').replace('"roster"', '"other"'))
    with pytest.raises(UserError, match="on-call"):
        plugins.load([FOLDER, tmp_path])


@pytest.fixture(scope="session")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example distribution, installed into a folder of its own."""
    source = shutil.copytree(EXAMPLES / "distribution", tmp_path_factory.mktemp("source") / "distribution")
    target = tmp_path_factory.mktemp("site")
    pip_install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip_install, "--target", str(target), str(source)], check=True, timeout=120)
    return target


LIST = "from seppcheck import plugins; r = plugins.load(); print(*r.checks, *(k.kind for k in r.sources), sep='\\n')"


def load_beside(site: Path) -> subprocess.CompletedProcess[str]:
    """Load all plugins in a process that finds the distributions of a folder."""
    return subprocess.run(
        [sys.executable, "-c", LIST],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_an_installed_distribution_is_found_by_its_entry_point(distribution: Path) -> None:
    done = load_beside(distribution)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split().count("change-window") == 2, "the check, and the kind of evidence that has a source"


def test_the_distribution_judges_by_the_clock_that_it_is_given(
    distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(distribution))
    registry = plugins.load()
    domain = Domain("example.org")
    window = registry.sources[registry.kinds["change-window"]].function(domain, None)
    judge = registry.checks["change-window"].function
    assert isinstance(judge(domain, window, Now(datetime(2026, 11, 24, 23, tzinfo=UTC))), Passed)
    late = judge(domain, window, Now(datetime(2026, 11, 25, 12, tzinfo=UTC)))
    assert isinstance(late, Warned)
    assert late.outcome is Outcome.WARNED


@pytest.mark.parametrize("content", ["def broken(:\n", "import a_module_that_nobody_has\n", "raise SystemExit(0)\n"])
def test_a_broken_distribution_is_an_error_with_file_and_line(distribution: Path, tmp_path: Path, content: str) -> None:
    site = shutil.copytree(distribution, tmp_path / "site")
    broken = write(site / "seppcheck_change_window", "__init__.py", content)
    done = load_beside(site)
    assert done.returncode != 0
    assert "UserError" in done.stderr
    assert f"{broken}:1" in done.stderr

"""A run's results inside pytest: in a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from seppcheck.reports.pytest_session import RunPlugin
from tests.reports.hostile import LIVE_ON_A_TERMINAL
from tests.reports.runs import mixed_run

ROOT = Path(__file__).resolve().parent.parent

CONFTEST = """
import sys
sys.path.insert(0, {root!r})
from seppcheck import pytest_plugin
from tests.reports import drifted, hostile, runs
pytest_plugin._run_for = lambda config: {run}
"""


class Folder:
    """A user's folder, with a plugin of theirs that puts a run made by hand in the engine's place."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest(
        self, *arguments: str, run: str = "runs.mixed_run()", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        (self.path / "stand_in.py").write_text(CONFTEST.format(root=str(ROOT), run=run), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-Wignore",
            "-p",
            "no:asyncio",
            "-p",
            "stand_in",
            "-p",
            "seppcheck.pytest_plugin",
            *arguments,
        ]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
        more = {"PYTHONPATH": str(self.path), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", **environment}
        return subprocess.run(
            command, cwd=self.path, env=inherited | more, capture_output=True, encoding="utf-8", timeout=60, check=False
        )


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_outcomes_become_those_of_pytest(folder: Folder) -> None:
    done = folder.pytest()
    assert "2 failed, 2 passed, 1 skipped, 1 xfailed, 2 errors" in done.stdout
    assert "collected 8 items" in done.stdout
    assert done.returncode == 1


def test_a_failure_says_expected_and_observed_and_shows_no_traceback(folder: Folder) -> None:
    out = folder.pytest().stdout
    assert "expected: secure.example.org" in out
    assert "observed: host-25.isp.example" in out
    assert "Traceback" not in out
    assert "pytest_session.py:" not in out.partition("short test summary")[0].replace("SKIPPED", "")


def test_what_drifted_fails_although_every_check_passes(folder: Folder) -> None:
    done = folder.pytest(run="drifted.drifted_run()")
    assert done.returncode == 1
    assert "3 failed, 1 passed" in done.stdout
    assert "FAILED drift::mx-records::example.org::example.org - example.org has a second MX record" in done.stdout
    assert "after: 20 backup.example.net." in done.stdout


def test_drift_that_was_not_selected_does_not_end_with_0(folder: Folder) -> None:
    assert folder.pytest("-k", "dns-ptr", run="drifted.drifted_run()").returncode == 1
    assert folder.pytest(run="drifted.drifted_run(())").returncode == 0


def test_warnings_have_a_line_and_the_answer_stands_at_the_end(folder: Folder) -> None:
    out = folder.pytest().stdout
    assert "warned: dns-spf-gateway example.org: SPF of example.org gives softfail for 203.0.113.25" in out
    assert "Do not start: 1 blocker failed, 1 other check failed" in out


def test_a_warned_result_is_a_passed_report_with_properties(folder: Folder) -> None:
    folder.pytest("--junitxml=junit.xml")
    cases = ET.parse(folder.path / "junit.xml").getroot().iter("testcase")  # noqa: S314 - pytest wrote it
    warned = next(case for case in cases if case.get("classname") == "dns-spf-gateway")
    properties = {p.get("name"): p.get("value") for p in warned.iter("property")}
    assert properties["outcome"] == "warned"
    assert "softfail" in (properties["warning"] or "")
    assert not list(warned.iter("failure"))


def test_node_ids_are_check_and_target(folder: Folder) -> None:
    out = folder.pytest("--collect-only", "-q").stdout
    assert "dns-ptr::secure.example.org" in out
    assert "dns-mx-ttl::xn--mnchen-3ya.example" in out


def test_node_ids_of_hostile_names_are_safe_and_unique(folder: Folder) -> None:
    out = folder.pytest("--collect-only", "-q", run="hostile.hostile_run()").stdout
    ids = [line for line in out.splitlines() if "::" in line]
    assert len(set(ids)) == len(ids) == 11  # 8 results, and 3 things that drifted
    safe = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:")
    assert not set("".join(ids)) - safe


def test_hostile_text_does_not_reach_the_terminal_alive(folder: Folder) -> None:
    out = folder.pytest("-rA", run="hostile.hostile_run()").stdout
    for live in LIVE_ON_A_TERMINAL:
        assert live not in out
    assert r"\x1b" in out


@pytest.mark.parametrize(
    ("run", "code"),
    [
        ("runs.run_of([r for r in runs.mixed_results() if r.outcome == 'passed'])", 0),
        ("runs.run_of([r for r in runs.mixed_results() if r.outcome in ('passed', 'warned', 'waived')])", 0),
        ("runs.run_of([r for r in runs.mixed_results() if r.outcome == 'not-applicable'])", 1),
        ("runs.run_of([r for r in runs.mixed_results() if r.outcome == 'inconclusive'])", 1),
        ("runs.run_of([])", 5),
    ],
)
def test_only_a_run_that_concluded_ends_with_0(run: str, code: int, folder: Folder) -> None:
    assert folder.pytest(run=run).returncode == code


def test_deselecting_what_could_not_be_told_does_not_make_it_green(folder: Folder) -> None:
    done = folder.pytest("-k", "dns-mx-ttl and example.net")
    assert "1 passed" in done.stdout
    assert done.returncode == 1


def test_without_a_path_only_our_items_are_collected(folder: Folder) -> None:
    (folder.path / "test_own.py").write_text("def test_theirs(): assert False\n", encoding="utf-8")
    assert "test_theirs" not in folder.pytest("--collect-only", "-q").stdout
    assert "test_theirs" in folder.pytest("--collect-only", "-q", "test_own.py").stdout
    assert "dns-ptr::secure.example.org" in folder.pytest("--collect-only", "-q", "test_own.py").stdout


def test_the_page_is_one_file_with_our_report_and_a_policy(folder: Folder) -> None:
    folder.pytest("--html", "report.html")
    page = (folder.path / "report.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in page
    assert "The guide at a glance" in page
    assert '<body class="alone">' in page
    assert not (folder.path / "assets").exists()


def test_the_users_own_tests_keep_their_rows(folder: Folder) -> None:
    (folder.path / "test_own.py").write_text("def test_theirs(): pass\n", encoding="utf-8")
    folder.pytest("--html", "report.html", "test_own.py")
    page = (folder.path / "report.html").read_text(encoding="utf-8")
    assert '<body class="shared">' in page
    assert "test_own.py::test_theirs" in page
    blob = page.partition("data-jsonblob=")[2].partition(">")[0]
    assert "dns-ptr" not in blob


def test_random_order_and_selection_by_name_work(folder: Folder) -> None:
    out = folder.pytest("-p", "randomly", "-k", "dns-ptr").stdout
    assert "1 failed, 7 deselected" in out


def test_workers_are_refused_for_they_would_all_ask_the_network(folder: Folder) -> None:
    (folder.path / "fake_xdist.py").write_text(
        textwrap.dedent(
            """
            def pytest_addoption(parser):
                parser.addoption("--numprocesses", type=int, default=0)
            """
        ),
        encoding="utf-8",
    )
    done = folder.pytest("-p", "fake_xdist", "--numprocesses", "2")
    assert done.returncode == 4
    assert "without -n" in done.stderr


def test_a_wrong_configuration_is_a_usage_error_of_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "seppcheck.pytest_plugin", "--seppcheck", "none.toml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 4
    assert "none.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_result_costs_less_than_a_millisecond(folder: Folder) -> None:
    few = _seconds(folder, "runs.run_of(runs.many_results(10, 10))")
    many = _seconds(folder, "runs.run_of(runs.many_results(310, 10))")
    assert (many - few) / 3000 < 0.002, "twice the aim, for machines that are busy"


def _seconds(folder: Folder, run: str) -> float:
    begun = time.perf_counter()
    folder.pytest("-q", "--tb=no", "-r", "N", "-p", "no:randomly", run=run)
    return time.perf_counter() - begun


def test_the_plugin_needs_no_pytest_html() -> None:
    hooks = [name for name in vars(RunPlugin) if name.startswith("pytest_html")]
    assert hooks
    for name in hooks:
        marks = getattr(RunPlugin, name).pytest_impl
        assert marks["optionalhook"]
    assert mixed_run().results

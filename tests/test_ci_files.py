"""The CI files that we hand out: valid, safe, and their commands work on the lab as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from seppcheck.lab.world import running
from seppcheck.settings import Document

ROOT = Path(__file__).resolve().parent.parent
CI = ROOT / "docs" / "ci"
GITHUB = ["github-drift.yml", "github-drift-with-bundle.yml"]
GITLAB = "gitlab-drift.yml"
PROGRAMS = Path(sys.executable).parent
PERMISSIONS = {"contents": "read", "security-events": "write"}
INSTALL = "Install seppcheck"
"""The step that most tests leave out: it takes seconds, and two of them look at it."""
COLLECT = ["collect", "--only", "smtp-*", "--out", "smtp.json", "--no-progress"]
WRITTEN = ["report.html", "results.json", "junit.xml", "seppcheck.sarif", "summary.md"]
_SECRET = re.compile(r"\$\{\{ secrets\.(\w+) \}\}")


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((CI / name).read_text(encoding="utf-8"))
    return content


def github_job(name: str) -> dict[str, Any]:
    (job,) = read(name)["jobs"].values()
    found: dict[str, Any] = job
    return found


def gitlab_job() -> dict[str, Any]:
    found: dict[str, Any] = read(GITLAB)["drift"]
    return found


def steps_that_use(name: str, action: str) -> list[dict[str, Any]]:
    return [step for step in github_job(name)["steps"] if step.get("uses", "").startswith(f"{action}@")]


def uploaded(step: Mapping[str, Any]) -> list[str]:
    paths: str = step["with"]["path"]
    return paths.split()


def checked(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_that_is_handed_out_is_looked_at_here() -> None:
    assert {path.name for path in CI.glob("*.yml")} == {*GITHUB, GITLAB}


def test_they_are_what_github_and_gitlab_take() -> None:
    schema = [PROGRAMS / "check-jsonschema", "--builtin-schema"]
    checked(*schema, "vendor.github-workflows", *(CI / name for name in GITHUB))
    checked(*schema, "vendor.gitlab-ci", "--data-transform", "gitlab-ci", CI / GITLAB)


def test_a_scanner_of_workflows_finds_nothing() -> None:
    checked(PROGRAMS / "zizmor", "--offline", "--no-config", "--quiet", *(CI / name for name in GITHUB))


@pytest.mark.parametrize("name", GITHUB)
def test_actions_are_pinned_by_commit_with_the_version_beside_it(name: str) -> None:
    lines = [line for line in (CI / name).read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert lines
    assert not [line for line in lines if not re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)]


@pytest.mark.parametrize("name", GITHUB)
def test_the_job_may_do_no_more_than_it_must_and_ends(name: str) -> None:
    assert read(name)["permissions"] == {}
    assert github_job(name)["permissions"] == PERMISSIONS
    assert github_job(name)["timeout-minutes"] <= 30
    assert read(name)["concurrency"]["cancel-in-progress"] is False
    assert all(step["with"]["persist-credentials"] is False for step in steps_that_use(name, "actions/checkout"))


@pytest.mark.parametrize("name", GITHUB)
def test_secrets_reach_one_step_through_its_environment_alone(name: str) -> None:
    holding = [step for step in github_job(name)["steps"] if "secrets." in json.dumps(step)]
    (step,) = holding
    assert all(_SECRET.fullmatch(value) for value in step["env"].values())
    assert "secrets." not in json.dumps({**step, "env": {}})
    assert not [step for step in github_job(name)["steps"] if "${{" in step.get("run", "")]


@pytest.mark.parametrize("name", GITHUB)
def test_what_the_world_says_in_the_log_is_no_command_for_the_runner(name: str) -> None:
    (script,) = [step["run"] for step in github_job(name)["steps"] if "seppcheck drift" in step.get("run", "")]
    before, _, rest = script.partition("seppcheck drift")
    during, _, after = rest.partition('echo "::$token::"')
    assert 'echo "::stop-commands::$token"' in before
    assert "--annotations annotations.txt" in during
    assert "::" not in during
    assert "cat annotations.txt" in after


def test_gitlabs_file_names_no_secret() -> None:
    assert not re.search(r"token|secret|password", json.dumps(gitlab_job()), re.IGNORECASE)


@pytest.mark.parametrize("name", GITHUB)
def test_history_and_reports_are_kept_whatever_came_out(name: str) -> None:
    (restored,) = steps_that_use(name, "actions/cache/restore")
    (saved,) = steps_that_use(name, "actions/cache/save")
    (kept,) = steps_that_use(name, "actions/upload-artifact")
    assert saved["if"] == kept["if"] == "always()"
    assert saved["with"]["path"] == restored["with"]["path"] == ".seppcheck/history"
    assert saved["with"]["key"] == restored["with"]["key"]
    assert saved["with"]["key"].startswith(restored["with"]["restore-keys"])
    assert "github.run_id" in saved["with"]["key"], "a cache is never written twice under one key"


def test_gitlab_keeps_history_and_reports_whatever_came_out() -> None:
    job = gitlab_job()
    assert (job["cache"]["when"], job["artifacts"]["when"]) == ("always", "always")
    assert job["cache"]["paths"] == [".seppcheck/history"]


def test_runners_that_cannot_reach_port_25_are_given_a_bundle() -> None:
    assert "self-hosted" in github_job("github-drift.yml")["runs-on"]
    assert gitlab_job()["tags"]
    hosted = github_job("github-drift-with-bundle.yml")
    assert "self-hosted" not in hosted["runs-on"]
    assert "--evidence evidence/smtp.json --config seppcheck.toml" in json.dumps(hosted)


def page(language: str) -> str:
    return (ROOT / "docs" / language / "ci.md").read_text(encoding="utf-8")


def blocks(language: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page(language), re.MULTILINE | re.DOTALL)


def test_the_pages_lead_to_every_file_and_show_the_same_commands() -> None:
    for language in ("en", "de"):
        links = re.findall(r"\]\(([^)#]+)\)", page(language))
        assert {*links} == {f"../ci/{name}" for name in (*GITHUB, GITLAB)}
        assert blocks(language, "sh") == blocks("en", "sh")
        for block in blocks(language, "toml"):
            Document.model_validate(tomllib.loads(block.replace("# ca_file", "ca_file")))


def test_the_pages_collect_as_these_tests_do() -> None:
    assert f"seppcheck {shlex.join(COLLECT)}\n" in blocks("en", "sh")


@dataclass
class Runner:
    """A folder with the configuration, and what a runner's shell would have around it."""

    workspace: Path
    temporary: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        path = self.temporary / "summary"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def github(self, name: str, *, install: bool = False) -> tuple[int, str]:
        """Run the commands of a workflow's job, a step a shell, as GitHub's documentation describes it."""
        job = github_job(name)
        files = {f"GITHUB_{key}": str(self.temporary / key.lower()) for key in ("PATH", "ENV", "OUTPUT")}
        files["GITHUB_STEP_SUMMARY"] = str(self.temporary / "summary")
        path, log = self.environment["PATH"], ""
        for step in job["steps"]:
            if "run" not in step or (step["name"] == INSTALL and not install):
                continue
            added = Path(files["GITHUB_PATH"])
            if added.exists():
                path = os.pathsep.join([*added.read_text(encoding="utf-8").split(), self.environment["PATH"]])
            given = {key: _SECRET.sub("", value) for key, value in step.get("env", {}).items()}
            runner = {"RUNNER_TEMP": str(self.temporary), "CI": "true", "GITHUB_ACTIONS": "true"}
            more = {**job["env"], **given, **runner, **files, **self.environment, "PATH": path}
            done = self._shell(step["run"], more)
            log += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, log
        return 0, log

    def gitlab(self, *, install: bool = False) -> tuple[int, str]:
        """Run the commands of the job in one shell, as GitLab's runner does."""
        job = gitlab_job()
        more = {**job["variables"], "CI": "true", "GITLAB_CI": "true", "CI_PROJECT_DIR": str(self.workspace)}
        lines = [*(job["before_script"] if install else ()), *job["script"]]
        done = self._shell("\n".join(lines), {**more, **self.environment})
        return done.returncode, done.stdout + done.stderr

    def _shell(self, script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(
            command,
            cwd=self.workspace,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    def seppcheck(self, *arguments: str) -> None:
        checked_in = subprocess.run(
            [PROGRAMS / "seppcheck", *arguments],
            cwd=self.workspace,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        assert checked_in.returncode == 0, checked_in.stdout + checked_in.stderr

    def edit(self, file: str, before: str, after: str) -> None:
        path = self.workspace / file
        content = path.read_text(encoding="utf-8")
        assert before in content
        path.write_text(content.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a lab whose migration is finished, with an accepted baseline and a bundle of its SMTP server."""
    with running("inline", tmp_path_factory.mktemp("lab") / "inline") as lab:
        folder = lab.settings.parent
        runner = Runner(folder, folder)
        runner.seppcheck("baseline", "accept")
        runner.seppcheck(*COLLECT)
        (folder / "evidence").mkdir()
        (folder / "smtp.json").rename(folder / "evidence" / "smtp.json")
        yield folder


@pytest.fixture
def runner(finished: Path, tmp_path: Path) -> Runner:
    """A runner whose pip installs this checkout, without downloading: dependencies are those of the tests."""
    shutil.copytree(finished, tmp_path / "work")
    (tmp_path / "temp").mkdir()
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_IGNORE_INSTALLED": "1"}
    environment = {
        "PATH": f"{PROGRAMS}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "SEPPCHECK": str(ROOT),
        "PYTHONPATH": str(Path(pytest.__file__).parent.parent),
        **pip,
    }
    return Runner(tmp_path / "work", tmp_path / "temp", environment)


@pytest.mark.parametrize("name", GITHUB)
def test_a_finished_migration_is_green_on_github_and_everything_is_written(runner: Runner, name: str) -> None:
    code, log = runner.github(name, install=True)
    assert code == 0, log
    assert "::error" not in log
    assert "Still in order" in runner.summary
    assert all((runner.workspace / file).stat().st_size for file in WRITTEN)
    (kept,) = steps_that_use(name, "actions/upload-artifact")
    (sarif,) = steps_that_use(name, "github/codeql-action/upload-sarif")
    assert {*uploaded(kept), sarif["with"]["sarif_file"]} <= {*WRITTEN}
    assert (runner.temporary / "seppcheck" / "bin" / "seppcheck").exists()


def test_a_finished_migration_is_green_on_gitlab_and_everything_is_written(runner: Runner) -> None:
    code, log = runner.gitlab(install=True)
    assert code == 0, log
    artifacts = gitlab_job()["artifacts"]
    written = [*artifacts["paths"], artifacts["reports"]["junit"]]
    assert all((runner.workspace / file).stat().st_size for file in written)
    assert (runner.workspace / ".venv" / "bin" / "seppcheck").exists()


BREAKS = {
    "drift": ("gateway-record.toml", "use_builtin_mta = true", "use_builtin_mta = false", 1, "No longer in order"),
    "unseen": ("gateway-record.toml", "use_builtin_mta = true", "", 3, "Nobody can tell"),
    "configuration": ("seppcheck.toml", "[gateway]", "[gatewy]", 2, "Nothing was looked at"),
}


@pytest.mark.parametrize(("file", "before", "after", "code", "words"), BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_whatever_is_not_in_order_is_red_and_says_in_which_way(
    runner: Runner, ci: str, file: str, before: str, after: str, code: int, words: str
) -> None:
    runner.edit(file, before, after)
    ended, log = runner.github("github-drift.yml") if ci == "github" else runner.gitlab()
    assert ended == code, log
    assert words in log
    assert ("::error title=seppcheck::" in log) is (ci == "github")
    assert bool(runner.summary) is (ci == "github" and code != 2)


def test_a_bundle_that_did_not_come_is_never_green(runner: Runner) -> None:
    (runner.workspace / "evidence" / "smtp.json").unlink()
    code, log = runner.github("github-drift-with-bundle.yml")
    assert code == 2, log
    assert "smtp.json" in log

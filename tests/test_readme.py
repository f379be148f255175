"""The README says what is so: its commands run, its tables are those of the program.

Commands run one after another in the folder of a running lab, as they stand, by these rules:

* `example.org` and `secure.example.org` are the reader's; the lab's domain and gateway stand in for them.
* A command that names its gateway reads no configuration and asks the system's resolvers, who know no lab. It is told
  the lab's: `--config seppcheck.toml`, and for `init` the resolver and a file of its own.
* `pip install .` installs into a folder of the test's, without downloading anything.
* `make test` would start these tests again; that Makefile has such a target is what is looked at.
* Paths into the checkout (`tests/...`) are those of this checkout.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from seppcheck import cli, plugins
from seppcheck.model.outcomes import Severity
from seppcheck.model.phases import Phase
from seppcheck.settings import Settings
from tests.desk import ours
from tests.documents import ROOT, Document

README = Document(ROOT / "README.md")

EXIT_CODES = {
    "seppcheck cutover": 1,  # the lab is ready, and nothing of the night is done
    "seppcheck verification": 1,  # the lab's MX record has not moved yet
    "seppcheck lab half-migrated": 1,
    "seppcheck drift": 1,  # what fails when it is accepted still fails
    "seppcheck apply": 2,  # nobody is there to be asked
    "seppcheck rollback": 2,  # nothing was applied
}
"""Where the README's own words lead to expect another exit code than 0."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running lab."""
    folder = tmp_path_factory.mktemp("lab")
    with subprocess.Popen(
        [sys.executable, "-m", "seppcheck", "lab", "ready", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_for(folder / "seppcheck.toml")
            yield folder
        finally:
            process.terminate()


def wait_for(path: Path) -> None:
    """Wait until the lab has written its configuration and answers on its SMTP port."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if path.exists() and path.stat().st_size:
            port = tomllib.loads(path.read_text(encoding="utf-8"))["gateway"]["smtp_port"]
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
        time.sleep(0.05)
    pytest.fail("the lab did not start")


def in_the_lab(command: str, lab: Path, scratch: Path) -> list[str]:
    """Return a command of the README as it runs here, by the rules above."""
    words = [ours(word).replace("tests/", f"{ROOT}/tests/") for word in shlex.split(command)]
    if words[:2] == ["seppcheck", "init"]:
        dns = tomllib.loads((lab / "seppcheck.toml").read_text(encoding="utf-8"))["dns"]
        resolver = ["--resolver", dns["resolvers"][0], "--resolver-port", str(dns["port"])]
        return [*words, *resolver, "--config", str(scratch / "seppcheck.toml")]
    if "--gateway" in words:
        return [*words, "--config", "seppcheck.toml"]
    if words[:2] == ["pip", "install"]:
        offline = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(scratch / "site")]
        return [sys.executable, "-m", "pip", "install", *offline, str(ROOT)]
    if words == ["make", "test"]:
        return ["make", "--dry-run", "--directory", str(ROOT), "test"]
    return ["make", "--directory", str(ROOT), *words[1:]] if words[0] == "make" else words


def run(command: str, lab: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "PYTEST_ADDOPTS")
    }
    return subprocess.run(
        in_the_lab(command, lab, scratch),
        cwd=lab,
        env={**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def test_every_command_works_in_the_order_in_which_a_reader_meets_it(lab: Path, tmp_path: Path) -> None:
    (lab / "on-call.txt").write_text("Ada\n", encoding="utf-8")
    wrong = []
    for command in (step.words for step in README.commands):
        done = run(command, lab, tmp_path)
        expected = next((code for start, code in EXIT_CODES.items() if command.startswith(start)), 0)
        if done.returncode != expected:
            wrong.append(f"$ {command}\n{done.stdout}exit code {done.returncode}, expected {expected}")
    assert not wrong, "\n\n".join(wrong)


def test_the_files_that_the_readme_speaks_of_are_there() -> None:
    targets = [link.partition("#")[0] for link in README.links]
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_table_of_checks_is_that_of_the_program() -> None:
    letters = {Phase.READINESS: "R", Phase.CUTOVER: "C", Phase.VERIFICATION: "V"}
    checks = {
        check.id: [
            ", ".join(check.requirements) or ("advice" if check.severity is Severity.ADVICE else "-"),
            " ".join(letters[phase] for phase in check.phases if phase in letters),
            check.manual.title.template,
        ]
        for check in plugins.load(sources=False).checks.values()
    }
    assert {row[0].strip("`"): row[1:] for row in README.table("check")} == checks


def test_the_table_of_exit_codes_is_that_of_the_program() -> None:

    codes = {cli.PASSED, cli.FAILED, cli.USAGE, cli.INCONCLUSIVE, cli.BUG}
    assert {int(row[0]) for row in README.table("exit code")} == codes
    assert {int(row[0]) for row in README.table("exit code of `apply` and `rollback`")} == codes


def test_every_output_of_the_table_is_an_option() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seppcheck", "readiness", "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    options = [row[0].strip("`").split()[0] for row in README.table("option")]
    assert options
    assert [option for option in options if option not in done.stdout] == []


@pytest.mark.parametrize("content", README.blocks("toml"))
def test_the_example_configurations_are_accepted(tmp_path: Path, content: str) -> None:
    Settings.model_validate(tomllib.loads(content))
    config = tmp_path / "seppcheck.toml"
    config.write_text(content, encoding="utf-8")
    record = 'attested_by = "A. Admin"\nattested_at = 2026-11-20T09:30:00Z\n'
    (tmp_path / "gateway-record.toml").write_text(record, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "seppcheck", "config", "check", "--config", str(config)],
        env={**os.environ, **dict.fromkeys(re.findall(r"env:(\w+)", content), "invented")},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_the_example_plugin_is_the_one_that_is_tested() -> None:
    (content,) = README.blocks("python")
    assert content == (ROOT / "tests" / "plugins" / "folder" / "on_call.py").read_text(encoding="utf-8")

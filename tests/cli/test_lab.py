"""`seppcheck lab` as people and scripts call it."""

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SEPPCHECK = (sys.executable, "-m", "seppcheck")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}


def lab(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SEPPCHECK, "lab", *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@contextmanager
def started(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A lab in a process of its own; killed when the test forgets it.

    Tests started in the background of a shell inherit that SIGINT is ignored, and would hand it on.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [*SEPPCHECK, "lab", *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            signal.signal(signal.SIGINT, before)
            if process.poll() is None:
                process.kill()


def wait_for(file: Path) -> None:
    end = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < end, f"{file} did not appear"
        time.sleep(0.02)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize("code", [0, 1, 3, 42])
def test_the_exit_code_of_the_command_is_passed_on(tmp_path: Path, code: int) -> None:
    assert lab("--", *python(f"raise SystemExit({code})"), cwd=tmp_path).returncode == code


def test_the_command_runs_in_the_folder_beside_the_settings_and_has_standard_output_for_itself(tmp_path: Path) -> None:
    done = lab("broken", "--dir", "mine", "--", *python("import os; print(sorted(os.listdir()))"), cwd=tmp_path)
    assert {"lab-ca.pem", "seppcheck.toml"} < set(ast.literal_eval(done.stdout))
    assert 'scenario "broken"' in (tmp_path / "mine" / "seppcheck.toml").read_text(encoding="utf-8")


def test_options_behind_the_separator_belong_to_the_command(tmp_path: Path) -> None:
    done = lab("--", *python("import sys; print(sys.argv[1:])"), "--dir", "x", "--", "--help", cwd=tmp_path)
    assert done.stdout == "['--dir', 'x', '--', '--help']\n"
    assert (tmp_path / "seppcheck-lab" / "seppcheck.toml").is_file()


def test_seppcheck_as_the_command_is_this_installation(tmp_path: Path) -> None:
    done = lab("--", "seppcheck", "--version", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("seppcheck")


def test_a_command_that_is_not_there_is_an_error_of_one_sentence(tmp_path: Path) -> None:
    done = lab("--", "no-such-program-here", cwd=tmp_path)
    assert done.returncode == 2
    assert "no-such-program-here cannot be started" in done.stderr
    assert "127" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("raedy",), "ready, broken"),
        (("--",), "no command after"),
        (("ready", "more"), "more"),
        (("--dir", "taken"), "--dir"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_says_why(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("mine", encoding="utf-8")
    done = lab(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert not (tmp_path / "seppcheck-lab").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_until_it_is_told_to_end_and_says_how_to_use_it(tmp_path: Path, number: signal.Signals) -> None:
    with started(cwd=tmp_path) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(7)]
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert "cd seppcheck-lab && seppcheck readiness" in "".join(lines)
    assert process.returncode == 0
    assert errors == ""
    assert (tmp_path / "seppcheck-lab" / "seppcheck.toml").is_file()


def test_ctrl_c_is_the_commands_own_business(tmp_path: Path) -> None:
    code = "import pathlib, time; pathlib.Path('up').touch(); time.sleep(1); raise SystemExit(5)"
    with started("--", *python(code), cwd=tmp_path) as process:
        wait_for(tmp_path / "seppcheck-lab" / "up")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 5
    assert "Traceback" not in errors


def test_sigterm_ends_the_command_too(tmp_path: Path) -> None:
    code = "import os, time; open('draft', 'w').write(str(os.getpid())); os.rename('draft', 'up'); time.sleep(60)"
    with started("--", *python(code), cwd=tmp_path) as process:
        wait_for(tmp_path / "seppcheck-lab" / "up")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "seppcheck-lab" / "up").read_text(encoding="utf-8")), 0)


def test_two_labs_run_at_once_in_folders_of_their_own_and_never_in_one(tmp_path: Path) -> None:
    with started("--dir", "one", cwd=tmp_path) as first:
        assert first.stdout is not None
        first.stdout.readline()
        assert lab("--dir", "two", "--", *python("pass"), cwd=tmp_path).returncode == 0
        refused = lab("--dir", "one", "--", *python("pass"), cwd=tmp_path)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=30)
    assert refused.returncode == 2
    assert "seems to be running" in refused.stderr


def test_its_help_names_the_scenarios_and_imports_no_server(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "seppcheck", "lab", "--help"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "ready (" in done.stdout
    assert "broken (" in done.stdout
    assert "[SCENARIO] [-- COMMAND" in done.stdout
    assert not modules & {"dns", "cryptography", "asyncio", "ssl"}

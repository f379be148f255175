from __future__ import annotations

import os
import subprocess
import sys

import pytest

from seppcheck import cli
from tests.cli.conftest import Call


def test_no_command_at_all_is_a_mistake_and_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main([])
    told = capsys.readouterr()

    assert (code, told.out) == (2, "")
    assert "readiness, cutover, verification" in told.err
    assert "`seppcheck --help`" in told.err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["config"], "which command? There are: check, schema; `seppcheck config --help` tells what they do"),
        (["readines"], "there is no command readines; did you mean readiness?"),
        (["config", "chek"], "there is no command chek; did you mean check?"),
        (["xyz"], "there is no command xyz; there are: guide, readiness, cutover"),
        (["readiness", "--htm", "x"], "there is no option --htm; did you mean --html?"),
        (["readiness", "--nonsense"], "there is no option --nonsense; see `seppcheck readiness --help`"),
        (["--lang", "de"], "es gibt keine Option --lang; siehe `seppcheck --help`"),
        (["explain"], "CHECK is missing; see `seppcheck explain --help`"),
        (["collect", "--lang", "de"], "--out fehlt; siehe `seppcheck collect --help`"),
        (["readiness", "--lang", "fr"], "--lang must be one of en, de; see `seppcheck readiness --help`"),
        (["collect", "--out"], "--out"),
    ],
)
def test_what_is_refused_is_told_in_one_sentence(call: Call, argv: list[str], told: str) -> None:
    answer = call(*argv)

    assert (answer.code, answer.out) == (2, "")
    assert told.lower() in answer.err.lower()
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("seppcheck read", "readiness"),
        ("seppcheck readiness --on", "--only"),
        ("seppcheck explain dns-mx-", "dns-mx-ttl"),
    ],
)
def test_the_shell_completes(words: str, completed: str) -> None:
    environment = {
        **os.environ,
        "_SEPPCHECK_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    script = [sys.executable, "-c", "from seppcheck.cli import run; run()"]
    ended = subprocess.run(script, env=environment, capture_output=True, encoding="utf-8", check=True, timeout=60)

    assert ended.stdout.splitlines() == [f"plain,{completed}"]

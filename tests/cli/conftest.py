"""A lab that nobody changes, and a way to call the command line as a shell would."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seppcheck import cli
from seppcheck.lab.world import Lab, running


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running("ready", tmp_path_factory.mktemp("lab") / "ready") as lab:
        yield lab


@pytest.fixture
def folder(ready: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of the test's own with the lab's configuration and history in it."""
    shutil.copytree(ready.settings.parent, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*argv: str, **keywords: Any) -> Answer:
        code = cli.main(["--help"] if not argv else list(argv), **keywords)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let child processes feel SIGINT: tests started in the background of a shell inherit that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)

"""A reader's desk: a folder, a clock that goes on when somebody waits, and a lab once the page has started one.

Commands run one after another as they stand, by these rules:

* `seppcheck lab SCENARIO` starts that lab, which runs until the page ends or starts another.
* `cd` and `sleep` move the reader, and the clock; PORT is the lab's.
* `example.org` and `secure.example.org` are the reader's; the lab's domain and gateway stand in for them, and its
  resolver for the system's.
* What a page gives to type is typed at a terminal; then the input ends, as with Ctrl-C. `attest` gets Enter after
  Enter: keep what is shown.
* A block that is named gateway-record.toml is entered into the record, with the present time.
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
import tomllib
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import tomlkit

from seppcheck.cli import main
from seppcheck.lab import Lab, running
from tests.documents import Block, Command
from tests.lab.walking import Clock

DOMAIN, GATEWAY = "kunde.test", "secure.secmail365.test"
LAB = "seppcheck-lab"
RECORD = "gateway-record.toml"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Desk:
    """Carries out what a page says; `close` ends the lab."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.clock = Clock()
        self.lab: Lab | None = None
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self._open = ExitStack()
        self._monkeypatch.chdir(folder)

    def close(self) -> None:
        """End the lab."""
        self._open.close()

    def fault_of(self, step: Command | Block) -> str:
        """Do one step; return what went another way than the page says, "" when nothing did."""
        if isinstance(step, Block):
            self._write(step)
            return ""
        code, told = self._run(step)
        self.clock.wait(seconds=2)
        return "" if code == step.code else f"$ {step.words}\n{told}exit code {code}, the page says {step.code}"

    def _run(self, command: Command) -> tuple[int, str]:
        words = [ours(word) for word in shlex.split(command.words)]
        match words:
            case ["cd", folder]:
                self._monkeypatch.chdir(folder)
            case ["sleep", seconds]:
                self.clock.wait(seconds=float(seconds))
            case ["seppcheck", "lab", scenario]:
                self._start(scenario, LAB)
            case ["seppcheck", "lab", scenario, "--dir", folder]:
                self._start(scenario, folder)
            case ["nsupdate", *_]:
                return self._update(words, command.typed)
            case ["seppcheck", *arguments] if "lab" not in arguments[:1]:
                return self._seppcheck(arguments, command.typed)
            case _:
                return _elsewhere(words)
        return 0, ""

    def _start(self, scenario: str, folder: str) -> None:
        self._open.close()
        self.lab = self._open.enter_context(running(scenario, Path.cwd() / folder, clock=self.clock))

    def _update(self, words: list[str], typed: tuple[str, ...]) -> tuple[int, str]:
        """Send a dynamic update to the lab's port, with the key that the shell would put in."""
        update = tomllib.loads(Path("seppcheck.toml").read_text(encoding="utf-8"))["dns"]["update"][0]
        key = Path("secrets/tsig.key").read_text(encoding="utf-8").strip()
        lines = "".join(f"{line}\n" for line in typed).replace("PORT", str(update["port"]))
        return _elsewhere([word.replace("$(cat secrets/tsig.key)", key) for word in words], lines)

    def _seppcheck(self, arguments: list[str], typed: tuple[str, ...]) -> tuple[int, str]:
        arguments, output = _redirected(arguments)
        lines = [*typed, *[""] * 100] if arguments[0] == "attest" else list(typed)
        terminal = _Terminal("".join(f"{line}\n" for line in lines)) if lines else io.StringIO()
        self._monkeypatch.setattr("sys.stdin", terminal)
        self._capsys.readouterr()
        code = main(self._completed(arguments), clock=self.clock, wait=self._wait)
        printed = self._capsys.readouterr()
        if output:
            Path(output).write_text(printed.out, encoding="utf-8")
        return code, printed.out + printed.err

    def _wait(self, seconds: float) -> None:
        """Let time pass while a watch waits: five minutes at least, for a reader's patience is not what is tried."""
        self.clock.wait(seconds=max(seconds, 300))

    def _completed(self, arguments: list[str]) -> list[str]:
        """Add what a lab's reader would have to say although others need not: the resolver, the language."""
        given = arguments if "--lang" in arguments or arguments[0] == "config" else [*arguments, "--lang", "en"]
        if arguments[0] != "init" or self.lab is None:
            return given
        dns = tomllib.loads(self.lab.settings.read_text(encoding="utf-8"))["dns"]
        return [*given, "--resolver", dns["resolvers"][0], "--resolver-port", str(dns["port"])]

    def _write(self, block: Block) -> None:
        path = Path(block.file)
        if path.name == RECORD:
            self.clock.wait(seconds=1)
            _enter(path, block.text, self.clock)
            assert self.lab, "the record is edited before there is a lab"
            self.lab.catch_up()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8", newline="\n")


def ours(word: str) -> str:
    """Return a word of a command with the lab's names in place of the reader's."""
    return word.replace("secure.example.org", GATEWAY).replace("example.org", DOMAIN)


def _redirected(words: list[str]) -> tuple[list[str], str]:
    if ">" not in words:
        return words, ""
    place = words.index(">")
    return words[:place], words[place + 1]


def _enter(path: Path, fragment: str, clock: Clock) -> None:
    record = tomlkit.parse(path.read_text(encoding="utf-8"))
    _merge(record, tomlkit.parse(fragment))
    record["attested_at"] = (clock() - timedelta(microseconds=clock().microsecond)).replace(microsecond=0)
    path.write_text(tomlkit.dumps(record), encoding="utf-8", newline="\n")


def _merge(table: tomlkit.TOMLDocument, entries: tomlkit.TOMLDocument) -> None:
    for key, value in entries.items():
        if isinstance(value, dict) and isinstance(table.get(key), dict):
            _merge(table[key], value)  # type: ignore[arg-type]  # a table behaves as the document does
        else:
            table[key] = value


def _elsewhere(words: list[str], typed: str = "") -> tuple[int, str]:
    """Run another program, or a lab around one command."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout

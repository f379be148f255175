"""A new user walks the lab from parallel to inline operation and does nothing but what `guide --next` names.

`Follower` is that user: it runs the command that is named, enters the values that are named under the keys that are
named, and lets the time pass that is named. It knows one thing by itself: where the certificates lie.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from seppcheck.cli import main
from seppcheck.record.keys import parsed
from tests.lab.walking import Walk, walking

CERTIFICATE = "certs/kunde.test.pem"
"""What a person finds on the gateway's menu: the lab has one certificate for both domains."""
ENOUGH = 60
"""More steps than any migration of the lab has."""

Next = Mapping[str, Any]


@dataclass
class Follower:
    """Does what it is told, and keeps what it was told."""

    walk: Walk
    capsys: pytest.CaptureFixture[str]
    told: list[Next] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    document: Mapping[str, Any] = field(default_factory=dict)

    def run(self, *arguments: str) -> tuple[int, str]:
        self.walk.clock.wait(seconds=2)
        code = main([*arguments, "--lang", "en"], clock=self.walk.clock)
        printed = self.capsys.readouterr()
        return code, printed.out + printed.err

    def ask(self) -> Next:
        """Ask for the next thing; what is printed has to name the same as the document."""
        code, printed = self.run("guide", "--next", "--no-progress", "--json", "next.out")
        assert code == 0, printed
        self.document = json.loads(Path("next.out").read_text(encoding="utf-8"))
        step: Next = self.document["next"]
        flat = " ".join(printed.split())
        assert " ".join(step["title"].split()) in flat
        if step["command"]:
            assert shlex.join(step["command"]) in flat
        for instruction in step["steps"]:
            assert " ".join(instruction["text"].split()) in flat
        for entry in step["record"]:
            assert entry["key"] in flat
        if step["until"]:
            until = datetime.fromisoformat(step["until"]) + timedelta(seconds=59)  # told in whole minutes, never early
            assert f"Wait until {until:%Y-%m-%d %H:%M} UTC" in flat
        return step

    def follow(self) -> None:
        """Do one thing after the other until nothing is left."""
        for _ in range(ENOUGH):
            step = self.ask()
            if not self.phases or self.phases[-1] != self.document["phase"]:
                self.phases.append(self.document["phase"])
            assert not self.told or step != self.told[-1], f"named twice in a row, without effect: {step}"
            self.told.append(step)
            if step["kind"] == "finished":
                return
            self.do(step)
        pytest.fail(f"still not finished: {[each['title'] for each in self.told]}")

    def do(self, step: Next) -> None:
        match step["kind"]:
            case "wait":
                self.walk.clock.now = datetime.fromisoformat(step["until"]) + timedelta(seconds=1)
            case "by-hand":
                assert step["record"], f"nothing says what to do: {step}"
                self.enter({entry["key"]: entry["value"] for entry in step["record"]})
            case "command":
                self.command(step["command"])

    def command(self, words: list[str]) -> None:
        assert words[0] == "seppcheck"
        match words[1:]:
            case ["apply", plan, *options]:
                stated = json.loads(Path(plan).read_text(encoding="utf-8"))["fingerprint"]
                code, printed = self.run("apply", plan, "--yes", stated, *options)
                assert code in (0, 3), printed
            case ["plan", *options]:
                code, printed = self.run("plan", *options, "--no-progress")
                assert code in (0, 3), printed
            case ["readiness", *options]:
                self.run("readiness", *options, "--no-progress", "--quiet")
            case _:
                pytest.fail(f"nobody knows this command: {words}")

    def enter(self, entries: Mapping[str, Any]) -> None:
        """Click on the gateway, and write down what its menus show."""
        self.walk.clock.wait(seconds=2)
        record = self.walk.lab.record
        document = tomlkit.parse(record.read_text(encoding="utf-8"))
        for key, value in entries.items():
            path = parsed(key)
            assert path, key
            table: Any = document
            for part in path[:-1]:
                table = table.setdefault(part, {})
            assert value is not None or path[-1] == "certificate", f"what is entered at {key}?"
            table[path[-1]] = CERTIFICATE if value is None else value
        document["attested_at"] = self.walk.clock().replace(microsecond=0)
        record.write_text(tomlkit.dumps(document), encoding="utf-8", newline="\n")
        self.walk.lab.catch_up()

    @property
    def states(self) -> Mapping[str, str]:
        return {step["number"]: step["state"] for step in self.document["steps"] if step["number"]}


@pytest.fixture
def follower(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Follower]:
    with walking(request.param, tmp_path) as walk:
        monkeypatch.chdir(walk.lab.folder)
        yield Follower(walk, capsys)


@pytest.mark.parametrize("follower", ["parallel"], indirect=True)
def test_who_follows_it_from_parallel_operation_ends_inline_and_leaves_nothing_out(follower: Follower) -> None:
    follower.follow()
    assert follower.phases == ["preparation", "lead-time", "ready", "cutover", "completion", "finished"]
    assert {number: state for number, state in follower.states.items() if state not in ("done", "not-needed")} == {
        "T1": "noted"
    }
    assert follower.walk.audit("verification")[0::2] == (0, set())


@pytest.mark.parametrize("follower", ["ready", "cutover", "half-migrated", "forgotten-hold"], indirect=True)
def test_who_begins_anywhere_ends_finished_too(follower: Follower) -> None:
    follower.follow()
    assert follower.phases[-1] == "finished"
    assert set(follower.states.values()) <= {"done", "not-needed", "noted"}

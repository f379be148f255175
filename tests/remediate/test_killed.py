"""`apply` and `rollback` of a real process, killed amid the lab's servers: a clean end is reached from its journal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.test_night import SMARTHOSTS_AGAIN, tenant_of, zones_of
from tests.lab.walking import HOLD_OFF, HOLD_ON, Walk, walking

KILLED_PROCESS = Path(__file__).with_name("killed_process.py")
KILLED = -9


@dataclass
class Night:
    """A lab that is held already, and the plan of its night."""

    walk: Walk
    plan: Path

    def run(self, moment: int, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, str(KILLED_PROCESS), str(moment), *arguments, "--config", str(self.walk.lab.settings)],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return done.returncode, done.stderr

    @property
    def fingerprint(self) -> str:
        return str(json.loads(self.plan.read_text(encoding="utf-8"))["fingerprint"])

    def apply(self, moment: int = 0) -> tuple[int, str]:
        begun = ["--resume"] if Path(f"{self.plan}.journal.jsonl").exists() else []
        return self.run(moment, "apply", str(self.plan), *begun, "--yes", self.fingerprint)

    def rollback(self, moment: int = 0) -> tuple[int, str]:
        journal = f"{self.plan}.journal.jsonl"
        return self.run(moment, "rollback", journal, "--yes", self.fingerprint)

    def to_the_end(self, step: str) -> None:
        for _ in range(4):
            code, told = getattr(self, step)()
            if code == 0:
                return
            assert code == 3, told
            if step == "rollback":
                self.walk.edit(*SMARTHOSTS_AGAIN, *HOLD_OFF)
            time.sleep(7)
        raise AssertionError(told)


def begun(walk: Walk) -> Night:
    plan = walk.lab.folder / "cutover.json"
    night = Night(walk, plan)
    code, told = night.run(0, "plan", "cutover", "--no-progress", "--out", str(plan))
    assert code == 0, told
    walk.edit(*HOLD_ON)
    return night


def moments(told: str) -> int:
    found = re.search(r"moments: (\d+)", told)
    assert found, told
    return int(found[1])


@pytest.mark.parametrize(("moment", "after"), [(60, "apply"), (90, "rollback"), (130, "apply"), (150, "rollback")])
def test_a_killed_apply_goes_on_or_is_taken_back(moment: int, after: str, tmp_path: Path) -> None:
    with walking("ready", tmp_path) as walk:
        tenant, zones = tenant_of(walk), zones_of(walk)
        night = begun(walk)
        code, told = night.apply(moment)
        assert code == KILLED, told
        night.to_the_end(after)
        if after == "rollback":
            assert tenant_of(walk) == tenant
            assert zones_of(walk) == zones
        else:
            assert walk.audit("cutover")[:3] == (0, "Done: switch the hold off", set())


def test_a_killed_rollback_goes_on(tmp_path: Path) -> None:
    with walking("ready", tmp_path) as walk:
        tenant, zones = tenant_of(walk), zones_of(walk)
        night = begun(walk)
        night.to_the_end("apply")
        code, told = night.rollback(40)
        assert code == KILLED, told
        night.to_the_end("rollback")
        assert tenant_of(walk) == tenant
        assert zones_of(walk) == zones


def test_there_are_as_many_moments_as_the_test_above_strikes(tmp_path: Path) -> None:
    with walking("ready", tmp_path) as walk:
        code, told = begun(walk).apply()
        assert code == 3, told
        assert moments(told) > 150

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seppcheck.lab.world import Lab, running

Dig = Callable[..., str]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab that nobody changes."""
    with running("ready", tmp_path_factory.mktemp("lab") / "ready") as ready:
        yield ready


@pytest.fixture
def own_lab(tmp_path: Path) -> Iterator[Lab]:
    """A lab that the test may change."""
    with running("ready", tmp_path / "lab") as ready:
        yield ready


def dig(lab: Lab, *arguments: str, server: str = "ns1.lab.test") -> str:
    address = lab.name_servers[server][0]
    command = ["dig", f"@{address}", "-p", str(lab.dns_port), "+time=5", "+tries=1", *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=30)
    assert "timed out" not in done.stdout
    return done.stdout


@pytest.fixture(name="dig")
def dig_fixture() -> Dig:
    return dig

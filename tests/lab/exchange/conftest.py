from collections.abc import Iterator
from pathlib import Path

import pytest

from seppcheck.lab import running
from tests.peers.https_client import Exchange


@pytest.fixture
def parallel(tmp_path: Path) -> Iterator[Exchange]:
    """The tenant as the vendor's module leaves it."""
    with running("parallel", tmp_path / "lab") as lab:
        yield Exchange(lab)


@pytest.fixture
def inline(tmp_path: Path) -> Iterator[Exchange]:
    """The tenant after the migration."""
    with running("inline", tmp_path / "lab") as lab:
        yield Exchange(lab)

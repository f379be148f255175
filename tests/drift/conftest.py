"""One finished lab for every test of this folder; each puts back what it changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seppcheck.lab import running
from tests.drift.finished_lab import Finished


@pytest.fixture(scope="session")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    with running("inline", tmp_path_factory.mktemp("lab") / "inline") as lab:
        finished = Finished(lab)
        assert finished.command("baseline", "accept", "--quiet") == 0
        yield finished


@pytest.fixture
def finished(accepted: Finished) -> Iterator[Finished]:
    """The lab as it was accepted."""
    with accepted.put_back():
        yield accepted

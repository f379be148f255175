"""Fixtures that any test may use; the servers behind them live in tests/peers."""

from __future__ import annotations

import pytest

from tests.peers.pki import Pki


@pytest.fixture(scope="session")
def pki() -> Pki:
    """A root and an intermediate CA to issue certificates from."""
    return Pki()

"""Fixtures that any test may use; the servers behind them live in tests/peers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers import gateway_postfix
from tests.peers.dns_world import DnsWorld, dns_world
from tests.peers.hosted_world import HostedWorld, hosted_world
from tests.peers.pki import Pki
from tests.peers.postfix import Postfix
from tests.peers.update_world import UpdateWorld, update_world


@pytest.fixture(scope="session")
def pki() -> Pki:
    """A root and an intermediate CA to issue certificates from."""
    return Pki()


@pytest.fixture(scope="session")
def dns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DnsWorld]:
    """Real name servers and a resolver on loopback."""
    with dns_world(tmp_path_factory.mktemp("dns")) as world:
        yield world


@pytest.fixture(scope="session")
def updates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UpdateWorld]:
    """Real name servers that take signed updates."""
    with update_world(tmp_path_factory.mktemp("updates")) as world:
        yield world


@pytest.fixture(scope="session")
def powerdns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedWorld]:
    """A real PowerDNS that octoDNS writes to."""
    with hosted_world(tmp_path_factory.mktemp("powerdns")) as world:
        yield world


@pytest.fixture(scope="session")
def postfix(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postfix]:
    """One Postfix with a port for each way a gateway may answer; see `gateway_postfix`."""
    with gateway_postfix.running(pki, tmp_path_factory.mktemp("postfix")) as instance:
        yield instance

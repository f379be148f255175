"""The lab itself: servers on loopback in a thread of their own, around a folder that is ready to use."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from seppcheck.clock import Clock, utc_now
from seppcheck.errors import UserError
from seppcheck.lab import folder as lab_folder
from seppcheck.lab import loopback
from seppcheck.lab.mailserver import MailServer
from seppcheck.lab.nameserver import NameServer
from seppcheck.lab.past import recorded
from seppcheck.lab.pki import Authority
from seppcheck.lab.scenarios import NAME_SERVERS, Presented, Scenario, named
from seppcheck.lab.settings_text import settings_text
from seppcheck.lab.zones import Names, NameServers, build
from seppcheck.model.text import Message, text

Peer = AbstractAsyncContextManager[Any]
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Lab:
    """A running lab. What is in `names` and `gateway` may be changed from any thread while it runs."""

    scenario: Scenario
    folder: Path
    name_servers: NameServers
    dns_port: int
    smtp_addresses: tuple[str, ...]
    smtp_port: int
    names: Names
    gateway: MailServer
    authority: Authority

    @property
    def settings(self) -> Path:
        """The seppcheck.toml of this lab."""
        return self.folder / lab_folder.SETTINGS

    @property
    def introduction(self) -> tuple[Message, ...]:
        """What runs where, and how to use it, line by line."""
        scenario, servers = self.scenario, tuple(a for own in self.name_servers.values() for a in own)
        return (
            text("The lab is running, scenario {name}: {summary}.", name=scenario.name, summary=scenario.summary),
            text("Name servers: {addresses}, port {port}", addresses=servers, port=self.dns_port),
            text(
                "Gateway {name}: {addresses}, port {port}",
                name=scenario.gateway,
                addresses=self.smtp_addresses,
                port=self.smtp_port,
            ),
            text("In another terminal: cd {folder} && seppcheck readiness", folder=self.folder),
            text("Ctrl-C ends it; the folder stays."),
        )

    def present(self, presented: Presented) -> None:
        """Let the gateway present another certificate from the next connection on."""
        self.gateway.context = self.authority.context(presented)


@contextmanager
def running(
    scenario: Scenario | str = "ready", folder: Path = Path("seppcheck-lab"), *, clock: Clock = utc_now
) -> Iterator[Lab]:
    """Run a lab in `folder` until the block ends; the folder stays.

    Args:
        scenario: the name of one of `scenarios.SCENARIOS`, or one of the caller's own.
        folder: made when it is not there; must be empty or of an earlier lab.
        clock: certificates, serial numbers and the recorded past are as of its time.

    Raises:
        UserError: for an unknown scenario, a folder that is not the lab's, no free port on loopback.
    """
    scenario = named(scenario) if isinstance(scenario, str) else scenario
    lab_folder.take(folder)
    with ExitStack() as stack:
        stack.callback(lab_folder.release, folder)
        lab, peers = _make(scenario, folder, clock(), stack)
        stack.enter_context(_served(peers))
        yield lab


def _make(scenario: Scenario, folder: Path, now: datetime, stack: ExitStack) -> tuple[Lab, Sequence[Peer]]:
    name_servers = _name_servers()
    addresses = tuple(dict.fromkeys(address for own in name_servers.values() for address in own))
    mail_addresses = tuple(a for a in (loopback.IPV4, loopback.IPV6) if loopback.usable(a))
    dns_sockets = _bound(addresses, stack, udp=True)
    smtp_sockets = _bound(mail_addresses, stack)
    names = _names(scenario, name_servers, int(now.timestamp()))
    if loopback.IPV6 not in mail_addresses:
        names.remove(scenario.gateway, "AAAA")
    authority = Authority(now)
    gateway = MailServer(scenario.gateway, scenario.banner, authority.context(scenario.presented), smtp_sockets.tcp)
    lab_folder.write(
        folder,
        port=dns_sockets.port,
        settings=settings_text(
            scenario, resolvers=addresses[:1], dns_port=dns_sockets.port, smtp_port=smtp_sockets.port
        ),
        root=authority.root_pem,
        history=recorded(scenario, names.servers[NAME_SERVERS[0]], name_servers, now),
    )
    lab = Lab(
        scenario=scenario,
        folder=folder,
        name_servers=name_servers,
        dns_port=dns_sockets.port,
        smtp_addresses=mail_addresses,
        smtp_port=smtp_sockets.port,
        names=names,
        gateway=gateway,
        authority=authority,
    )
    return lab, (*_serving(names, name_servers, dns_sockets), gateway)  # the REST API and Exchange Online join here


def _name_servers() -> NameServers:
    addresses = loopback.name_server_addresses()
    return {server: (address,) for server, address in zip(NAME_SERVERS, (*addresses, *addresses), strict=False)}


def _names(scenario: Scenario, servers: NameServers, serial: int) -> Names:
    """Build each server's zones; two names of one address are one server, which serves the second's."""
    first = build(scenario.zones, servers, serial)
    second = build(scenario.zones, servers, serial, scenario.second_server)
    shared = len({tuple(addresses) for addresses in servers.values()}) == 1
    return Names(dict(zip(servers, (second if shared else first, second), strict=True)))


def _bound(addresses: Sequence[str], stack: ExitStack, *, udp: bool = False) -> loopback.Bound:
    try:
        bound = loopback.bind(addresses, udp=udp)
    except OSError as error:
        raise UserError(
            "the lab finds no free port on the loopback addresses {addresses}: {error}",
            addresses=tuple(addresses),
            error=error,
        ) from error
    stack.callback(bound.close)
    return bound


def _serving(names: Names, servers: NameServers, bound: loopback.Bound) -> Sequence[Peer]:
    zones = {address: names.servers[server] for server, addresses in servers.items() for address in addresses}
    return [NameServer(zones[udp.getsockname()[0]], udp, tcp) for udp, tcp in zip(bound.udp, bound.tcp, strict=True)]


@contextmanager
def _served(peers: Sequence[Peer]) -> Iterator[None]:
    """Run the peers in a thread with an event loop of its own.

    The selector loop everywhere: on Windows the other one stops reading a UDP socket after a client
    closed its port too early.
    """
    started: Future[Callable[[], object]] = Future()

    def serve() -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_serve(peers, started))

    thread = threading.Thread(target=serve, name="seppcheck lab", daemon=True)
    thread.start()
    stop = started.result(_START_SECONDS)
    try:
        yield
    finally:
        stop()
        thread.join()


async def _serve(peers: Sequence[Peer], started: Future[Callable[[], object]]) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        async with AsyncExitStack() as stack:
            for peer in peers:
                await stack.enter_async_context(peer)
            started.set_result(lambda: loop.call_soon_threadsafe(ended.set))
            await ended.wait()
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)  # the thread that waits tells it

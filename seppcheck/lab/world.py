"""The lab itself: servers on loopback in a thread of their own, around a folder that is ready to use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from seppcheck.clock import Clock, utc_now
from seppcheck.errors import UserError
from seppcheck.lab import dkim, loopback
from seppcheck.lab import files as lab_files
from seppcheck.lab import folder as lab_folder
from seppcheck.lab.arrivals import Arrivals, Occasion
from seppcheck.lab.exchange.service import ExchangeOnline
from seppcheck.lab.gateway_api import GatewayApi
from seppcheck.lab.mail_route import route
from seppcheck.lab.mailserver import MailServer
from seppcheck.lab.nameserver import NameServer
from seppcheck.lab.past import recorded
from seppcheck.lab.pki import Authority
from seppcheck.lab.record_follower import RecordFollower
from seppcheck.lab.services import CLIENT_ID, Services, services, web_server
from seppcheck.lab.serving import Peer, served
from seppcheck.lab.settings_text import Ports, settings_text
from seppcheck.lab.signatures import invented_key
from seppcheck.lab.updates import Updates
from seppcheck.lab.webserver import Handler
from seppcheck.lab.zones import Names, NameServers, build
from seppcheck.model.text import Message, text
from seppcheck.scenarios import named
from seppcheck.scenarios.appliances import KUNDE
from seppcheck.scenarios.shape import NAME_SERVERS, Presented, Scenario


@dataclass(frozen=True, slots=True)
class Lab:
    """A running lab.

    What is in `names`, `updates`, `gateway`, `api` and `exchange` may be changed from any thread while it runs.
    """

    scenario: Scenario
    folder: Path
    name_servers: NameServers
    smtp_addresses: tuple[str, ...]
    ports: Ports
    names: Names
    updates: Updates
    gateway: MailServer
    authority: Authority
    api: GatewayApi | None
    exchange: ExchangeOnline | None
    arrivals: Arrivals | None = None

    @property
    def dns_port(self) -> int:
        """The name servers' port."""
        return self.ports.dns

    @property
    def smtp_port(self) -> int:
        """The gateway's SMTP port."""
        return self.ports.smtp

    @property
    def settings(self) -> Path:
        """The seppcheck.toml of this lab."""
        return self.folder / lab_folder.SETTINGS

    @property
    def record(self) -> Path:
        """The gateway-record.toml, which the gateway follows."""
        return self.folder / lab_folder.RECORD

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
            *self._web_services,
            text("In another terminal: cd {folder} && seppcheck readiness", folder=self.folder),
            text("Ctrl-C ends it; the folder stays."),
        )

    @property
    def _web_services(self) -> tuple[Message, ...]:
        lines = []
        if self.ports.api:
            lines.append(text("Its REST API: https://127.0.0.1:{port}", port=self.ports.api))
        if self.ports.exchange:
            lines.append(text("Exchange Online: https://127.0.0.1:{port}", port=self.ports.exchange))
        return tuple(lines)

    def present(self, presented: Presented) -> None:
        """Let the gateway present another certificate from the next connection on."""
        self.gateway.context = self.authority.context(presented)

    def catch_up(self) -> None:
        """Let the gateway follow its record, and let mails arrive, now and not at the lab's next look."""
        if self.arrivals:
            self.arrivals.catch_up()


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
        lab, peers = _make(scenario, folder, clock, stack)
        stack.enter_context(served(peers))
        yield lab


def _make(scenario: Scenario, folder: Path, clock: Clock, stack: ExitStack) -> tuple[Lab, Sequence[Peer]]:
    name_servers, now = _name_servers(), clock()
    addresses = tuple(dict.fromkeys(address for own in name_servers.values() for address in own))
    mail_addresses = tuple(a for a in (loopback.IPV4, loopback.IPV6) if loopback.usable(a))
    web = services(scenario, clock)
    dns_sockets, smtp_sockets = _bound(addresses, stack, udp=True), _bound(mail_addresses, stack)
    authority = Authority(now)
    api = _serve_web(web.api, authority, stack)
    exchange = _serve_web(web.exchange, authority, stack)
    names = _names(scenario, name_servers, int(now.timestamp()), web.keys, with_ipv6=loopback.IPV6 in mail_addresses)
    lab = Lab(
        scenario=scenario,
        folder=folder,
        name_servers=name_servers,
        smtp_addresses=mail_addresses,
        ports=Ports(dns_sockets.port, smtp_sockets.port, _port(api), _port(exchange)),
        names=names,
        updates=Updates(names, invented_key()),
        gateway=MailServer(scenario.gateway, scenario.banner, authority.context(scenario.presented), smtp_sockets.tcp),
        authority=authority,
        api=web.api,
        exchange=web.exchange,
    )
    files = _files(lab, web, addresses[:1], now)
    lab_folder.write(folder, port=dns_sockets.port, files=files)
    lab = replace(lab, arrivals=_following(lab, files, clock))
    servers = (*_serving(lab, dns_sockets), lab.gateway, *(each.server for each in (api, exchange) if each))
    return lab, (*servers, lab.arrivals) if lab.arrivals else servers


def _following(lab: Lab, files: Mapping[str, str], clock: Clock) -> Arrivals | None:
    """Let the gateway follow its record from now on; return what lets mails arrive, where mail has a way at all."""
    api, exchange, zones = lab.api, lab.exchange, lab.names.servers[NAME_SERVERS[0]]
    if api is None:
        return None
    follower = RecordFollower(lab.record, files[lab_folder.RECORD], api, lab.gateway)
    api.catch_up = lab.gateway.catch_up = follower.catch_up
    lab.gateway.held = lambda: api.appliance.held
    if exchange is None or KUNDE not in lab.scenario.domains:
        return None

    def look() -> Occasion:
        follower.catch_up()
        return route(KUNDE, api.appliance, zones, exchange.tenant), follower.content

    samples = {Path(name).name: mail for name, mail in files.items() if Path(name).parent.name == lab_folder.SAMPLES}
    arriving = lab.folder / lab_folder.SAMPLES
    arriving.mkdir(exist_ok=True)  # where nothing has arrived yet, mail will
    return Arrivals(arriving, samples, look, clock)


@dataclass(frozen=True, slots=True)
class _Listening:
    server: Peer
    port: int


def _serve_web(service: Handler | None, authority: Authority, stack: ExitStack) -> _Listening | None:
    if service is None:
        return None
    sockets = _bound((loopback.IPV4,), stack)
    return _Listening(web_server(service, authority, sockets), sockets.port)


def _port(listening: _Listening | None) -> int | None:
    return listening.port if listening else None


def _files(lab: Lab, web: Services, resolvers: Sequence[str], now: datetime) -> dict[str, str]:
    scenario, zones = lab.scenario, lab.names.servers[NAME_SERVERS[0]]
    settings = settings_text(scenario, resolvers=resolvers, ports=lab.ports, client_id=CLIENT_ID)
    past = recorded(scenario, zones, lab.name_servers, now)
    return {
        lab_folder.SETTINGS: settings,
        lab_folder.ROOT: lab.authority.root_pem,
        **{f"{lab_folder.HISTORY.as_posix()}/{name}": content for name, content in past.items()},
        **lab_files.appliance_files(scenario, lab.authority, web.keys, now),
        **lab_files.secret_files(lab.updates, web.api, web.app),
        **lab_files.sample_files(scenario, now),
    }


def _name_servers() -> NameServers:
    addresses = loopback.name_server_addresses()
    return {server: (address,) for server, address in zip(NAME_SERVERS, (*addresses, *addresses), strict=False)}


def _names(
    scenario: Scenario, servers: NameServers, serial: int, keys: Mapping[str, dkim.Key], *, with_ipv6: bool
) -> Names:
    """Build each server's zones; two names of one address are one server, which serves the second's."""
    first = build(scenario.zones, servers, serial)
    second = build(scenario.zones, servers, serial, scenario.second_server)
    shared = len({tuple(addresses) for addresses in servers.values()}) == 1
    names = Names(dict(zip(servers, (second if shared else first, second), strict=True)))
    for domain, key in keys.items():
        names.replace(f"{dkim.SELECTOR}._domainkey.{domain}", "TXT", key.txt)
    if not with_ipv6:
        names.remove(scenario.gateway, "AAAA")
    return names


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


def _serving(lab: Lab, bound: loopback.Bound) -> Sequence[Peer]:
    zones = {a: lab.names.servers[server] for server, addresses in lab.name_servers.items() for a in addresses}
    pairs = zip(bound.udp, bound.tcp, strict=True)
    return [NameServer(zones[udp.getsockname()[0]], lab.updates, udp, tcp) for udp, tcp in pairs]

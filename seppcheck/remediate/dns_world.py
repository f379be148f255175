"""DNS as a world that is written to: RRsets read and changed where they are kept, proven at every server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from seppcheck.clients.dns import DnsClient, NameServer, NoZone, dns_client
from seppcheck.clients.dns_update import UpdateServer
from seppcheck.clients.dns_writing import DnsWriteFault, shown
from seppcheck.clients.octodns_config import Configuration
from seppcheck.clients.octodns_zones import HostedZones
from seppcheck.errors import UserError
from seppcheck.model.changes import DnsImage
from seppcheck.model.dns import DnsAnswer, ServerAnswer, host_name
from seppcheck.model.history import SeenServer
from seppcheck.model.text import Message, text
from seppcheck.planning.dns_images import changes_ttl_alone, equal
from seppcheck.remediate.dns_writers import DnsWriter, writer_for
from seppcheck.remediate.worlds import WorldFault, Writable
from seppcheck.settings import Settings

__all__ = ["DnsWorld", "DnsWriter", "everywhere", "writer_for"]

T = TypeVar("T")
_Client = UpdateServer | HostedZones


class DnsWorld:
    """The zones of `[[dns.update]]` and `[octodns]`; each client is made when it is first needed."""

    def __init__(self, settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._environ = environ
        self._clients: dict[DnsWriter, _Client] = {}

    def prepare(self, names: Iterable[str]) -> None:
        """See to it that these names can be written, as far as that can be known without asking anybody.

        Raises:
            UserError: when nobody is responsible for one, a secret is missing or none, or octoDNS is not installed.
        """
        for name in names:
            self._client(name)

    def read(self, image: Writable) -> DnsImage | None:
        """Return the RRset of an image's name and type where it is kept: at the update server, or the provider.

        Raises:
            WorldFault: when it could not be looked at, or nobody is responsible for it.
        """
        place = _rrset(image)
        return self._done(lambda: self._client(place.name).read(host_name(place.name), place.type))

    def write(self, before: Writable | None, after: Writable | None) -> None:
        """Bring one RRset from one state, as it was just read, to another.

        Raises:
            WorldFault: when it was refused or changed in between, or it is unclear whether it took effect.
        """
        one, other = (None if image is None else _rrset(image) for image in (before, after))
        if (place := other or one) is not None:
            self._done(lambda: self._client(place.name).write(one, other))

    def unproven(self, before: Writable | None, after: Writable | None) -> Message | None:
        """Return None when every authoritative server shows the state after, else which ones do not.

        Raises:
            WorldFault: when the servers of the name's zone could not be found out.
        """
        one, other = (None if image is None else _rrset(image) for image in (before, after))
        return everywhere(self._settings, one, other)

    def _client(self, name: str) -> _Client:
        writer = writer_for(self._settings, name)
        if writer is None:
            raise UserError(
                "this program cannot write the zone of {name}: name its server in [[dns.update]], or its provider in "
                "[octodns]",
                name=name,
            )
        if writer not in self._clients:
            self._clients[writer] = self._made(writer)
        return self._clients[writer]

    def _made(self, writer: DnsWriter) -> _Client:
        if isinstance(writer.via, Configuration):
            return HostedZones(writer.via)
        return UpdateServer(writer.via, self._settings, self._environ)

    def _done(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except DnsWriteFault as fault:
            raise WorldFault(fault.detail, unclear=fault.unclear) from None
        except UserError as error:
            raise WorldFault(error.message) from None


def _rrset(image: Writable) -> DnsImage:
    if not isinstance(image, DnsImage):
        raise TypeError(image)
    return image


def everywhere(settings: Settings, before: DnsImage | None, after: DnsImage | None) -> Message | None:
    """Return None when every authoritative server of the name's zone shows a state, else which ones do not.

    Every address of every server is asked anew, of the zone's own list and of its parent's.

    Args:
        settings: say how DNS is asked.
        before: the RRset that was there; where `after` is None, its name and type must be gone.
        after: the RRset; None = that there is none. Its TTL counts where it alone changes.

    Raises:
        WorldFault: when the servers of the zone could not be found out.
    """
    place = after or before
    if place is None:
        return None
    servers = asyncio.run(_asked(settings, place))
    missing = tuple(_missing(servers, place, after, with_ttl=changes_ttl_alone(before, after)))
    if missing:
        return text("{type} of {name}: {servers}", type=place.type, name=place.name, servers=missing)
    if any(each.answer.status.looked for each in servers):
        return None
    return text(
        "{type} of {name}: this machine can reach no server of its zone",
        type=place.type,
        name=place.name,
    )


async def _asked(settings: Settings, place: DnsImage) -> tuple[ServerAnswer, ...]:
    client = dns_client(settings)  # a new one, since clients remember answers and belong to one event loop
    try:
        zone = await client.zone_servers(place.name)
        if isinstance(zone, NoZone):
            raise WorldFault(
                text(
                    "the servers of the zone of {name} could not be found out at the resolvers {resolvers} ({fault}), "
                    "so nothing is proven; see whether they work, or name others in [dns] resolvers",
                    name=place.name,
                    resolvers=client.resolvers or "-",
                    fault=zone.fault.detail or zone.fault.status.value,
                )
            )
        return tuple(await asyncio.gather(*(_answer(client, server, place) for server in zone.addresses)))
    finally:
        await client.aclose()


async def _answer(client: DnsClient, server: NameServer, place: DnsImage) -> ServerAnswer:
    answer = server.fault.answer if server.fault else await client.ask(server.address, place.name, place.type)
    return ServerAnswer(server.name, server.address, answer)


def _missing(
    servers: tuple[ServerAnswer, ...], place: DnsImage, after: DnsImage | None, *, with_ttl: bool
) -> Iterator[Message]:
    """Yield a sentence for each server that does not show the state; silence that is only noted is no fault."""
    seen = [SeenServer.of(server) for server in servers]
    for server, noted in zip(servers, seen, strict=True):
        answer = server.answer
        if not answer.status.looked:
            if not noted.noted(seen):
                problem = answer.detail or answer.status.value
                yield text("{server} could not be asked ({problem})", server=server.subject, problem=problem)
        elif answer.aliases:
            yield text("{server} has an alias there, for {target}", server=server.subject, target=answer.aliases[0])
        elif not equal(found := _image(place, answer), after, with_ttl=with_ttl):
            yield text("{server} still shows {rrset}", server=server.subject, rrset=shown(found))


def _image(place: DnsImage, answer: DnsAnswer) -> DnsImage | None:
    values = answer.rdata or answer.values
    return DnsImage(place.name, place.type, answer.ttl or 0, values) if values else None

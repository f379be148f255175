"""How `init` asks DNS."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from seppcheck import discovery
from seppcheck.discovery import FoundDomain, FoundGateway, Resolver
from seppcheck.settings import Settings
from seppcheck.settings.sections import DnsSection

T = TypeVar("T")


class Discovery:
    """Questions to DNS, through the resolvers that were given, or this system's."""

    def __init__(self, resolvers: tuple[str, ...], port: int) -> None:
        self.resolvers = resolvers
        self.port = port

    def domains(self, names: Sequence[str]) -> tuple[FoundDomain, ...]:
        """Look at each domain."""
        return self._ask(lambda dns: discovery.look_at_domains(dns, names))

    def gateway(self, name: str, given: Sequence[str]) -> FoundGateway:
        """Look at the gateway, and at the addresses that were given for it."""
        return self._ask(lambda dns: discovery.look_at_gateway(dns, name, given))

    def names_of(self, address: str) -> tuple[str, ...]:
        """Return the names that an address resolves back to."""
        return discovery.names_in(self._ask(lambda dns: discovery.pointer(dns, address)))

    def _ask(self, question: Callable[[Resolver], Awaitable[T]]) -> T:
        from seppcheck.clients.dns import dns_client  # noqa: PLC0415 - its import takes longer than all else here

        async def run() -> T:
            client = dns_client(Settings(dns=DnsSection(resolvers=self.resolvers, port=self.port)))
            try:
                return await question(client)
            finally:
                await client.aclose()

        return asyncio.run(run())

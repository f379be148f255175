"""Asking the resolvers, and name servers directly; each question once a run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any, TypeVar

from seppcheck.clients.dns_faults import Fault
from seppcheck.clients.dns_reading import chase, within
from seppcheck.clients.dns_transport import Transport
from seppcheck.clients.dns_wire import AAAA, A, Reply, question, type_number
from seppcheck.model.dns import DnsAnswer, DnsStatus, HostLookup, ServerAnswer

T = TypeVar("T")

_MOST_REFERRALS = 8
_TELLING = (
    DnsStatus.SERVFAIL,
    DnsStatus.REFUSED,
    DnsStatus.TRUNCATED,
    DnsStatus.MALFORMED,
    DnsStatus.LAME,
    DnsStatus.TIMEOUT,
    DnsStatus.UNREACHABLE,
)
"""Which failure says most, where several resolvers failed differently."""


class Once:
    """Work that is done once for each key, and shared by all who ask for it while it runs and later."""

    def __init__(self) -> None:
        self._done: dict[Hashable, Any] = {}
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def __call__(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Return the result of `work`; one who is cancelled does not take it from the others."""
        if key in self._done:
            done: T = self._done[key]
            return done
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.ensure_future(self._do(key, work))
        result: T = await asyncio.shield(task)
        return result

    async def _do(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        try:
            result = self._done[key] = await work()
            return result
        finally:
            del self._running[key]

    async def aclose(self) -> None:
        """Cancel what still runs."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Resolvers:
    """Questions to resolvers (RD=1) and to name servers (RD=0).

    Args:
        addresses: the resolvers' addresses, asked in this order until one answers.
        port: the resolvers' port.
        authoritative_port: the port of name servers.
        timeout: seconds for one question.
    """

    def __init__(self, addresses: tuple[str, ...], *, port: int, authoritative_port: int, timeout: float) -> None:
        self.addresses = addresses
        self.port = port
        self.authoritative_port = authoritative_port
        self._silent: set[str] = set()
        self.transport = Transport(timeout)
        self.once = Once()

    async def resolve(self, name: str, rdtype: str) -> Reply:
        """Return the reply of the first resolver that has one, or all their failures as one."""
        faults: list[tuple[str, Fault]] = []
        # One that let us wait comes last from then on: each question would wait for it again.
        for address in sorted(self.addresses, key=self._silent.__contains__):
            reply = await self.reply_of(address, name, rdtype)
            if not reply.fault:
                return reply
            faults.append((address, reply.fault))
        return Reply(fault=_joined(faults))

    async def reply_of(self, address: str, name: str, rdtype: str) -> Reply:
        """Return one resolver's reply."""
        return await self.once((address, name, rdtype), partial(self._ask_resolver, address, name, rdtype))

    async def _ask_resolver(self, address: str, name: str, rdtype: str) -> Reply:
        try:
            asked = question(name, rdtype, recursive=True)
        except ValueError as error:
            return Reply(address, fault=Fault(DnsStatus.MALFORMED, str(error)))
        reply = await self.transport.ask(address, self.port, asked)
        if reply.fault and reply.fault.status is DnsStatus.TIMEOUT:
            self._silent.add(address)
        return await self._refer(reply, name, rdtype) if reply.referral else reply

    async def _refer(self, reply: Reply, name: str, rdtype: str) -> Reply:
        """Follow the referrals of a "resolver" that only serves zones, by the addresses they carry."""
        for _ in range(_MOST_REFERRALS):
            zone = reply.referral
            if not zone:
                return reply
            glue = [record.value for record in reply.additional if record.type in (A, AAAA)]
            if not glue or not within(name, zone):
                break
            for address in glue:
                reply = await self.ask_directly(address, name, rdtype)
                if not reply.fault:
                    break
        detail = f"refers to the servers of {zone} instead of asking them: it is no resolver"
        return Reply(reply.server, fault=Fault(DnsStatus.LAME, detail))

    async def ask_directly(self, address: str, name: str, rdtype: str) -> Reply:
        """Ask a name server what it knows itself (RD=0)."""
        try:
            asked = question(name, rdtype, recursive=False)
        except ValueError as error:
            return Reply(address, fault=Fault(DnsStatus.MALFORMED, str(error)))
        return await self.transport.ask(address, self.authoritative_port, asked)

    async def lookup(self, name: str, rdtype: str) -> DnsAnswer:
        """Return what the resolvers say, asking the next one where one fails."""
        return await chase(lambda owner: self.resolve(owner, rdtype), name, type_number(rdtype))

    async def lookup_at_each(self, name: str, rdtype: str) -> tuple[ServerAnswer, ...]:
        """Return what each resolver says by itself."""
        answers = await asyncio.gather(*(self._lookup_at(address, name, rdtype) for address in self.addresses))
        return tuple(ServerAnswer(a, a, answer) for a, answer in zip(self.addresses, answers, strict=True))

    async def _lookup_at(self, address: str, name: str, rdtype: str) -> DnsAnswer:
        return await chase(lambda owner: self.reply_of(address, owner, rdtype), name, type_number(rdtype))

    async def host(self, name: str) -> HostLookup:
        """Return the addresses of a host, IPv4 and IPv6 asked at the same time."""
        ipv4, ipv6 = await asyncio.gather(self.lookup(name, "A"), self.lookup(name, "AAAA"))
        return HostLookup(name, ipv4, ipv6)

    async def aclose(self) -> None:
        """Stop what still runs and close every socket."""
        await self.once.aclose()
        await self.transport.aclose()


def _joined(faults: list[tuple[str, Fault]]) -> Fault:
    if not faults:
        return Fault(DnsStatus.UNREACHABLE, "there is no resolver to ask")
    found = {fault.status for _, fault in faults}
    # A resolver without a route is a question without an answer; "no route" is for name servers.
    status = next((status for status in _TELLING if status in found), DnsStatus.UNREACHABLE)
    return Fault(status, "; ".join(f"{address}: {fault.detail}" for address, fault in faults))

"""What an SPF evaluation asks DNS, within the limits of RFC 7208 section 4.6.4."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from seppcheck.model.dns import DnsAnswer, SpfResult, mail_exchanger
from seppcheck.model.text import Message, text
from seppcheck.sources.spf_macros import cut, is_queryable

Address = IPv4Address | IPv6Address

Lookup = Callable[[str, str], Awaitable[DnsAnswer]]
"""Asks DNS for a name and a record type. It is given names that `is_queryable` alone."""

MOST_VOIDS = 2
"""Questions that may be answered with "there is none"."""

MOST_NAMES = 10
"""MX targets, beyond which `mx` is an error, and PTR names, beyond which they are ignored."""

MOST_QUESTIONS = 250
"""More than ten terms with ten names each can need; it holds even where the RFC's limits have a gap."""


class SpfError(Exception):
    """Ends an evaluation with a result of its own."""

    result: SpfResult

    def __init__(self, problem: Message) -> None:
        """Say it."""
        super().__init__(str(problem))
        self.problem = problem


class PermError(SpfError):
    """The publisher has to correct something."""

    result = SpfResult.PERMERROR


class TempError(SpfError):
    """A question was not answered."""

    result = SpfResult.TEMPERROR


class Questions:
    """Asks on behalf of one evaluation, and counts."""

    def __init__(self, lookup: Lookup, address: Address) -> None:
        """Ask through `lookup`, about mail from `address`."""
        self.voids = 0
        self.asked = 0
        self._lookup = lookup
        self._address = address

    async def record_texts(self, domain: str) -> tuple[str, ...]:
        """Return the TXT records of a domain; that there is none is no void lookup but a result."""
        return (await self._ask(domain, "TXT")).values

    async def values(self, name: str, rdtype: str) -> tuple[str, ...]:
        """Return the records of a name. One that cannot exist has none, and is not asked for."""
        if not is_queryable(name):
            return ()
        answer = await self._ask(name, rdtype)
        if not answer.values:
            self._count_void(name, rdtype)
        return answer.values

    async def addresses(self, name: str) -> tuple[Address, ...]:
        """Return the addresses of a name that are of the sending address's version."""
        rdtype = "A" if self._address.version == 4 else "AAAA"  # noqa: PLR2004 - the IP version
        return tuple(ip_address(value) for value in await self.values(name, rdtype))

    async def mail_hosts(self, name: str) -> tuple[str, ...]:
        """Return the MX targets of a name, none for a null MX (RFC 7505).

        Raises:
            PermError: when there are more than ten.
        """
        records = await self.values(name, "MX")
        if len(records) > MOST_NAMES:
            raise PermError(text("{name} has more than {most} MX records", name=name, most=str(MOST_NAMES)))
        return tuple(filter(None, map(mail_exchanger, records)))

    async def confirmed_names(self) -> tuple[list[str], TempError | None]:
        """Return the names of the address that resolve back to it (section 5.5).

        The second value is set when a question was not answered, so that names may be missing.
        """
        try:
            names = await self.values(self._address.reverse_pointer, "PTR")
        except TempError as error:
            return [], error
        confirmed, unanswered = [], None
        for name in (name.lower().removesuffix(".") for name in names[:MOST_NAMES]):
            try:
                if self._address in await self.addresses(name):
                    confirmed.append(name)
            except TempError as error:
                unanswered = error
        return confirmed, unanswered

    async def _ask(self, name: str, rdtype: str) -> DnsAnswer:
        self.asked += 1
        if self.asked > MOST_QUESTIONS:
            raise PermError(text("SPF needs more than {most} DNS questions", most=str(MOST_QUESTIONS)))
        answer = await self._lookup(name, rdtype)
        if not answer.status.looked:
            raise TempError(
                text(
                    "the look-up of {name} {rdtype} failed: {status}",
                    name=cut(name),
                    rdtype=rdtype,
                    status=answer.detail or answer.status.value,
                )
            )
        return answer

    def _count_void(self, name: str, rdtype: str) -> None:
        self.voids += 1
        if self.voids > MOST_VOIDS:
            raise PermError(
                text(
                    "more than {most} look-ups find nothing, the last of them {name} {rdtype}",
                    most=str(MOST_VOIDS),
                    name=cut(name),
                    rdtype=rdtype,
                )
            )

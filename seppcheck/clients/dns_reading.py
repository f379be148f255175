"""From replies to the answer of a question: following aliases, telling apart what is missing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from seppcheck.clients.dns_wire import CNAME, MX, NXDOMAIN, SOA, TXT, Record, Reply
from seppcheck.model.dns import DnsAnswer, DnsStatus

_MOST_ALIASES = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer; `unfinished` is the alias target that the reply says nothing about, if any."""

    answer: DnsAnswer
    unfinished: str = ""


def read_answer(reply: Reply, name: str, rdtype: int) -> Reading:
    """Read what a reply says about a name, through the aliases that it holds.

    The TTL is the highest in the way, aliases included: so long may the old state be remembered.
    Values are sorted, since servers rotate them.
    """
    if reply.fault:
        return Reading(reply.fault.answer)
    path, ttl = _follow(reply.answer, name, rdtype)
    aliases, owner = path[1:], path[-1]
    if owner in path[:-1]:
        return Reading(DnsAnswer(DnsStatus.MALFORMED, aliases=aliases, detail="its aliases run in a circle"))
    found = [record for record in reply.answer if record.owner == owner and record.type == rdtype]
    if found:
        ttl = max(ttl, *(record.ttl for record in found))
        rdata = tuple(sorted(record.rdata for record in found)) if rdtype == TXT else ()
        return Reading(DnsAnswer(DnsStatus.ANSWER, _values(found, rdtype), ttl, aliases, rdata=rdata))
    status = DnsStatus.NXDOMAIN if reply.rcode == NXDOMAIN else DnsStatus.NODATA
    told = status is DnsStatus.NXDOMAIN or any(r.type == SOA and within(owner, r.owner) for r in reply.authority)
    return Reading(DnsAnswer(status, aliases=aliases), "" if told or not aliases else owner)


def _follow(records: Iterable[Record], name: str, rdtype: int) -> tuple[tuple[str, ...], int]:
    """Return the names from `name` along its aliases, the last one twice in a circle, and the highest TTL."""
    aliases = {record.owner: record for record in records if record.type == CNAME != rdtype}
    path, ttl = [name], 0
    while (record := aliases.get(path[-1])) and path[-1] not in path[:-1]:
        path.append(record.value)
        ttl = max(ttl, record.ttl)
    return tuple(path), ttl


def _values(records: Iterable[Record], rdtype: int) -> tuple[str, ...]:
    values = [record.value for record in records]
    if rdtype == MX:
        return tuple(sorted(set(values), key=lambda value: (int(value.partition(" ")[0]), value)))
    # Two TXT records that differ only in how they are split are two records, and two of SPF are a fault.
    return tuple(sorted(values if rdtype == TXT else set(values)))


def within(name: str, zone: str) -> bool:
    """Tell whether a name lies in a zone's part of the tree, the zone's own name included."""
    return zone in (".", name) or name.endswith(f".{zone}")


def parent_of(name: str) -> str:
    """Return the name one label up; above a top-level name is the root."""
    return name.partition(".")[2] or "."


async def chase(ask: Callable[[str], Awaitable[Reply]], name: str, rdtype: int) -> DnsAnswer:
    """Ask for a name, and again for each alias target that the reply left open."""
    aliases: tuple[str, ...] = ()
    ttl, owner = 0, name
    while len(aliases) <= _MOST_ALIASES:
        reading = read_answer(await ask(owner), owner, rdtype)
        answer = reading.answer
        aliases += answer.aliases
        ttl = max(ttl, answer.ttl or 0)
        if not reading.unfinished:
            return replace(answer, aliases=aliases, ttl=ttl if answer.ttl is not None else None)
        owner = reading.unfinished
        if owner in (name, *aliases[:-1]):
            break
    return DnsAnswer(DnsStatus.MALFORMED, aliases=aliases, detail="its aliases run in a circle, or there are too many")

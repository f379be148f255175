"""What each check has to reach: from its signature over the sources of its evidence to whom they ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from seppcheck.exchange.cmdlets import QUERIES
from seppcheck.model.checks import Check, Wanted
from seppcheck.model.evidence import Evidence
from seppcheck.model.policies import MtaStsPolicy
from seppcheck.model.text import Message, text
from seppcheck.plugins import Registry


class Access(Enum):
    """A way to the outside, or a file that a person provides; the value is its short name."""

    DNS = text("DNS")
    SMTP = text("port 25")
    HTTPS = text("MTA-STS")
    REST = text("REST API")
    EXCHANGE = text("Exchange")
    RECORD = text("record")
    MAIL = text("mail samples")
    HISTORY = text("history")

    @property
    def name_of_it(self) -> Message:
        """Its short name."""
        name: Message = self.value
        return name


BY_SOURCE: Mapping[str, Access | None] = {
    "dns": Access.DNS,
    "smtp": Access.SMTP,
    "rest": Access.REST,
    "exchange": Access.EXCHANGE,
    "record": Access.RECORD,
    "mail": Access.MAIL,
    "history": Access.HISTORY,
    "gateway": None,
}
"""By the name of a source. `gateway` asks nobody: it takes what the REST API or the record says."""


class Strength(StrEnum):
    """How much a check depends on it; the value is its sign."""

    NEEDED = "●"
    ONE_OF = "◐"
    """One of those that are marked so is enough."""
    USED = "○"


@dataclass(frozen=True, slots=True)
class Need:
    """One kind of evidence that a check rests on, directly or through another kind."""

    kind: type[Evidence]
    strength: Strength


def needs(check: Check, registry: Registry) -> tuple[Need, ...]:
    """Return everything that a check rests on, the stronger of two where a kind is reached by two ways."""
    order = list(Strength)
    found: dict[type[Evidence], Strength] = {}
    for need in _below(check.wanted, registry, Strength.NEEDED):
        known = found.get(need.kind, Strength.USED)
        found[need.kind] = min(known, need.strength, key=order.index)
    return tuple(Need(kind, strength) for kind, strength in found.items())


def _below(wanted: tuple[Wanted, ...], registry: Registry, strength: Strength) -> Iterator[Need]:
    for each in wanted:
        if not issubclass(each.type, Evidence):
            continue
        own = Strength.USED if each.each or (each.or_unavailable and strength is Strength.NEEDED) else strength
        yield Need(each.type, own)
        yield from _of_source(each.type, registry, own)


def _of_source(kind: type[Evidence], registry: Registry, strength: Strength) -> Iterator[Need]:
    """Yield what the source of a kind builds upon: a merging source needs one of two, the record's its file."""
    source = registry.sources[kind]
    merges = BY_SOURCE[source.name] is None and strength is Strength.NEEDED
    yield from _below(source.wanted, registry, Strength.ONE_OF if merges else strength)


def accesses(check: Check, registry: Registry) -> dict[Access, Strength]:
    """Return what a check has to reach, in a fixed order, and how much it depends on it."""
    order = list(Strength)
    found: dict[Access, Strength] = {}
    for need in needs(check, registry):
        for access in _accesses_of(need.kind, registry):
            found[access] = min(found.get(access, Strength.USED), need.strength, key=order.index)
    return {access: found[access] for access in Access if access in found}


def _accesses_of(kind: type[Evidence], registry: Registry) -> Iterator[Access]:
    access = BY_SOURCE[registry.sources[kind].name]
    if access:
        yield access
    if kind is MtaStsPolicy:
        yield Access.HTTPS  # its source fetches the policy of a domain that announces one


def cmdlets(check: Check, registry: Registry) -> tuple[str, ...]:
    """Return the cmdlets of Exchange Online whose answers a check rests on."""
    kinds = [need.kind for need in needs(check, registry)]
    return tuple(dict.fromkeys(query.cmdlet for kind in kinds for query in QUERIES.get(kind, ())))

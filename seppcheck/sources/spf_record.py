"""SPF records: chosen among TXT records and read into terms (RFC 7208 sections 4.5, 4.6, 5 and 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network

from seppcheck.model.dns import SpfResult
from seppcheck.model.text import text
from seppcheck.sources.spf_macros import MacroString, SpfSyntaxError, cut, domain_spec, macro_string

LONGEST_RECORD = 65535
"""Octets of RDATA (RFC 1035 section 3.2.1): no server can send a longer record."""

Network = IPv4Network | IPv6Network

_VERSION = re.compile(r"v=spf1(?= |\Z)", re.IGNORECASE | re.ASCII)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_MECHANISM = re.compile(r"([-+?~]?)([a-z0-9]+)([:/].*)?", re.IGNORECASE | re.ASCII | re.DOTALL)
_DUAL_CIDR = re.compile(r"(?:/(0|[1-9]\d?))?(?://(0|[1-9]\d{0,2}))?\Z", re.ASCII)
_IP4 = re.compile(r":([0-9.]+)(/(?:0|[1-9][0-9]?))?")
_IP6 = re.compile(r":([0-9a-f:.]+)(/(?:0|[1-9][0-9]{0,2}))?", re.IGNORECASE | re.ASCII)
_QUALIFIERS: Mapping[str, SpfResult] = {
    "": SpfResult.PASS,
    "+": SpfResult.PASS,
    "-": SpfResult.FAIL,
    "?": SpfResult.NEUTRAL,
    "~": SpfResult.SOFTFAIL,
}


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One directive. `domain` is None where the current domain is meant."""

    text: str
    result: SpfResult
    name: str
    domain: MacroString | None = None
    network: Network | None = None
    prefix4: int = 32
    prefix6: int = 128


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A record that keeps to the grammar."""

    mechanisms: tuple[Mechanism, ...]
    redirect: MacroString | None = None
    explanation: MacroString | None = None


def spf_records(values: Iterable[str]) -> tuple[str, ...]:
    """Return those TXT records that are SPF: `v=spf1`, then a space or nothing (section 4.5)."""
    return tuple(value for value in values if _VERSION.match(value))


def parse(string: str) -> SpfRecord:
    """Read a record. A fault anywhere makes all of it void, whatever would have matched before it.

    Raises:
        SpfSyntaxError: naming the term.
    """
    version = _VERSION.match(string)
    if version is None or len(string) > LONGEST_RECORD:
        raise SpfSyntaxError(text("{record} is no SPF record", record=cut(string)))
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, MacroString] = {}
    for term in filter(None, string[version.end() :].split(" ")):
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            mechanisms.append(_mechanism(term))
        else:
            _modify(modifiers, modifier[1].lower(), modifier[2])
    return SpfRecord(tuple(mechanisms), modifiers.get("redirect"), modifiers.get("exp"))


def _modify(modifiers: dict[str, MacroString], name: str, value: str) -> None:
    if name not in ("redirect", "exp"):
        macro_string(value)  # an unknown modifier is ignored, its grammar is not (section 6)
        return
    if name in modifiers:
        raise SpfSyntaxError(text("{name}= stands there twice", name=name))
    modifiers[name] = domain_spec(value)


def _mechanism(term: str) -> Mechanism:
    match = _MECHANISM.fullmatch(term)
    read = _READERS.get(match[2].lower()) if match else None
    if match is None or read is None:
        raise SpfSyntaxError(text("{term} is no mechanism of SPF", term=cut(term)))
    bare = Mechanism(cut(term), _QUALIFIERS[match[1]], match[2].lower())
    return read(bare, match[3] or "")


def _all(bare: Mechanism, rest: str) -> Mechanism:
    if rest:
        raise SpfSyntaxError(text("{term}: nothing may follow", term=bare.text))
    return bare


def _required_domain(bare: Mechanism, rest: str) -> Mechanism:
    return replace(bare, domain=domain_spec(rest.removeprefix(":")))


def _optional_domain(bare: Mechanism, rest: str) -> Mechanism:
    if rest and not rest.startswith(":"):
        raise SpfSyntaxError(text("{term} takes no prefix length", term=bare.text))
    return _required_domain(bare, rest) if rest else bare


def _host(bare: Mechanism, rest: str) -> Mechanism:
    suffix = _DUAL_CIDR.search(rest)
    prefix4, prefix6 = (suffix[1], suffix[2]) if suffix else (None, None)
    name = rest[: suffix.start()] if suffix else rest
    sized = replace(bare, prefix4=_prefix(bare, prefix4, 32), prefix6=_prefix(bare, prefix6, 128))
    return _optional_domain(sized, name)


def _prefix(bare: Mechanism, digits: str | None, longest: int) -> int:
    length = longest if digits is None else int(digits)
    if length > longest:
        raise SpfSyntaxError(text("{term}: a prefix length above {longest}", term=bare.text, longest=str(longest)))
    return length


def _ip4(bare: Mechanism, rest: str) -> Mechanism:
    return _network(bare, _IP4.fullmatch(rest), IPv4Network)


def _ip6(bare: Mechanism, rest: str) -> Mechanism:
    return _network(bare, _IP6.fullmatch(rest), IPv6Network)


def _network(bare: Mechanism, match: re.Match[str] | None, kind: type[Network]) -> Mechanism:
    try:
        if match is not None:
            return replace(bare, network=kind(match[1] + (match[2] or ""), strict=False))
    except ValueError:
        match = None  # the shape of an address, and none
    raise SpfSyntaxError(text("{term} is no address or network", term=bare.text))


_READERS: Mapping[str, Callable[[Mechanism, str], Mechanism]] = {
    "all": _all,
    "include": _required_domain,
    "exists": _required_domain,
    "ptr": _optional_domain,
    "a": _host,
    "mx": _host,
    "ip4": _ip4,
    "ip6": _ip6,
}

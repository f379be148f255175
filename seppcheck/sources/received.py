"""Received lines (RFC 5321 section 4.4) as Postfix, Exchange and others write them, and whose word counts."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from ipaddress import ip_address

from seppcheck.model.mail import Hop

_FROM = re.compile(r"from\s+(?P<helo>\S+)(?:\s+\((?P<seen>[^()]*(?:\([^()]*\)[^()]*)*)\))?", re.IGNORECASE)
_BY = re.compile(r"\bby\s+(?P<by>[^\s;()]+)", re.IGNORECASE)
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]")
_EDGE = "via frontend transport"


@dataclass(frozen=True, slots=True)
class Own:
    """What is the gateway's own: its names, and the public addresses that it delivers from."""

    names: Collection[str] = ()
    addresses: Collection[str] = ()

    def hands_over(self, hop: Hop) -> bool:
        """Tell whether another host took the mail from the gateway; its hop to itself is none."""
        return hop.peer in self.addresses and hop.by not in self.names


NOBODY = Own()


def hop_of(line: str) -> Hop:
    """Read one Received header. What it does not tell stays empty; nothing is raised."""
    words = " ".join(line.split())
    found, by = _FROM.match(words), _BY.search(words)
    seen = (found["seen"] or "") if found else ""
    return Hop(
        by=_name(by["by"]) if by else "",
        helo=_name(found["helo"]) if found else "",
        peer=_address(seen) or (_address(found["helo"]) if found else ""),
        peer_name=_seen_name(seen),
        edge=_EDGE in words.lower(),
        at=_date(words),
    )


def _name(word: str) -> str:
    return word.strip("[]").rstrip(".").lower()


def _seen_name(seen: str) -> str:
    """Return the name before the address, as Postfix writes it: `name [address]`; `unknown` is none."""
    name, bracket, _ = seen.partition("[")
    word = name.split()[-1].rstrip(".").lower() if bracket and name.split() else ""
    return "" if word == "unknown" else word.removeprefix("helo=")


def _address(text: str) -> str:
    """Return the first address in a text, in its usual form."""
    bracketed = _BRACKETED.search(text)
    for word in [bracketed[1]] if bracketed else text.replace(",", " ").split():
        try:
            return str(ip_address(word.strip("[]").removeprefix("IPv6:")))
        except ValueError:
            continue
    return ""


def _date(words: str) -> datetime | None:
    """Return the date behind the last semicolon, in UTC."""
    try:
        at = parsedate_to_datetime(words.rpartition(";")[2].strip())
    except (TypeError, ValueError, IndexError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def believed(hops: Sequence[Hop], receivers: Sequence[str], own: Own = NOBODY) -> int:
    """Return how many lines from the top are believed.

    A line counts when a trusted host wrote it and every line above it was written by trusted hosts that took
    the mail from one another. The first handover from outside ends it: a forged line below may name any host.
    A handover by the gateway ends it whatever its address looks like, a loopback address included.
    """
    for number, hop in enumerate(hops):
        if not _trusted(hop.by, receivers):
            return number
        if own.hands_over(hop) or not _internal(hop, receivers):
            return number + 1
    return len(hops)


def _internal(hop: Hop, receivers: Sequence[str]) -> bool:
    """Tell whether the taker had it from a host that is trusted itself, so that the next line is its own."""
    if hop.edge:
        return False
    if hop.peer and ip_address(hop.peer).is_loopback:
        return True
    # The HELO is the other side's own word. It counts only where the address cannot come from outside.
    name = hop.peer_name or (hop.helo if not hop.peer or not ip_address(hop.peer).is_global else "")
    return bool(name) and _trusted(name, receivers)


def _trusted(host: str, receivers: Sequence[str]) -> bool:
    return bool(host) and any(fnmatchcase(host, pattern.lower()) for pattern in receivers)

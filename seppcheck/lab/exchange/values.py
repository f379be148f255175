"""What values the parameters of cmdlets take, and how they are stored."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from seppcheck.lab.exchange.refusals import Invalid, WrongValue

Value = object
Taker = Callable[[str, Value], Value]
"""Takes a parameter's name and what was given for it, returns what is stored, or refuses."""

HASH_TABLE = "#Exchange.GenericHashTable"


def flag(name: str, given: Value) -> bool:
    """Take a boolean."""
    if not isinstance(given, bool):
        raise WrongValue(f"Cannot process argument transformation on parameter '{name}': a Boolean is expected.")
    return given


def words(name: str, given: Value) -> str | None:
    """Take a text or null."""
    if given is not None and not isinstance(given, str):
        raise WrongValue(f"Cannot process argument transformation on parameter '{name}': a String is expected.")
    return given


def listed(name: str, given: Value) -> list[str]:
    """Take a list of texts, one text or null."""
    items = [given] if isinstance(given, str) else given or []
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise WrongValue(f"Cannot process argument transformation on parameter '{name}': a list of String is expected.")
    return list(items)


def listed_or_null(name: str, given: Value) -> list[str] | None:
    """Take a list as rules store it: nothing is null."""
    return listed(name, given) or None


def member_of(*members: str) -> Taker:
    """Return what takes a member of an enumeration, without case; null clears where Exchange allows it."""

    def take(name: str, given: Value) -> str | None:
        if given is None:
            return None
        found = next((member for member in members if member.lower() == str(given).lower()), None)
        if found is None:
            raise WrongValue(
                f"Cannot process argument transformation on parameter '{name}'. Cannot convert value \"{given}\". "
                f"The possible enumeration values are: {', '.join(members)}."
            )
        return found

    return take


def level(name: str, given: Value) -> int | None:
    """Take a spam confidence level, as a number or as text."""
    if given is None or given == "":
        return None
    try:
        found = int(str(given))
    except ValueError:
        found = -2
    if isinstance(given, bool) or not -1 <= found <= 9:  # noqa: PLR2004 - SCL is -1 to 9
        raise WrongValue(f"Cannot process argument transformation on parameter '{name}': SCL is -1 to 9.")
    return found


def number(name: str, given: Value) -> int:
    """Take a whole number of zero or more."""
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise WrongValue(f"Cannot process argument transformation on parameter '{name}': an Int32 is expected.")
    return given


def at_most(length: int) -> Taker:
    """Return what takes a text of a length at most."""

    def take(name: str, given: Value) -> str | None:
        found = words(name, given)
        if found is not None and len(found) > length:
            raise Invalid(f"The length of the property {name} is too long. The maximum length is {length}.")
        return found

    return take


def address_spaces(name: str, given: Value) -> list[str]:
    """Take sender domains: `*` or `example.org` is stored as `smtp:*;1`."""
    return [_address_space(item) for item in listed(name, given)]


def _address_space(item: str) -> str:
    kind, found, rest = item.rpartition("smtp:")
    del kind
    domain, _, cost = rest.partition(";") if found else item.partition(";")
    return f"smtp:{domain.strip()};{cost.strip() or '1'}"


def sender_addresses(name: str, given: Value) -> list[str]:
    """Take IPv4 addresses and ranges of /24 or longer."""
    items = listed(name, given)
    for item in items:
        try:
            network = ipaddress.IPv4Network(item, strict=False)
        except ValueError:
            raise Invalid(f"{name}: {item} is no IPv4 address or range.") from None
        if network.prefixlen < 24 or network.is_loopback or network.is_multicast:  # noqa: PLR2004 - a /24 at most
            raise Invalid(f"{name}: {item} is reserved, or larger than /24.")
    return items


def changed_list(name: str, present: list[str], given: Value) -> list[str]:
    """Take a whole list, or a hash table of what to add and to remove."""
    if not isinstance(given, Mapping):
        return listed(name, given)
    if given.get("@odata.type") != HASH_TABLE:
        raise WrongValue(f"Cannot process argument transformation on parameter '{name}': no {HASH_TABLE}.")
    removed = listed(name, given.get("Remove"))
    return [item for item in present if item not in removed] + listed(name, given.get("Add"))


def taken(takers: Mapping[str, Taker], parameters: Mapping[str, Value]) -> dict[str, Value]:
    """Take every parameter with its own taker; all are known by now."""
    return {name: takers[name](name, given) for name, given in parameters.items()}

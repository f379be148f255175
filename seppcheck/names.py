"""Host and domain names as people write them, made into lower-case A-labels without a trailing dot."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

import idna

from seppcheck.errors import InvalidValueError
from seppcheck.model.text import text

Reader = Callable[[str], str]
"""Makes a name canonical, or raises InvalidValueError."""

_LONGEST_INPUT = 1000
_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_GLOB = re.compile(r"[*?\[\]]")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # UTS 46 section 2.3 takes all of them for a dot


def a_label(value: str) -> str:
    """Return a domain or full host name as lower-case A-labels without a trailing dot (RFC 5890, UTS 46, RFC 1123).

    Raises:
        InvalidValueError: saying what it is instead (a mail address, a URL, a wildcard), or what is wrong with it.
    """
    given = value.strip()
    _refuse_other_things(given)
    try:
        name = _a_labels(given.removesuffix("."))
    except idna.IDNAError as error:
        problem = text("{name} is not a valid name: {problem}", name=given, problem=error)
        raise InvalidValueError(problem) from error
    _check_labels(given, name)
    return name


def ip_address(value: str) -> str:
    """Return an IPv4 or IPv6 address in its canonical form (RFC 5952).

    Raises:
        InvalidValueError: for anything else: a name, a network, an address with a port or a zone.
    """
    try:
        address = ipaddress.ip_address(value.strip())
    except ValueError:
        if "/" in value:
            raise InvalidValueError(text("{value} is a network; write single addresses", value=value)) from None
        raise InvalidValueError(text("{value} is not an IPv4 or IPv6 address", value=value)) from None
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise InvalidValueError(text("{value} is valid on one machine's interface only (%)", value=value))
    return str(address)


def name_glob(value: str) -> str:
    """Return a pattern for names in the form that names are compared in: lower case, A-labels, no last dot.

    Labels with wildcards are only lowered; so are labels that are no name (a pattern may be for other objects).
    """
    if value.isascii():
        return value.lower().removesuffix(".")
    return ".".join(_glob_label(label) for label in _DOTS.split(value)).removesuffix(".")


def _glob_label(label: str) -> str:
    if label.isascii() or _GLOB.search(label):
        return label.lower()
    try:
        return _a_labels(label)
    except idna.IDNAError:
        return label.lower()


def _a_labels(name: str) -> str:
    """Encode by IDNA 2008; plain ASCII labels stay as they are, also those with `--` that IDNA reserves."""
    if not name.isascii():
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    name = name.lower()
    for label in name.split("."):
        if label.startswith("xn--"):
            idna.ulabel(label)
    return name


def _refuse_other_things(given: str) -> None:
    """Name what people paste instead of a name, and what to write."""
    if not given:
        raise InvalidValueError(text("a name must not be empty"))
    if len(given) > _LONGEST_INPUT:
        raise InvalidValueError(text("a name of {length} characters is too long", length=len(given)))
    if "://" in given:
        host = given.partition("://")[2].rpartition("@")[2].partition("/")[0]
        raise InvalidValueError(text("{name} is a URL; write the name alone: {host}", name=_public(given), host=host))
    if "@" in given:
        domain = given.rpartition("@")[2]
        raise InvalidValueError(text("{name} is a mail address; write its domain: {domain}", name=given, domain=domain))
    if given.startswith("*."):
        raise InvalidValueError(
            text("{name} is a pattern; write each name itself, such as {one}", name=given, one=given[2:])
        )
    if _is_address(given):
        raise InvalidValueError(text("{name} is an address; write the name", name=given))


def _public(url: str) -> str:
    """Leave out user name and password of a URL."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _is_address(given: str) -> bool:
    try:
        ipaddress.ip_address(given.strip("[]"))
    except ValueError:
        return False
    return True


def _check_labels(given: str, name: str) -> None:
    labels = name.split(".")
    if "_" in name:
        raise InvalidValueError(text("{name} has an underscore, which host and domain names must not have", name=given))
    if "" in labels:
        raise InvalidValueError(text("{name} has an empty part between or beside its dots", name=given))
    if longest := next((label for label in labels if len(label) > _LONGEST_LABEL), ""):
        raise InvalidValueError(text("{name}: {label} is longer than 63 characters", name=given, label=longest))
    if len(name) > _LONGEST_NAME:
        raise InvalidValueError(text("{name} is longer than 253 characters", name=given))
    if wrong := next((label for label in labels if not _LABEL.fullmatch(label)), ""):
        problem = text("{name}: {label} must be letters, digits and inner hyphens", name=given, label=wrong)
        raise InvalidValueError(problem)
    if len(labels) == 1:
        raise InvalidValueError(text("{name} has no dot; write the full name", name=given))
    if labels[-1].isdigit():
        raise InvalidValueError(text("{name} ends in a number; that is neither a name nor an address", name=given))

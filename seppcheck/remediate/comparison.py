"""Whether what stands there is what a plan says, and if not, in which words."""

from __future__ import annotations

from seppcheck.model.changes import DnsImage, ExchangeImage
from seppcheck.model.text import Message, text
from seppcheck.planning.dns_images import changes_ttl_alone, equal, knows_ttl
from seppcheck.planning.exchange_images import comparable, differences
from seppcheck.remediate.worlds import Writable


def difference(wanted: Writable | None, found: Writable | None, *, with_ttl: bool = True) -> Message | None:
    """Return None when both are the same, else how they differ, for people.

    Args:
        wanted: what should stand there.
        found: what stands there.
        with_ttl: whether the TTL of an RRset counts (`counts_before`, `counts_after`).
    """
    if isinstance(wanted, ExchangeImage) and isinstance(found, ExchangeImage):
        return _properties(wanted, found)
    if wanted is None and found is None:
        return None
    if isinstance(wanted, DnsImage) and isinstance(found, DnsImage) and equal(wanted, found, with_ttl=with_ttl):
        return None
    if wanted is None:
        return text("there should be none, and there is {found}", found=_shown(found))
    if found is None:
        return text("{wanted} should be there, and there is none", wanted=_shown(wanted))
    return text("it should be {wanted}, and it is {found}", wanted=_shown(wanted), found=_shown(found))


def counts_after(before: Writable | None, after: Writable | None) -> bool:
    """Tell whether the TTL after counts in a change: where it alone changes. Else a provider's form may choose it."""
    return changes_ttl_alone(_rrset(before), _rrset(after))


def counts_before(before: Writable | None, after: Writable | None) -> bool:
    """Tell whether the TTL before counts: where it alone changes, and where the zone's own servers told it."""
    return changes_ttl_alone(_rrset(before), _rrset(after)) or knows_ttl(_rrset(before))


def _rrset(image: Writable | None) -> DnsImage | None:
    return image if isinstance(image, DnsImage) else None


def _properties(wanted: ExchangeImage, found: ExchangeImage) -> Message | None:
    told = tuple(
        text("{property} should be {wanted} and is {found}", property=name, wanted=_value(one), found=_value(other))
        for name, one, other in differences(wanted, found)
    )
    return text("of {name}: {differences}", name=found.name, differences=told) if told else None


def _value(value: object) -> str:
    if value is None or value in ([], (), ""):
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(image: Writable | None) -> str:
    if isinstance(image, DnsImage):
        return f"{image.name} {image.ttl} {image.type} {', '.join(image.values)}"
    return f"{image.type} {image.name}" if image else "-"


def is_between(found: Writable | None, before: Writable | None, after: Writable | None) -> bool:
    """Tell whether an object is on its way: every property is as before or as after, and some may be missing yet.

    This is what a process leaves that was killed between two commands of one change.
    """
    if not isinstance(found, ExchangeImage) or not isinstance(after, ExchangeImage):
        return False
    for name, wanted, present in differences(after, found):
        old = before.properties.get(name) if isinstance(before, ExchangeImage) else None
        later = before is None and name in _SET_AFTERWARDS
        if not later and comparable(name, present) != comparable(name, old):
            return False
        del wanted
    return True


_SET_AFTERWARDS = frozenset({"ValidationRecipients", "TestMode", "Enabled", "State"})
"""What New- cannot take, or what is set right after it."""

"""Whether a change that a person makes shows in the world, where this program only looks."""

from __future__ import annotations

from collections.abc import Iterator

from seppcheck.model.changes import DnsImage, ExchangeImage
from seppcheck.model.evidence import Unavailable
from seppcheck.model.exchange import TransportRules
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_images import Noun, image_of
from seppcheck.remediate.comparison import difference
from seppcheck.remediate.dns_world import everywhere
from seppcheck.remediate.fresh import Look, look
from seppcheck.remediate.worlds import WorldFault, Writable
from seppcheck.run import Request

_KINDS = {
    Noun.INBOUND_CONNECTOR: "inbound-connectors",
    Noun.OUTBOUND_CONNECTOR: "outbound-connectors",
    Noun.TRANSPORT_RULE: "transport-rules",
    Noun.CONNECTION_FILTER: "connection-filter-policies",
}


def seen(request: Request, before: Writable | None, after: Writable | None) -> Message | None:
    """Return None when the state after shows, else what is missing.

    Raises:
        WorldFault: when it could not be looked at.
    """
    image = after or before
    if isinstance(image, DnsImage):
        return everywhere(request.settings, _rrset(before), _rrset(after))
    if not isinstance(image, ExchangeImage):
        return text("there is nothing to look at")
    return difference(after, _object(request, image))


def _rrset(image: Writable | None) -> DnsImage | None:
    return image if isinstance(image, DnsImage) else None


def _object(request: Request, image: ExchangeImage) -> ExchangeImage | None:
    """Find an object in what Exchange, or its export, shows: by Guid, else by name."""
    noun = Noun(image.type)
    kind = _KINDS[noun]
    found = list(_objects(look(request, [(kind, request.settings.site.tenant)]), noun, kind))
    exact = [each for each in found if image.guid and each.guid == image.guid]
    named = [each for each in found if not image.guid and each.name.lower() == image.name.lower()]
    return next(iter((*exact, *named)), None)


def _objects(taken: Look, noun: Noun, kind: str) -> Iterator[ExchangeImage]:
    read = taken.get(kind, taken.request.settings.site.tenant)
    if read is None or isinstance(read, Unavailable):
        raise WorldFault(read.detail if read else text("Exchange Online could not be looked at"))
    yield from (image_of(noun, entry) for entry in getattr(read, "objects", ()))


def rules_of(request: Request) -> tuple[ExchangeImage, ...]:
    """Return every transport rule of the tenant as it is now.

    Raises:
        WorldFault: when they could not be read.
    """
    kind = TransportRules.kind
    return tuple(_objects(look(request, [(kind, request.settings.site.tenant)]), Noun.TRANSPORT_RULE, kind))

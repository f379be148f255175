"""What a change changes, property by property: only that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seppcheck.model.changes import DnsImage, ExchangeImage, FactImage, Image
from seppcheck.model.text import Message, text
from seppcheck.plan_document import image_to_document


@dataclass(frozen=True, slots=True)
class Difference:
    """One property: what of it goes and what comes.

    `listed`: it has several values, of which only those that differ are here. Else each holds one value, or none
    where it was not set.
    """

    name: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    listed: bool = False


def differences_of(before: Image | None, after: Image | None) -> tuple[Difference, ...]:
    """Return what differs between two images of one thing; of a new thing everything, of one that goes nothing.

    That it goes is said by its name; its properties stand in the plan's JSON.
    """
    if after is None:
        return ()
    if isinstance(after, DnsImage):
        return tuple(_of_rrsets(before if isinstance(before, DnsImage) else None, after))
    new = {} if before or not isinstance(after, ExchangeImage) else {"Name": after.name}  # its heading says the name
    return tuple(_of_properties(_properties(before) or new, _properties(after)))


def heading_of(before: Image | None, after: Image | None) -> Message | None:
    """Return what is made, changed or removed; None when evidence cannot show it by an image."""
    image = before or after
    if image is None:
        return None
    if before is None and not isinstance(image, FactImage):
        return text("New: {thing}", thing=_thing(image))
    if after is None:
        return text("Removed: {thing}", thing=_thing(image))
    return text("Changed: {thing}", thing=_thing(image))


def _thing(image: Image) -> Message:
    match image:
        case DnsImage():
            return text("{type} records of {name}", type=image.type, name=image.name)
        case ExchangeImage():
            return text("{type} {name}", type=image.type, name=image.name)
        case FactImage():
            return text("{kind} of {name}", kind=image.kind, name=image.target.name)


def _of_rrsets(before: DnsImage | None, after: DnsImage) -> Iterator[Difference]:
    yield from _listed(after.type, before.values if before else (), after.values)
    if before is None or before.ttl != after.ttl:
        yield Difference("TTL", (str(before.ttl),) if before else (), (str(after.ttl),))


def _of_properties(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if isinstance(old, (list, tuple)) or isinstance(new, (list, tuple)):
            yield from _listed(name, _members(old), _members(new))
        elif _value(old) != _value(new):
            yield Difference(name, _value(old), _value(new))


def _listed(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    removed, added = _without(old, new), _without(new, old)
    if removed or added:
        yield Difference(name, removed, added, listed=True)


def _properties(image: Image | None) -> Mapping[str, object]:
    match image:
        case ExchangeImage():
            return image.properties
        case FactImage():
            data: Mapping[str, object] = (image_to_document(image) or {})["data"]
            return data
    return {}


def _members(value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(shown for item in value for shown in _value(item))
    return _value(value)


def _value(value: object) -> tuple[str, ...]:
    """Return a value as people read it, none for what is not set."""
    if value is None or value in ("", [], ()):
        return ()
    if isinstance(value, Mapping):
        return (", ".join(f"{name} = {' '.join(_members(inner)) or '-'}" for name, inner in value.items()),)
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def _without(values: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(value for value in values if value not in known)

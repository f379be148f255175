"""Hosted zones through octoDNS' providers: one RRset read, one RRset changed, never a whole zone.

octoDNS is made to bring a zone to a wanted state as a whole. Here its plan is made by hand and holds one change; the
rest of the zone is neither compared nor sent. No provider can compare and change in one step, so the RRset is read
again just before the change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from seppcheck.clients import octodns_faults as faults
from seppcheck.clients.dns_writing import DnsWriteFault, changed_since, same_rrset
from seppcheck.clients.octodns_config import EVERY_ZONE, Configuration
from seppcheck.clients.octodns_faults import Provider
from seppcheck.clients.octodns_library import library, quietly
from seppcheck.clients.octodns_records import TYPES, data_of, image_of_record
from seppcheck.clients.octodns_texts import NotWritableError
from seppcheck.errors import UserError
from seppcheck.model.changes import DnsImage
from seppcheck.model.text import Message, text

T = TypeVar("T")

_PATIENCE = 60.0
"""Seconds for one call: some providers' APIs give a zone in many pages."""
_PUBLIC = frozenset({"class", "host", "port", "url", "endpoint", "scheme", "timeout", "directory"})
"""Keys of octoDNS' configuration whose values may be shown."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One RRset in its zone, with octoDNS' objects for both."""

    provider: Any
    zone: Any
    record: Any
    image: DnsImage | None


class HostedZones:
    """The zones of one provider. Its methods block, each for a bounded time.

    Raises:
        UserError: when octoDNS is not installed.
    """

    def __init__(self, configuration: Configuration, seconds: float = _PATIENCE) -> None:
        self._library = library()
        self._configuration = configuration
        self._known = Provider(configuration.provider, seconds)

    def read(self, name: str, rdtype: str) -> DnsImage | None:
        """Return the RRset as the provider has it, or None when there is none.

        Raises:
            DnsWriteFault: when it could not be read, or an alias stands at the name.
            UserError: when octoDNS does not take its configuration.
        """
        return self._look(DnsImage(name, rdtype, 0, ())).image

    def write(self, before: DnsImage | None, after: DnsImage | None) -> None:
        """Replace, make (before is None) or remove (after is None) one RRset, if it still is what it was before.

        Raises:
            DnsWriteFault: when it was refused or something changed in between; unclear where it may have taken effect.
            UserError: when octoDNS does not take its configuration.
        """
        image = after or before
        if image is None:
            return
        seen = self._look(image)
        if not same_rrset(seen.image, before):
            raise changed_since(before, seen.image, text("octoDNS' {provider}", provider=self._known.name))
        what = text("the change of {type} of {name}", type=image.type, name=image.name)
        plan = self._called(what, lambda: self._plan(seen, image, after))
        if not self._called(what, lambda: seen.provider.apply(plan), writes=True):
            raise DnsWriteFault(
                text(
                    "{what} through octoDNS' {provider}: its configuration has apply_disabled, so nothing was changed",
                    what=what,
                    provider=self._known.name,
                )
            )

    def _look(self, place: DnsImage) -> _Seen:
        if place.type not in TYPES:
            raise DnsWriteFault(
                text("this program writes no {type} records through octoDNS: change them by hand", type=place.type)
            )
        what = text("the question for {type} of {name}", type=place.type, name=place.name)
        provider = self._provider()
        zone = self._library.zone(f"{self._zone_of(provider, place.name)}.", [])
        exists = self._called(what, lambda: provider.populate(zone, lenient=True))
        if not exists and not zone.records:
            raise self._no_zone(place.name, zone.name.rstrip("."))
        at_name = {record._type: record for record in zone.records if _owner(record) == place.name}  # noqa: SLF001 - octoDNS' own name for it
        if alias := at_name.get("CNAME"):
            raise DnsWriteFault(
                text(
                    "{name} is an alias for {target}, says octoDNS' {provider}: records can only be changed where the "
                    "alias leads",
                    name=place.name,
                    target=str(alias.value).rstrip("."),
                    provider=self._known.name,
                )
            )
        record = at_name.get(place.type)
        return _Seen(provider, zone, record, image_of_record(place.name, record) if record else None)

    def _plan(self, seen: _Seen, image: DnsImage, after: DnsImage | None) -> Any:
        """Make a plan of one change by hand."""
        desired = seen.zone.copy()
        if after is None:
            desired.remove_record(seen.record)
            change = self._library.delete(seen.record)
        else:
            relative = seen.zone.hostname_from_fqdn(f"{image.name}.")
            new = self._library.record.new(seen.zone, relative, self._data(seen, after), lenient=True)
            desired.add_record(new, replace=True, lenient=True)
            change = self._library.update(seen.record, new) if seen.record else self._library.create(new)
        return self._library.plan(seen.zone, desired, [change], True)

    def _data(self, seen: _Seen, after: DnsImage) -> dict[str, Any]:
        if after.type not in seen.provider.SUPPORTS:
            raise DnsWriteFault(
                text(
                    "octoDNS' {provider} does not know records of type {type}: change {name} by hand",
                    provider=self._known.name,
                    type=after.type,
                    name=after.name,
                )
            )
        master_file = type(seen.provider).__module__.partition(".")[0] == "octodns_powerdns"
        try:
            return data_of(after, seen.record, master_file=master_file)
        except NotWritableError as error:
            raise DnsWriteFault(
                text(
                    "octoDNS' providers differ in how they write quotes, backslashes and what is not ASCII, so {value} "
                    "of {name} has to be entered by hand",
                    value=str(error),
                    name=after.name,
                )
            ) from None

    def _zone_of(self, provider: Any, name: str) -> str:
        """Return the longest zone that a name lies in, of the configured ones or, where any will do, of all."""
        zones = self._configuration.zones
        if EVERY_ZONE in zones:
            what = text("the question for the provider's zones")
            zones += tuple(str(zone).rstrip(".") for zone in self._called(what, provider.list_zones))
        fitting = [zone for zone in zones if name == zone or name.endswith(f".{zone}")]
        if not fitting:
            raise self._no_zone(name, name)
        return max(fitting, key=len)

    def _no_zone(self, name: str, zone: str) -> DnsWriteFault:
        return DnsWriteFault(
            text(
                "octoDNS' {provider} has no zone {zone} for {name}: correct {file}, or change the record by hand",
                provider=self._known.name,
                zone=zone,
                name=name,
                file=self._configuration.path,
            )
        )

    def _provider(self) -> Any:
        """Make the provider anew each time: many remember what they have read."""
        hide = self._known.hide

        class Manager(self._library.manager):  # type: ignore[misc,name-defined]  # octoDNS ships no types
            """octoDNS' reader of its configuration; the values that it hands to providers are noted, to be hidden."""

            def _build_kwargs(self, source: Any) -> Any:
                made = super()._build_kwargs(source)
                hide(value for key, value in made.items() if key not in _PUBLIC)
                return made

        try:
            providers = quietly(self._known.seconds, lambda: Manager(str(self._configuration.path)).providers)
        except Exception as error:  # noqa: BLE001 - whatever providers raise while they are made
            raise UserError(
                "octoDNS does not take its configuration {file}: {problem}",
                file=self._configuration.path,
                problem=self._known.shown(str(error)) or type(error).__name__,
            ) from None
        return providers[self._configuration.provider]

    def _called(self, what: Message, work: Callable[[], T], *, writes: bool = False) -> T:
        try:
            return quietly(self._known.seconds, work)
        except DnsWriteFault:
            raise
        except Exception as error:  # noqa: BLE001 - whatever providers raise
            raise faults.of_call(self._known, what, error, writes=writes) from None


def _owner(record: Any) -> str:
    return str(record.fqdn).rstrip(".").lower()

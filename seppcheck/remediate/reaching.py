"""The writers of a run: one for each world, made when it is first needed."""

from __future__ import annotations

from collections.abc import Iterable

from seppcheck.model.changes import DnsImage, ExchangeImage
from seppcheck.remediate.dns_world import DnsWorld
from seppcheck.remediate.exchange_world import ExchangeWorld, exchange_world
from seppcheck.remediate.worlds import World, Writable
from seppcheck.settings import Settings


class Worlds:
    """Returns the writer of an image. Clients are made late: importing and log-in cost time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._dns: DnsWorld | None = None
        self._exchange: ExchangeWorld | None = None

    def __call__(self, image: Writable) -> World:
        """Return who writes an image.

        Raises:
            WorldFault: when that writer cannot be set up, for a secret that is not there for instance.
        """
        return self._zones() if isinstance(image, DnsImage) else self._tenant()

    def refuse_without_rights(self, images: Iterable[Writable]) -> None:
        """See, before anything is changed, that all of these can be written: secrets, libraries, permissions.

        Raises:
            WorldFault: naming what is missing.
            UserError: as above, for what the configuration lacks.
        """
        listed = list(images)
        if names := [image.name for image in listed if isinstance(image, DnsImage)]:
            self._zones().prepare(names)
        if nouns := [image.type for image in listed if isinstance(image, ExchangeImage)]:
            self._tenant().refuse_without_rights(nouns)

    def _zones(self) -> DnsWorld:
        if self._dns is None:
            self._dns = DnsWorld(self._settings)
        return self._dns

    def _tenant(self) -> ExchangeWorld:
        if self._exchange is None:
            self._exchange = exchange_world(self._settings)
        return self._exchange

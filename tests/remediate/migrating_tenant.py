"""The lab's tenant and its writer: every write of a migration there and back, carried out as `apply` does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seppcheck.clients.exchange import lasting_exchange_client
from seppcheck.exchange.objects import normalised
from seppcheck.lab.exchange.service import ExchangeOnline
from seppcheck.lab.world import running
from seppcheck.model.changes import ExchangeImage
from seppcheck.planning.exchange_images import Noun, image_of, with_properties
from seppcheck.remediate.exchange_world import ExchangeWorld
from seppcheck.remediate.worlds import WorldFault
from seppcheck.scenarios.tenants import DOMAINS, GATEWAY, INBOUND, OUTBOUND, RULE, SENDER
from seppcheck.settings import Settings
from seppcheck.settings import file as settings_file

INLINE = " (INLINE)"
NOUNS = (Noun.OUTBOUND_CONNECTOR, Noun.INBOUND_CONNECTOR, Noun.TRANSPORT_RULE)
ITS_OWN = frozenset({"Guid", "ImmutableId", "WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC"})
"""What an object that was made anew has of its own."""

NEW_OUTBOUND = ExchangeImage(
    Noun.OUTBOUND_CONNECTOR,
    OUTBOUND + INLINE,
    {
        "Name": OUTBOUND + INLINE,
        "Enabled": True,
        "ConnectorType": "Partner",
        "ConnectorSource": "Default",
        "IsTransportRuleScoped": True,
        "UseMXRecord": False,
        "SmartHosts": [GATEWAY],
        "TlsSettings": "DomainValidation",
        "TlsDomain": GATEWAY,
        "CloudServicesMailEnabled": False,
        "ValidationRecipients": [f"postmaster@{DOMAINS[0]}"],
    },
)
NEW_INBOUND = ExchangeImage(
    Noun.INBOUND_CONNECTOR,
    INBOUND + INLINE,
    {
        "Name": INBOUND + INLINE,
        "Enabled": False,
        "ConnectorType": "Partner",
        "ConnectorSource": "Default",
        "SenderDomains": ["*"],
        "RequireTls": True,
        "RestrictDomainsToCertificate": True,
        "TlsSenderCertificateName": SENDER,
        "CloudServicesMailEnabled": False,
        "EFSkipLastIP": True,
    },
)
NEW_RULE = ExchangeImage(
    Noun.TRANSPORT_RULE,
    RULE,
    {
        "Name": RULE,
        "State": "Enabled",
        "Mode": "Enforce",
        "SetAuditSeverity": "Low",
        "SenderAddressLocation": "Header",
        "RuleErrorAction": "Ignore",
        "FromScope": "InOrganization",
        "SentToScope": "NotInOrganization",
        "SenderDomainIs": list(DOMAINS),
        "RouteMessageOutboundConnector": OUTBOUND + INLINE,
        "SetHeaderName": "X-SM-maildirection",
        "SetHeaderValue": "outbound",
        "ExceptIfSCLOver": 9,
        "Priority": 0,
    },
)

Step = tuple[ExchangeImage | None, ExchangeImage | None]


@dataclass
class MigratingTenant:
    """The tenant `exchange`, and who writes to it."""

    exchange: ExchangeOnline
    settings: Settings
    world: ExchangeWorld
    guids: dict[str, str] = field(default_factory=dict)
    """The Guids that objects made anew have now, by those that they had."""
    faults: list[WorldFault] = field(default_factory=list)

    def impatient(self, seconds: float) -> ExchangeWorld:
        """Return a writer that waits no longer than this for any one command."""
        return ExchangeWorld(lasting_exchange_client(self.settings, seconds))

    def images(self, noun: Noun) -> tuple[ExchangeImage, ...]:
        """Return what is there, in its order."""
        records = self.exchange.run(f"Get-{noun}")
        if noun is Noun.OUTBOUND_CONNECTOR:
            records += self.exchange.run(f"Get-{noun}", IncludeTestModeConnectors=True)
        return tuple(image_of(noun, normalised(record)) for record in records)

    def image(self, noun: Noun, name: str) -> ExchangeImage:
        """Return an object by its name."""
        (found,) = (each for each in self.images(noun) if each.name == name)
        return found

    def state(self) -> Mapping[str, list[dict[str, Any]]]:
        """Return all that the tenant holds, but for what an object made anew has of its own."""
        return {
            noun: [
                {name: value for name, value in record.items() if name not in ITS_OWN}
                for record in self.exchange.run(f"Get-{noun}")
            ]
            for noun in (*NOUNS, Noun.CONNECTION_FILTER)
        }

    def carry(self, before: ExchangeImage | None, after: ExchangeImage | None) -> None:
        """Carry a change out as `apply` does: written once more only when it surely has no effect."""
        meant = before or after
        assert meant is not None
        present = self.world.read(self.renewed(meant))
        for _ in range(4):
            try:
                self.world.write(present, after)
            except WorldFault as fault:
                self.faults.append(fault)
            if self._shows(present, after):
                self._note(before, after)
                return
            present = self.world.read(self.renewed(present or meant))
        raise AssertionError(self.faults)

    def renewed(self, image: ExchangeImage) -> ExchangeImage:
        """Return an image under the Guid that its object has now."""
        return replace(image, guid=self.guids.get(image.guid, image.guid))

    def _shows(self, present: ExchangeImage | None, after: ExchangeImage | None) -> bool:
        for _ in range(3):
            if self.world.unproven(present, after) is None:
                return True
            time.sleep(0.01)
        return False

    def _note(self, before: ExchangeImage | None, after: ExchangeImage | None) -> None:
        if before is None and after is not None:
            made = self.world.read(replace(after, guid=""))
            assert made is not None
            self.guids[after.guid or after.name] = made.guid

    def forwards(self) -> Iterator[Step]:
        """Yield every write of cutover and completion; each is read as it is when its turn comes."""
        parallel = {noun: self.images(noun) for noun in NOUNS}
        yield None, NEW_OUTBOUND
        yield None, NEW_INBOUND
        rule = self.image(Noun.TRANSPORT_RULE, RULE)
        yield rule, with_properties(rule, Name=f"{RULE} (parallel)")
        yield None, NEW_RULE
        for before in self.images(Noun.TRANSPORT_RULE)[1:]:
            yield before, with_properties(before, State="Disabled")
        inbound = self.image(Noun.INBOUND_CONNECTOR, NEW_INBOUND.name)
        yield inbound, with_properties(inbound, Enabled=True)
        for before in reversed(self.images(Noun.TRANSPORT_RULE)[1:]):
            yield before, None
        for noun in (Noun.OUTBOUND_CONNECTOR, Noun.INBOUND_CONNECTOR):
            for before in parallel[noun]:
                yield before, None

    def there_and_back(self, steps: Iterable[Step]) -> int:
        """Carry steps out, then their inverses in reverse; return how many writes that were."""
        done: list[Step] = []
        for before, after in steps:
            self.carry(before, after)
            done.append((before, after))
        for before, after in reversed(done):
            made = None if after is None else replace(after, guid=self.guids.get(after.guid or after.name, after.guid))
            self.carry(made, before)
        return 2 * len(done)


@contextmanager
def migrating_tenant(folder: Path, scenario: str = "parallel") -> Iterator[MigratingTenant]:
    """Run a lab, and write to its tenant."""
    with running(scenario, folder) as lab:
        assert lab.exchange is not None
        settings = settings_file.load(lab.settings)
        world = ExchangeWorld(lasting_exchange_client(settings), sleep=lambda _: None)
        yield MigratingTenant(lab.exchange, settings, world)
        world.close()

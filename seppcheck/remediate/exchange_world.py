"""Exchange Online as a world that is written to: through the same client and the same lists as the source.

Objects are changed and removed by Guid alone, found in the whole list: a Get- for a Guid that is not there gives every
object. Nothing is repeated here of which it is not clear whether it took effect. Making an object can take two commands
(Set- for what New- does not take): `write` from the half-made object to the image after finishes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from seppcheck.clients.exchange import ExchangeClient, lasting_exchange_client
from seppcheck.clients.exchange_answers import Record
from seppcheck.clients.exchange_faults import is_not_found
from seppcheck.clients.http import HttpFault
from seppcheck.exchange.cmdlets import QUERIES
from seppcheck.exchange.objects import merged, normalised
from seppcheck.model.changes import ExchangeImage
from seppcheck.model.evidence import Evidence
from seppcheck.model.exchange import (
    ConnectionFilterPolicies,
    ExchangeObject,
    InboundConnectors,
    OutboundConnectors,
    TransportRules,
)
from seppcheck.model.text import Message, text
from seppcheck.planning.exchange_commands import Command, alteration, cmdlets_of, completion, creation, removal
from seppcheck.planning.exchange_images import Noun, image_of
from seppcheck.remediate import exchange_words as words
from seppcheck.remediate.comparison import difference
from seppcheck.remediate.worlds import WorldFault, Writable
from seppcheck.settings import Settings

_LISTS: Mapping[Noun, type[Evidence]] = {
    Noun.INBOUND_CONNECTOR: InboundConnectors,
    Noun.OUTBOUND_CONNECTOR: OutboundConnectors,
    Noun.TRANSPORT_RULE: TransportRules,
    Noun.CONNECTION_FILTER: ConnectionFilterPolicies,
}
_ATTEMPTS = 8
"""How often an object that was just made is looked for by the command that completes it."""
_PAUSE = 1.0
"""Seconds in between."""


class ExchangeWorld:
    """The objects of one tenant. A `World`: it blocks, each call for a bounded time."""

    def __init__(self, client: ExchangeClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Prepare; nothing is asked yet.

        Args:
            client: one in which each command has its own time.
            sleep: how to wait.
        """
        self._client = client
        self._sleep = sleep

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def refuse_without_rights(self, nouns: Iterable[str]) -> None:
        """Refuse an app that may not call what changes objects of these sorts, before anything is changed.

        Where Exchange does not say what the app may call, nothing is refused: the first command will tell.

        Raises:
            WorldFault: naming the cmdlets that it may not call, or that there is no token.
        """
        try:
            may = self._client.exported_cmdlets()
        except HttpFault as fault:
            raise words.not_read(self._client.host, "EXOModuleFile", fault) from None
        wanted = [cmdlet for noun in dict.fromkeys(nouns) for cmdlet in cmdlets_of(noun)]
        missing = tuple(cmdlet for cmdlet in wanted if may is not None and cmdlet.lower() not in may)
        if missing:
            raise words.without_rights(self._client.host, missing)

    def read(self, image: Writable) -> ExchangeImage | None:
        """Return the object that an image means as it is now, by Guid where there is one, else by its name.

        Raises:
            WorldFault: when the list could not be had, or several objects bear the name.
        """
        wanted = _own(image)
        present = self._present(wanted.type)
        found = [one for one in present if (_same_guid(one, wanted) if wanted.guid else _same_name(one, wanted))]
        if len(found) > 1:
            raise words.not_unique(wanted, len(found))
        if found and not found[0].guid:
            raise words.without_guid(self._client.host, wanted)
        return found[0] if found else None

    def write(self, before: Writable | None, after: Writable | None) -> None:
        """Make, change or remove an object; each command is sent once.

        Raises:
            WorldFault: when Exchange refused, or it is unclear whether a command took effect.
            ValueError: for what this program never does, such as to remove a connection filter policy.
        """
        if after is None:
            if before is not None:
                self._remove(_own(before))
        elif before is None:
            self._make(_own(after))
        else:
            for command in alteration(_own(before), _own(after)):
                self._run(command, _own(before))

    def unproven(self, before: Writable | None, after: Writable | None) -> Message | None:
        """Return None when Exchange shows the state after, else what is missing.

        What was made is found by its name, for it has a Guid of its own now; what was changed by its Guid.

        Raises:
            WorldFault: when it could not be looked at.
        """
        if after is None:
            return words.still_there(_own(before)) if before and self.read(before) else None
        wanted = _own(after)
        meant = ExchangeImage(wanted.type, wanted.name, wanted.properties, _own(before).guid if before else "")
        found = self.read(meant)
        if found is None:
            other = self.read(ExchangeImage(wanted.type, wanted.name, {})) if meant.guid else None
            return words.another_bears_its_name(meant, other) if other else words.not_seen_yet(wanted)
        return difference(wanted, found)

    def _present(self, noun: str) -> tuple[ExchangeImage, ...]:
        sort = Noun(noun)
        answers: list[tuple[ExchangeObject, ...]] = []
        for query in QUERIES[_LISTS[sort]]:
            try:
                answers.append(tuple(map(normalised, self._client.invoke(query.cmdlet, query.arguments))))
            except HttpFault as fault:
                raise words.not_read(self._client.host, query.cmdlet, fault) from None
        return tuple(image_of(sort, entry) for entry in merged(answers))

    def _make(self, after: ExchangeImage) -> None:
        command = creation(after)
        if after.type == Noun.TRANSPORT_RULE and "Priority" in command.parameters:
            command = self._in_place(command)
        made = self._run(command, after)
        guid = str(made[0].get("Guid") or "") if made else ""
        for following in completion(after, guid or after.name):
            self._complete(following, after)

    def _in_place(self, command: Command) -> Command:
        """Put a rule at the end where there are fewer rules now than before its place."""
        last = len(self._present(Noun.TRANSPORT_RULE))
        wanted = int(str(command.parameters["Priority"]))
        return Command(command.cmdlet, {**command.parameters, "Priority": min(wanted, last)})

    def _complete(self, command: Command, after: ExchangeImage) -> None:
        """Set what New- does not take; a server may not know the object for some seconds, and then does nothing."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._client.invoke(command.cmdlet, command.parameters)
            except HttpFault as fault:
                if not (fault.undone and is_not_found(fault)) or attempt == _ATTEMPTS:
                    raise words.not_written(self._client.host, command.cmdlet, after, fault) from None
                self._sleep(_PAUSE)
            else:
                return

    def _remove(self, before: ExchangeImage) -> None:
        command = removal(before)
        try:
            self._client.invoke(command.cmdlet, command.parameters)
        except HttpFault as fault:
            if not is_not_found(fault):
                raise words.not_written(self._client.host, command.cmdlet, before, fault) from None

    def _run(self, command: Command, image: ExchangeImage) -> tuple[Record, ...]:
        try:
            return self._client.invoke(command.cmdlet, command.parameters)
        except HttpFault as fault:
            raise words.not_written(self._client.host, command.cmdlet, image, fault) from None


def exchange_world(settings: Settings) -> ExchangeWorld:
    """Return the writer of the tenant that the settings name.

    Raises:
        WorldFault: when they name none that can be written to, or a secret is missing.
    """
    try:
        return ExchangeWorld(lasting_exchange_client(settings))
    except HttpFault as fault:
        raise WorldFault(
            text("Exchange Online cannot be written to, and nothing was changed: {problem}", problem=fault.detail)
        ) from None


def _own(image: Writable) -> ExchangeImage:
    if not isinstance(image, ExchangeImage):
        raise TypeError(f"{type(image).__name__} is no image of Exchange's")
    return image


def _same_guid(one: ExchangeImage, other: ExchangeImage) -> bool:
    return bool(one.guid) and one.guid.lower() == other.guid.lower()


def _same_name(one: ExchangeImage, other: ExchangeImage) -> bool:
    return one.name.lower() == other.name.lower()

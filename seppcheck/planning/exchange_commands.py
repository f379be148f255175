"""The cmdlets that bring an object of Exchange from one image to another. Pure: nothing is run here.

What Exchange wants of them is in its reference (learn.microsoft.com/powershell/module/exchangepowershell). A rule's
conditions are cleared with null, and of a header and its words the header decides, which is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from seppcheck.model.changes import ExchangeImage
from seppcheck.planning.exchange_images import RULE_DEFAULTS, Noun, comparable, differences, is_unset

HASH_TABLE = "#Exchange.GenericHashTable"
"""How a PowerShell hash table is told apart in JSON."""
_PAIRS = (
    *(
        (f"{prefix}Header{kind}MessageHeader", f"{prefix}Header{kind}{what}")
        for prefix in ("", "ExceptIf")
        for kind, what in (("Contains", "Words"), ("Matches", "Patterns"))
    ),
    ("SetHeaderName", "SetHeaderValue"),
)
"""Properties of a rule that belong together; the first one decides."""
_SAID_ALTHOUGH_FALSE = frozenset({"Enabled", "UseMXRecord", "CloudServicesMailEnabled"})
"""New- is told these in any case; all else that is false, empty or null is so of itself."""
_OF_ITSELF: Mapping[str, object] = {"MtaStsMode": "Opportunistic", "SmtpDaneMode": "Opportunistic"}
_SET_ALONE = frozenset({"ValidationRecipients"})
"""What Set-OutboundConnector takes and New-OutboundConnector does not."""
_OTHER_NAMES = {"SenderNotificationType": "NotifySender"}
"""Parameters that Get-TransportRule shows under another name."""
_VERBS: Mapping[Noun, tuple[str, ...]] = {
    Noun.INBOUND_CONNECTOR: ("Get", "New", "Set", "Remove"),
    Noun.OUTBOUND_CONNECTOR: ("Get", "New", "Set", "Remove"),
    Noun.TRANSPORT_RULE: ("Get", "New", "Set", "Enable", "Disable", "Remove"),
    Noun.CONNECTION_FILTER: ("Get", "Set"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One cmdlet, and its parameters as InvokeCommand takes them."""

    cmdlet: str
    parameters: Mapping[str, object]


def cmdlets_of(noun: str) -> tuple[str, ...]:
    """Return the cmdlets that this program calls for objects of one sort."""
    return tuple(f"{verb}-{noun}" for verb in _VERBS[Noun(noun)])


def creation(after: ExchangeImage) -> Command:
    """Return the command that makes an object; `completion` sets what it cannot take.

    Raises:
        ValueError: for what this program does not make.
    """
    match Noun(after.type):
        case Noun.TRANSPORT_RULE:
            return Command("New-TransportRule", {"Name": after.name, **_new_rule(after)})
        case Noun.INBOUND_CONNECTOR | Noun.OUTBOUND_CONNECTOR:
            return Command(f"New-{after.type}", {"Name": after.name, **_new_connector(after)})
        case _:
            raise ValueError(f"a {after.type} is not made")


def _new_rule(after: ExchangeImage) -> Mapping[str, object]:
    given = {name: value for name, value in after.properties.items() if name not in ("Name", "State")}
    switched = comparable("State", after.properties.get("State")) is None
    return {**{_OTHER_NAMES.get(n, n): value for n, value in given.items() if not is_unset(value)}, "Enabled": switched}


def _new_connector(after: ExchangeImage) -> Mapping[str, object]:
    return {
        name: _stored(name, value)
        for name, value in after.properties.items()
        if name not in ("Name", *_SET_ALONE) and _has_to_be_said(name, value) and _is_taken(name, after.properties)
    }


def _has_to_be_said(name: str, value: object) -> bool:
    if is_unset(value):
        return value is False and name in _SAID_ALTHOUGH_FALSE
    return _OF_ITSELF.get(name) != value


def _is_taken(name: str, connector: Mapping[str, object]) -> bool:
    """Tell whether a connector of this type takes a parameter."""
    return name != "SenderRewritingEnabled" or comparable("", connector.get("ConnectorType")) != "partner"


def _stored(name: str, value: object) -> object:
    """Return a value as it is given: what the admin center made is made by default."""
    return "Default" if name == "ConnectorSource" and value == "AdminUI" else value


def completion(after: ExchangeImage, identity: str) -> tuple[Command, ...]:
    """Return the commands that an object needs right after it was made.

    Args:
        after: the image that it is to have.
        identity: its Guid, or its name where nothing else is known yet.
    """
    left = {n: v for n, v in after.properties.items() if n in _SET_ALONE and not is_unset(v)}
    return (Command(f"Set-{after.type}", {"Identity": identity, **left}),) if left else ()


def alteration(before: ExchangeImage, after: ExchangeImage) -> tuple[Command, ...]:
    """Return the commands that change an object, in an order in which none switches on what is not right yet.

    Args:
        before: as it was just read, with its Guid.
        after: as it is to be; what it does not hold of a connector stays.
    """
    identity = guid_of(before)
    changed = {name: value for name, value, _ in differences(after, before)}
    if before.type == Noun.CONNECTION_FILTER:
        return _set(before, identity, dict(_tables(before, after, changed)))
    if before.type != Noun.TRANSPORT_RULE:
        whole = {**before.properties, **after.properties}
        given = {name: _stored(name, value) for name, value in changed.items() if _is_taken(name, whole)}
        return _set(before, identity, given)
    if "State" not in changed:
        return _set(before, identity, _rule_changes(before, after, changed))
    del changed["State"]
    content = _set(before, identity, _rule_changes(before, after, changed))
    on = comparable("State", after.properties.get("State")) is None
    switch = Command(f"{'Enable' if on else 'Disable'}-TransportRule", {"Identity": identity, **_unasked(on=on)})
    return (*content, switch) if on else (switch, *content)


def _unasked(*, on: bool) -> Mapping[str, object]:
    """Return what keeps Disable- from asking; Enable- does not ask."""
    return {} if on else {"Confirm": False}


def _set(image: ExchangeImage, identity: str, given: Mapping[str, object]) -> tuple[Command, ...]:
    return (Command(f"Set-{image.type}", {"Identity": identity, **given}),) if given else ()


def _rule_changes(before: ExchangeImage, after: ExchangeImage, changed: Mapping[str, object]) -> Mapping[str, object]:
    given = {
        _OTHER_NAMES.get(name, name): _cleared(name, before.properties.get(name)) if is_unset(value) else value
        for name, value in changed.items()
    }
    for first, second in _PAIRS:
        if first not in changed and second not in changed:
            continue
        given.pop(second, None)
        given[first] = after.properties.get(first) or None
        if given[first] is not None:
            given[second] = after.properties.get(second)
    return given


def _cleared(name: str, present: object) -> object:
    """Return what takes a property away from a rule."""
    return False if present is True else RULE_DEFAULTS.get(name)


def _tables(
    before: ExchangeImage, after: ExchangeImage, changed: Mapping[str, object]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield what to add to lists and to remove from them: what else was added meanwhile stays."""
    for name in changed:
        old, new = _items(before.properties.get(name)), _items(after.properties.get(name))
        table: dict[str, object] = {"@odata.type": HASH_TABLE}
        if added := [item for item in new if item not in old]:
            table["Add"] = added
        if removed := [item for item in old if item not in new]:
            table["Remove"] = removed
        yield name, table


def _items(value: object) -> list[str]:
    return list(map(str, value)) if isinstance(value, (list, tuple)) else []


def removal(before: ExchangeImage) -> Command:
    """Return the command that removes an object, as it was just read.

    Raises:
        ValueError: for what this program does not remove.
    """
    if before.type == Noun.CONNECTION_FILTER:
        raise ValueError(f"a {before.type} is not removed")
    return Command(f"Remove-{Noun(before.type)}", {"Identity": guid_of(before), "Confirm": False})


def guid_of(image: ExchangeImage) -> str:
    """Return an object's Guid: what is changed or removed is named by nothing else.

    Raises:
        ValueError: when it has none.
    """
    return str(UUID(image.guid))

"""Have the extended field defined that the hold is switched with."""

from __future__ import annotations

from collections.abc import Sequence

from seppcheck.api import (
    ExtendedField,
    ExtendedFields,
    FactImage,
    Gateway,
    ManualStep,
    Message,
    Proposal,
    System,
    at_menu,
    remediation,
    steps_at,
    text,
)

_NAME = "disable_delivery"
_MENU = text("Mail Processing > Extended Fields")
_RIGHT = ExtendedField(_NAME, "boolean", "false", (), ())
_NOBODY = frozenset({"", "-"})
"""How a record says that nothing is assigned; the guide writes a dash."""


@remediation("extended-field", kind="manual", phases=["readiness", "cutover"])
def define_the_field(gateway: Gateway, fields: ExtendedFields) -> Proposal:
    """Have it created or corrected; other fields stay as they are."""
    found = [each for each in fields.fields if each.name.strip().casefold() == _NAME]
    if [_plain(each) for each in found] == [_RIGHT]:
        return []
    others = tuple(each for each in fields.fields if each not in found)
    return [
        ManualStep(
            summary=text("Define the extended field {name}", name=_NAME),
            why=text("the custom command holds mail back by it: without the field nothing can be held back"),
            system=System.GATEWAY,
            steps=steps_at(
                _MENU,
                *_entries(found),
                check="extended-field",
                shown=text("yes: boolean, false, nobody assigned"),
            ),
            before=FactImage(ExtendedFields.kind, gateway, {"fields": fields.fields}),
            after=FactImage(ExtendedFields.kind, gateway, {"fields": (*others, _RIGHT)}),
            undo=at_menu(_MENU, *_entries_back(found)),
        )
    ]


def _plain(field: ExtendedField) -> ExtendedField:
    """Return a field as it is compared: words of type and default in small letters, nobody as an empty list."""
    kind, default = (None if word is None else word.strip().casefold() for word in (field.type, field.default))
    assigned = (None if each is None else tuple(a for a in each if a not in _NOBODY) for each in _assigned(field))
    return ExtendedField(field.name, kind, default, *assigned)


def _assigned(field: ExtendedField) -> tuple[tuple[str, ...] | None, ...]:
    return field.tenants, field.managed_domains


def _entries(found: Sequence[ExtendedField]) -> tuple[Message, ...]:
    first = text("Create a field.") if not found else text("Keep one field {name}, and correct it.", name=_NAME)
    return (
        first,
        text("Name: {name}", name=_NAME),
        text("Type: boolean"),
        text("Default value: false"),
        text("Assigned tenants: none"),
        text("Assigned managed domains: none"),
    )


def _entries_back(found: Sequence[ExtendedField]) -> tuple[Message, ...]:
    if not found:
        return (text("Delete the field {name}.", name=_NAME),)
    return tuple(
        text(
            "Name: {name}; type: {type}; default value: {default}; assigned tenants: {tenants}; assigned managed "
            "domains: {domains}",
            name=each.name,
            type=each.type,
            default=each.default,
            tenants=each.tenants or "-",
            domains=each.managed_domains or "-",
        )
        for each in found
    )
